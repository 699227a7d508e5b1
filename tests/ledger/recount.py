"""A plain recount of everything that is folded, in Python, from the rows of the book.

It shares nothing with the folds: no SQL but `select *`, no rule imported. What it says is what the tables must say.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

CHINA = timezone(timedelta(hours=8))
SETTLED = {"seen", "phone", "away", "vacant", "moved", "shut"}
NOTHING = UUID(int=0)


@dataclass(frozen=True)
class Address:
    """Where a door lies, as the test knows it: its number, building and community with their first numbers and lengths."""

    number: int
    building: UUID
    building_lo: int
    building_span: int
    community: UUID
    community_lo: int
    community_span: int


def table(name: str) -> list[dict[str, Any]]:
    """All rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {name}")
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        if isinstance(row.get("payload"), str):
            row["payload"] = json.loads(row["payload"])
    return rows


def standing() -> list[dict[str, Any]]:
    """Roots with what their last correction says, withdrawn ones left out."""
    rows, drills = table("ledger_record"), {book["id"]: book["drill"] for book in table("ledger_book")}
    corrections = defaultdict(list)
    for row in rows:
        if row["kind"] == "correction":
            corrections[row["corrects"]].append(row)
    found = []
    for row in rows:
        if row["kind"] == "correction":
            continue
        root = dict(row, stream=row["incident"] if drills[row["book"]] else NOTHING, when=row["effective_at"])
        theirs = [c for c in corrections[row["id"]] if c["place"] == row["place"] and c["payload"]["kind"] == row["kind"]]
        if theirs:
            last = max(theirs, key=lambda c: (c["effective_at"], c["id"].bytes))
            if last["payload"]["action"] == "withdraw":
                continue
            if last["payload"]["to"] is not None:
                root["payload"] = last["payload"]["to"]
            if last["payload"]["at"] is not None:
                root["when"] = min(datetime.fromisoformat(last["payload"]["at"]), last["recorded_at"])
        found.append(root)
    return found


def doors(addresses: Mapping[UUID, Address]) -> dict[Any, Any]:
    """What rounds_doorstate must hold."""
    visits = defaultdict(list)
    for row in standing():
        if row["kind"] == "visit":
            visits[row["stream"], row["place"]].append(row)
    states = {}
    for key, theirs in visits.items():
        theirs.sort(key=lambda v: (v["when"], v["id"].bytes))
        tries = 0
        for visit in theirs:
            tries = 0 if visit["payload"]["outcome"] in SETTLED else tries + 1
        last = theirs[-1]
        states[key] = {
            "position": addresses[key[1]].number,
            "outcome": last["payload"]["outcome"],
            "settled": last["payload"]["outcome"] in SETTLED,
            "effective_at": last["when"],
            "record": last["id"],
            "tries": tries,
            "people_seen": last["payload"]["people_seen"],
            "visits": len(theirs),
        }
    return states


def door_tallies(addresses: Mapping[UUID, Address]) -> dict[Any, Any]:
    """What rounds_doortally must hold."""
    counted: Counter[Any] = Counter()
    for (stream, place), state in doors(addresses).items():
        where = addresses[place]
        counted[stream, where.building, state["outcome"], where.building_lo, where.building_span, state["settled"]] += 1
    return {key[:3]: {"position": key[3], "span": key[4], "settled": key[5], "doors": count} for key, count in counted.items()}


def visit_tallies(addresses: Mapping[UUID, Address], *, of_community: bool) -> dict[Any, Any]:
    """What rounds_visittally, or by communities rounds_visitday, must hold."""
    counted: Counter[Any] = Counter()
    for row in standing():
        if row["kind"] != "visit":
            continue
        where, begins = addresses[row["place"]], row["when"].astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        inside = (
            (where.community_lo, where.community_span, where.community)
            if of_community
            else (where.building_lo, where.building_span, where.building)
        )
        counted[row["book"], begins, row["payload"]["outcome"], *inside] += 1
    return {
        (book, lo, begins, outcome): {"span": span, "place": place, "visits": count}
        for (book, begins, outcome, lo, span, place), count in counted.items()
    }


