"""What holds at a door, counted the slow way: door by door, order by order, step by step up the tree. Shares nothing with the product."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

import lianfang

FOLDER = Path(lianfang.__file__).parent / "ground" / "incidents" / "rule_sets"


def _rows(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@cache
def _meaning(rules: str, key: str) -> list[dict]:
    single = {one["key"]: one for one in json.loads((FOLDER / "measures.json").read_text())["measures"]}
    if rules:
        for zone in json.loads((FOLDER / f"{rules}.json").read_text())["zones"]:
            if zone["key"] == key:
                return [{"aspect": "zone", **zone}, *(single[other] for other in zone["implies"])]
    return [single[key]]


@cache
def _ends(measure: UUID) -> datetime:
    """When a measure ends, read off its orders."""
    ends = None
    for step, at, until in _rows("select step, at, expires_at from incidents_measuredecision where measure_id = %s order by id", measure):
        if step in ("raised", "renewed"):
            ends = until
        if step == "lifted":
            ends = min(ends, at)
    return ends


@cache
def above(door: UUID) -> set[UUID]:
    """A door and everything it lies in."""
    found, here = set(), door
    while here is not None:
        found.add(here)
        here = _rows("select parent_id from places_place where id = %s", here)[0][0]
    return found


def inside(area: UUID, around: set[UUID], day: date) -> bool:
    """Whether an area takes in one of these on a day and leaves out none."""
    members = _rows("select place_id, excluded, valid_from, valid_to from places_areamember where area_id = %s", area)
    holding = [(place, out) for place, out, begins, ends in members if begins <= day and (ends is None or day < ends)]
    return any(p in around and not out for p, out in holding) and not any(p in around and out for p, out in holding)


def holding(door: UUID, at: datetime, drill: UUID | None = None) -> dict[str, tuple[str, UUID]]:
    """For each respect the key and measure that hold at a door."""
    day, around = at.astimezone(ZoneInfo("Asia/Shanghai")).date(), above(door)
    best: dict[str, tuple[int, float, int, str, UUID]] = {}
    for measure, rules, key, place, area, begins, incident, practised in _rows(
        "select m.id, m.rule_set, m.key, m.place_id, m.area_id, m.begins_at, i.id, i.drill "
        "from incidents_measure m join incidents_incident i on i.id = m.incident_id"
    ):
        if (practised or drill) and incident != drill:
            continue
        if not begins <= at < _ends(measure):
            continue
        if not (place in around if place else inside(area, around, day)):
            continue
        for one in _meaning(rules, key):
            rank = (one["rank"], -begins.timestamp(), -measure.int, one["key"], measure)
            if one["aspect"] not in best or rank > best[one["aspect"]]:
                best[one["aspect"]] = rank
    return {aspect: (rank[3], rank[4]) for aspect, rank in best.items()}
