"""A plain recount of the book in Python: reads the rows as they were kept and shares nothing with the folds or the figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from django.db import connection

CHINA = timezone(timedelta(hours=8))
SETTLING = {"seen", "phone", "away", "vacant", "moved", "shut"}


@dataclass
class Visit:
    id: UUID
    place: UUID
    at: datetime
    outcome: str


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _read(payload: Any) -> dict[str, Any]:
    return payload if isinstance(payload, dict) else json.loads(payload)


def visits() -> list[Visit]:
    """Every visit as it stands: the last correction by its own time holds, withdrawn ones are gone."""
    rows = _rows("select id, kind, place, effective_at, corrects, payload from ledger_record order by effective_at, id")
    standing = {row[0]: Visit(row[0], row[2], row[3], _read(row[5])["outcome"]) for row in rows if row[1] == "visit"}
    for _, kind, _, _, corrects, payload in rows:
        if kind != "correction" or corrects not in standing:
            continue
        said = _read(payload)
        if said["action"] == "withdraw":
            standing[corrects].outcome = ""
        else:
            standing[corrects].outcome = (said["to"] or {"outcome": standing[corrects].outcome})["outcome"]
    return [visit for visit in standing.values() if visit.outcome]


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    begins = datetime(first.year, first.month, first.day, tzinfo=CHINA)
    ends = datetime(last.year, last.month, last.day, tzinfo=CHINA) + timedelta(days=1)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def recount(lo: int, hi: int, first: date, last: date) -> dict[str, int]:
    """The numbers of the doors of a range of positions and a period."""
    begins, ends = bounds(first, last)
    doors = {row[0] for row in _rows(f"select id from places_place where level = 'door' and valid_to is null and lo >= {lo} and lo < {hi}")}
    within = [visit for visit in visits() if visit.place in doors and begins <= visit.at < ends]
    last_of: dict[UUID, Visit] = {}
    for visit in sorted((visit for visit in visits() if visit.place in doors and visit.at < ends), key=lambda visit: (visit.at, visit.id)):
        last_of[visit.place] = visit
    settled = [visit for visit in last_of.values() if visit.outcome in SETTLING]
    return {
        "doors": len(doors),
        "visits": len(within),
        "doors_visited": len({visit.place for visit in within}),
        "doors_settled": len(settled),
        "doors_newly_settled": sum(visit.at >= begins for visit in settled),
        "doors_open": len(doors) - len(settled),
        "doors_never": len(doors) - len(last_of),
        **{
            f"doors_{outcome}": sum(visit.outcome == outcome for visit in last_of.values())
            for outcome in (*SETTLING, "lit", "dark", "refused", "check")
        },
    }