def door_days(addresses: Mapping[UUID, Address]) -> dict[Any, Any]:
    """What rounds_doorday must hold."""
    days: dict[Any, set[date]] = defaultdict(set)
    for row in standing():
        if row["kind"] == "visit":
            days[row["stream"], row["place"]].add(row["when"].astimezone(CHINA).date())
    counted: Counter[Any] = Counter()
    for (stream, place), visited in days.items():
        for previous, day in pairwise([date.min, *sorted(visited)]):
            counted[stream, addresses[place].community_lo, day, previous, addresses[place].community] += 1
    spans = {one.community: one.community_span for one in addresses.values()}
    return {key[:4]: {"span": spans[key[4]], "place": key[4], "doors": doors} for key, doors in counted.items()}


def doors_visited(first: date, last: date) -> int:
    """Distinct doors with a real visit in days."""
    visits = [row for row in standing() if row["kind"] == "visit" and row["stream"] == NOTHING]
    return len({row["place"] for row in visits if first <= row["when"].astimezone(CHINA).date() <= last})


def matters(numbers: Mapping[UUID, int]) -> dict[Any, Any]:
    """What matters_matter must hold."""
    rows = standing()
    found = {}
    for row in rows:
        if row["kind"] != "matter_raised":
            continue
        said = row["payload"]
        settled = [
            other
            for other in rows
            if other["kind"] == "matter_settled"
            and other["subject"] == row["id"]
            and other["place"] == row["place"]
            and other["stream"] == row["stream"]
        ]
        last = max(settled, key=lambda s: (s["when"], s["id"].bytes), default=None)
        found[row["id"]] = {
            "stream": row["stream"], "book": row["book"], "place": row["place"], "position": numbers[row["place"]], "about": said["about"],
            "urgent": said["urgent"], "raised_at": row["when"], "raised_by": row["actor"],
            "owner": UUID(said["owner"]) if said["owner"] else None, "due_at": datetime.fromisoformat(said["due_at"]),
            "cause": UUID(said["cause"]) if said["cause"] else None, "subject": row["subject"],
            "settled_at": last and last["when"], "settled_by": last and last["actor"],
            "settlement": last and last["payload"]["settlement"], "settling_record": last and last["id"],
        }  # fmt: skip
    return found


def presence() -> dict[Any, Any]:
    """What mobilisation_presence must hold."""
    said = defaultdict(list)
    for row in standing():
        if row["kind"] == "presence":
            said[row["stream"], row["subject"] or row["actor"]].append(row)
    spells = {}
    for theirs in said.values():
        theirs.sort(key=lambda p: (p["when"], p["id"].bytes))
        for one, following in zip(theirs, [*theirs[1:], None], strict=True):
            if one["payload"]["duty"] == "on":
                spells[one["id"]] = {
                    "stream": one["stream"], "book": one["book"], "actor": one["subject"] or one["actor"], "place": one["place"], "position": one["position"],
                    "post": UUID(one["payload"]["post"]) if one["payload"].get("post") else None, "began_at": one["when"], "ended_at": following and following["when"], "ended_by": following and following["id"],
                }  # fmt: skip
    return spells


def held(name: str, *keys: str) -> dict[Any, Any]:
    """What a table holds, by its key."""
    rows = {}
    for row in table(name):
        key = tuple(row.pop(column) for column in keys)
        rows[key if len(key) > 1 else key[0]] = row
    return rows


def differences(addresses: Mapping[UUID, Address], numbers: Mapping[UUID, int]) -> dict[str, Any]:
    """Tables that do not say what the recount says; empty when all do."""
    pairs = {
        "doorstate": (doors(addresses), held("rounds_doorstate", "stream", "place")),
        "doortally": (door_tallies(addresses), held("rounds_doortally", "stream", "building", "outcome")),
        "visittally": (visit_tallies(addresses, of_community=False), held("rounds_visittally", "book", "position", "begins", "outcome")),
        "visitday": (visit_tallies(addresses, of_community=True), held("rounds_visitday", "book", "position", "begins", "outcome")),
        "doorday": (door_days(addresses), held("rounds_doorday", "stream", "position", "day", "previous")),
        "matters": (matters(numbers), held("matters_matter", "id")),
        "presence": (presence(), held("mobilisation_presence", "record")),
    }
    return {name: {"expected": right, "held": there} for name, (right, there) in pairs.items() if right != there}
