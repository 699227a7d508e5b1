"""Reads of calls: how one stands, who was called, whom a telephone tree lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.ground.places.queries.past_doors import columns_each
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId, PersonId, PlaceId
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside
from lianfang.ledger.queries import books_of
from lianfang.work.mobilisation.models import Call, Dispatch, Force, Summons
from lianfang.work.mobilisation.queries.forces import on
from lianfang.work.mobilisation.types import Answer, Asked, CallNotFound, CallSeen, Sending, SummonsSeen

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

_STEPS = 5
_MINUTES = """
select w.no, count(*), count(c.enough_at), coalesce(max(ceil(extract(epoch from c.enough_at - c.called_at) / 60)), 0)
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join mobilisation_call c on c.position >= w.lo and c.position < w.hi and not c.test and c.called_at >= %(begins)s and c.called_at < %(ends)s
group by 1
"""
_COULD_COME = """
select w.no, count(*)
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join mobilisation_force f on f.position >= w.lo and f.position < w.hi
where f.valid_from <= %(day)s and (f.valid_to is null or f.valid_to > %(day)s) and f.able & %(able)s = %(able)s
  and (%(organisation)s::uuid is null or f.organisation = %(organisation)s::uuid) and f.near_lo <= %(position)s and f.near_hi > %(position)s
  and not exists (select from mobilisation_summons s where s.call_id = %(call)s and s.force_id = f.id)
group by 1
"""


def call(call_id: UUID) -> CallSeen:
    """One call; raises CallNotFound."""
    row = Call.objects.filter(pk=call_id).first()
    if row is None:
        raise CallNotFound
    return _seen([row])[0]


def calls(ranges: Sequence[Range], limit: int = 20) -> list[CallSeen]:
    """Calls to places in the ranges, the latest first."""
    return _seen(list(Call.objects.filter(inside(ranges)).order_by("-called_at")[:limit]))


def calls_of(incident: IncidentId, also: Sequence[UUID] = ()) -> list[CallSeen]:
    """Calls of an incident that are not over, the earliest first; `also` are those of a drill, whose book is that of a month."""
    rows = Call.objects.filter(Q(book__in=books_of(incident)) | Q(pk__in=list(also)), closed_at=None)
    return _seen(list(rows.order_by("called_at", "id")))


def _seen(rows: Sequence[Call]) -> list[CallSeen]:
    """All calls with their answers and messages, counted together."""
    answers = Summons.objects.filter(call__in=rows).values_list("call", "answer").annotate(many=Count("id")).order_by()
    messages = Dispatch.objects.filter(summons__call__in=rows).values_list("summons__call", "state").annotate(many=Count("id")).order_by()
    told: dict[UUID, dict[str | None, int]] = {row.id: {} for row in rows}
    sent: dict[UUID, dict[str, int]] = {row.id: {} for row in rows}
    for call_id, answer, many in answers:
        told[call_id][answer] = many
    for call_id, state, many in messages:
        sent[call_id][state] = many
    return [_one(row, told[row.id], sent[row.id]) for row in rows]


def _one(row: Call, told: dict[str | None, int], sent: dict[str, int]) -> CallSeen:
    minutes = (row.enough_at - row.called_at).total_seconds() / 60 if row.enough_at else None
    return CallSeen(
        row.id, PlaceId(row.place), row.position, row.words, row.wanted, row.test, row.wave, row.called_at, row.closed_at, sum(told.values()),
        {answer: told[answer.value] for answer in Answer if told.get(answer.value)}, sent.get(Sending.SENT, 0), sent.get(Sending.WAITING, 0),
        sent.get(Sending.NO_NUMBER, 0) + sent.get(Sending.GIVEN_UP, 0), minutes,
    )  # fmt: skip


def called(call_id: UUID, *, after: int = 0, limit: int = 200) -> list[SummonsSeen]:
    """Who was called, in that order, masked; `after` skips so many."""
    rows = list(Summons.objects.filter(call_id=call_id).order_by("wave", "id")[after : after + limit])
    names = people.names_masked(PersonId(row.person) for row in rows)
    sending = dict(Dispatch.objects.filter(summons__in=rows).order_by("state").values_list("summons", "state"))
    return [
        SummonsSeen(
            row.id, row.force_id, names.get(PersonId(row.person), ""), row.wave, Answer(row.answer) if row.answer else None, row.answered_at,
            Sending(sending[row.id]) if row.id in sending else None,
        )
        for row in rows
    ]  # fmt: skip


def of_link(summons_id: UUID) -> Asked:
    """What somebody was asked and answered; raises CallNotFound, also when they have left the pool."""
    row = Summons.objects.filter(pk=summons_id).first()
    if row is None:
        raise CallNotFound
    return Asked(row.call_id, Answer(row.answer) if row.answer else None)


def reach_of(able: int, organisation: UUID | None, forces: Sequence[UUID], place: Place) -> list[tuple[Place, int]]:
    """How many could be called to a place today: from the place itself, then with each step up the tree (waves to the neighbours)."""
    steps = [place, *reversed(places.ancestors(place))][:_STEPS]
    today = clock.today()
    counts = []
    for step in steps:
        rows = Force.objects.filter(on(today), position__gte=step.lo, position__lt=step.hi, near_lo__lte=place.lo, near_hi__gt=place.lo)
        if able:
            rows = rows.extra(where=["able & %s = %s"], params=[able, able])
        if organisation:
            rows = rows.filter(organisation=organisation)
        if forces and step is place:
            rows = rows.filter(pk__in=list(forces))
        counts.append((step, rows.count()))
    return counts


def could_come(call_id: UUID) -> list[tuple[Place, int]]:
    """Where more people could come from: at each step up the tree how many fit, are free to come there, and were not called yet."""
    row = Call.objects.get(pk=call_id)
    steps = [*reversed(places.ancestors(places.place(PlaceId(row.place))))]
    facts: dict[str, Any] = {
        "no": list(range(len(steps))), "lo": [step.lo for step in steps], "hi": [step.hi for step in steps], "call": row.id,
        "day": clock.today(), "able": row.able, "organisation": row.organisation, "position": row.position,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COULD_COME, facts)
        counts = dict(cursor.fetchall())
    found, before = [], 0
    for number, step in enumerate(steps):
        more = counts.get(number, 0) - before
        before += more
        if more:
            found.append((step, more))
    return found


def minutes_each(many: Sequence[Sequence[Range]], begins: datetime, ends: datetime) -> list[tuple[int, int, int]]:
    """Of calls to places in each list of ranges, begun in a time: how many, how many had enough people there, and the most minutes that took."""
    with connection.cursor() as cursor:
        cursor.execute(_MINUTES, {**columns_each(many), "begins": begins, "ends": ends})
        found = {number: (calls, enough, int(minutes)) for number, calls, enough, minutes in cursor.fetchall()}
    return [found.get(number, (0, 0, 0)) for number in range(len(many))]


def calls_begun(ranges: Sequence[Range], begins: datetime, ends: datetime, *, after: int = 0, limit: int = 200) -> list[CallSeen]:
    """Calls to places in the ranges begun in a time, in that order; tests of communication are none."""
    rows = Call.objects.filter(inside(ranges), test=False, called_at__gte=begins, called_at__lt=ends).order_by("called_at", "id")
    return _seen(list(rows[after : after + limit]))


def is_called(call_id: UUID, summons: str) -> bool:
    """Whether this is somebody whom this call called."""
    try:
        return Summons.objects.filter(pk=UUID(summons), call_id=call_id).exists()
    except ValueError:
        return False
