"""Rounds: which there are, and what they reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.places import queries as places
from lianfang.kernel import clock, db
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, PlaceId, RoundId
from lianfang.kernel.ranges import Range, intersect, merged, subtract
from lianfang.ledger.types import REAL
from lianfang.work.rounds.models import Earlier, Round
from lianfang.work.rounds.types import RoundNotFound, RoundSeen

# What rounds hold today: the present positions of what they take in less what they leave out.
_REACH_TODAY = """
select m.round_id, p.lo, p.hi, m.excluded from rounds_member m join places_place p on p.id = m.place_id
where m.round_id = any(%s::uuid[]) and p.valid_to is null
"""
_MEETING = """
id in (
    select h.round from rounds_reach h join unnest(%s::bigint[], %s::bigint[]) w(lo, hi) on h.lo < w.hi and h.hi > w.lo where not h.excluded
)"""


def seen(row: Round, *, taking_in: bool | None = None) -> RoundSeen:
    """A row as it crosses the border; whether its earlier visits are being taken in is asked where it is not said."""
    return RoundSeen(
        id=RoundId(row.id), series=row.series, number=row.number, name=row.name, form=row.form,
        place_id=None if row.place_id is None else PlaceId(row.place_id), area_id=None if row.area_id is None else AreaId(row.area_id),
        home_id=PlaceId(row.home_id), incident=None if row.incident is None else IncidentId(row.incident), stream=row.stream,
        legal_basis=row.legal_basis, purpose=row.purpose, opens_at=row.opens_at, closes_at=row.closes_at, ends_at=row.ends_at,
        repeat_days=row.repeat_days, closed_at=row.closed_at, frozen_at=row.frozen_at,
        opened_by=None if row.opened_by is None else AccountId(row.opened_by), first_closes_at=row.first_closes_at,
        taking_in=hasattr(row, "earlier") if taking_in is None else taking_in, withdrawn_at=row.withdrawn_at,
    )  # fmt: skip


def _meeting(ranges: Sequence[Range], conditions: Mapping[str, Any], limit: int | None = None) -> list[RoundSeen]:
    """Rounds that reach into the ranges and meet conditions in SQL, each with its value, the latest opened first."""
    values = [[piece.lo for piece in ranges], [piece.hi for piece in ranges], *conditions.values(), limit]
    found = db.read(Round, f"{' and '.join([_MEETING, *conditions])} order by opens_at desc, id desc limit %s", values)
    taking_in = {row.pk for row in db.read(Earlier, "round_id = any(%s)", [[row.id for row in found]])} if found else set()
    return [seen(row, taking_in=row.id in taking_in) for row in found]


def rounds(
    ranges: Sequence[Range], *, open_only: bool = False, drills: bool = False, withdrawn: bool = False, limit: int = 100
) -> list[RoundSeen]:
    """Rounds that reach into the ranges, the latest opened first; `drills` adds those that only practise, `withdrawn` those taken back."""
    now = clock.now()
    conditions: dict[str, Any] = {} if withdrawn else {"(withdrawn_at is null) = %s": True}
    if not drills:
        conditions["stream = %s"] = REAL
    if open_only:
        conditions |= {"opens_at <= %s": now, "ends_at > %s": now}
    return _meeting(ranges, conditions, limit)


def rounds_between(ranges: Sequence[Range], begins: datetime, ends: datetime) -> list[RoundSeen]:
    """Real rounds that reach into the ranges and were in progress at any moment of a time, the latest opened first."""
    return _meeting(ranges, {"(withdrawn_at is null) = %s": True, "stream = %s": REAL, "opens_at < %s": ends, "ends_at > %s": begins})


def one(round_id: RoundId) -> RoundSeen:
    """One round. Raises RoundNotFound. Whether the reader may know of it is asked by `reach`: it must meet what they see."""
    row = Round.objects.select_related("earlier").filter(pk=round_id).first()
    if row is None:
        raise RoundNotFound
    return seen(row)


def in_series(series: UUID) -> list[RoundSeen]:
    """The rounds of one order, the first first."""
    return [seen(row) for row in Round.objects.select_related("earlier").filter(series=series).order_by("number")]


def reach(round_id: RoundId) -> list[Range]:
    """The positions that a round reaches today."""
    return reach_each([round_id])[round_id]


def reach_each(round_ids: Sequence[RoundId]) -> dict[RoundId, list[Range]]:
    """The same for several rounds in one query."""
    held: dict[RoundId, tuple[list[Range], list[Range]]] = {round_id: ([], []) for round_id in round_ids}
    with connection.cursor() as cursor:
        cursor.execute(_REACH_TODAY, [list(round_ids)])
        for round_id, lo, hi, excluded in cursor.fetchall():
            held[RoundId(round_id)][excluded].append(Range(lo, hi))
    return {round_id: subtract(merged(taken), merged(left)) for round_id, (taken, left) in held.items()}


def share_taken_in(round_id: RoundId) -> float:
    """How much of what a round reaches has had its earlier visits taken in: its doors up to there out of all, 0 to 1."""
    row = Earlier.objects.filter(round_id=round_id).first()
    reached = reach(round_id)
    doors = places.door_counts([*reached]).doors
    if row is None or not doors:
        return 1.0
    return places.door_counts(intersect(reached, [Range(0, max(row.upto, 0) + 1)])).doors / doors


def reach_within(round_id: RoundId, ranges: Sequence[Range]) -> list[Range]:
    """What of some ranges a round reaches. Raises RoundNotFound where it is nothing: such a round is none of the reader's business."""
    found = intersect(reach(round_id), merged(ranges))
    if not found:
        raise RoundNotFound
    return found
