"""Attendance (到岗情况): who was on duty where, on which day, of which organisation. Facts, in the order of places and days; nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.people import queries as people
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, OrganisationId, PersonId, PlaceId, RecordId
from lianfang.kernel.ranges import Range, merged
from lianfang.ledger.types import REAL
from lianfang.work.mobilisation.models import Assignment, Force, Presence
from lianfang.work.mobilisation.types import Attended, Sent, Spell, SpellNotFound

# The part of each spell that lies in the time asked about; one that goes on lasts until now.
_SPELLS = """
with asked as (
    select lo, hi from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) a(lo, hi)
), told as (
    select s.actor, s.place, s.post, s.position, greatest(s.began_at, %(begins)s) as began,
           least(coalesce(s.ended_at, %(now)s), %(ends)s) as ended
    from asked join mobilisation_presence s on s.position >= asked.lo and s.position < asked.hi
    where s.stream = %(stream)s and s.began_at < %(ends)s and (s.ended_at is null or s.ended_at > %(begins)s) and s.began_at <= %(now)s
)
"""
_COUNTED = "count(distinct actor), count(*), coalesce(sum(extract(epoch from ended - began)) / 60, 0)::bigint"
_BY_DAY = f"""{_SPELLS}
select day, count(distinct actor), count(*), coalesce(sum(extract(epoch from least(ended, hi) - greatest(began, lo))) / 60, 0)::bigint
from unnest(%(days)s::date[], %(day_lo)s::timestamptz[], %(day_hi)s::timestamptz[]) d(day, lo, hi)
join told on began < hi and (ended > lo or began >= lo)
group by day order by day
"""
_BY_PLACE = f"{_SPELLS} select place, post, {_COUNTED} from told group by place, post, position order by position, post nulls first"
_BY_ACTOR = f"{_SPELLS} select actor, {_COUNTED} from told group by actor"


def attended_by_day(ranges: Sequence[Range], first: date, last: date) -> list[tuple[date, Attended]]:
    """How many were on duty on each day, how often, for how long; days without anybody are left out."""
    return [(row[0], Attended(*row[1:])) for row in _rows(_BY_DAY, ranges, first, last)]


def attended_by_place(ranges: Sequence[Range], first: date, last: date) -> list[tuple[PlaceId, UUID | None, Attended]]:
    """The same for each place and post there, by place."""
    return [(PlaceId(row[0]), row[1], Attended(*row[2:])) for row in _rows(_BY_PLACE, ranges, first, last)]


def attended_by_organisation(ranges: Sequence[Range], first: date, last: date) -> list[tuple[OrganisationId | None, Attended]]:
    """The same for each organisation: the one that released somebody, else the one they belong to at home; None: neither is known here."""
    counted = {AccountId(row[0]): row[2:] for row in _rows(_BY_ACTOR, ranges, first, last)}
    whose = organisations_of(counted, last)
    found: dict[OrganisationId | None, list[int]] = {}
    for actor, (spells, minutes) in counted.items():
        sums = found.setdefault(whose.get(actor), [0, 0, 0])
        sums[0], sums[1], sums[2] = sums[0] + 1, sums[1] + spells, sums[2] + minutes
    return [(one, Attended(*sums)) for one, sums in found.items()]


def organisations_of(account_ids: Sequence[AccountId] | Mapping[AccountId, Any], on: date) -> dict[AccountId, OrganisationId]:
    """Which organisation people on duty are of on a day, as far as it is seen here."""
    persons = accounts.persons_of(account_ids) | {one: PersonId(one) for one in set(account_ids) - accounts.known(list(account_ids))}
    released = dict(
        Force.objects.filter(person__in=set(persons.values()), organisation__isnull=False, valid_from__lte=on)
        .exclude(valid_to__lte=on)
        .values_list("person", "organisation")
    )
    at_home = organisations.homes_of(persons.values(), on)
    found = {account: released.get(person) or at_home.get(person) for account, person in persons.items()}
    return {account: OrganisationId(one) for account, one in found.items() if one}


def _rows(sql: str, ranges: Sequence[Range], first: date, last: date) -> list[tuple[Any, ...]]:
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    bounds = [clock.day_bounds(day) for day in days]
    pieces = merged(ranges)
    facts: dict[str, Any] = {
        "lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces], "begins": bounds[0][0], "ends": bounds[-1][1],
        "now": clock.now(), "stream": REAL, "days": days, "day_lo": [one[0] for one in bounds], "day_hi": [one[1] for one in bounds],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        return list(cursor.fetchall())


def spell(record_id: UUID) -> Spell:
    """One spell of duty, by the record that began it. Raises SpellNotFound."""
    row = Presence.objects.filter(pk=record_id).first()
    if row is None:
        raise SpellNotFound
    return spell_of(row)


def names_on_duty(spells: Iterable[Spell]) -> dict[AccountId, str]:
    """Who they are: by the name of the account, or masked where somebody without one was typed in from paper."""
    ids = {one.account_id for one in spells}
    named = accounts.names_of(ids)
    masked = people.names_masked(PersonId(one) for one in ids - set(named))
    return named | {AccountId(person): name for person, name in masked.items()}


def spells_of(*whose: AccountId | PersonId, limit: int = 500) -> list[Spell]:
    """All spells of duty of somebody, by their account and as the person they are; the latest first, within the scope."""
    return [spell_of(row) for row in Presence.objects.filter(actor__in=whose, stream=REAL).order_by("-began_at", "-record")[:limit]]


def spell_of(row: Presence) -> Spell:
    """A row as it crosses the border."""
    return Spell(
        RecordId(row.record), AccountId(row.actor), PlaceId(row.place), row.position, row.began_at, row.ended_at, row.post, row.ended_by
    )


def sent_of_person(person_id: PersonId) -> list[Sent]:
    """Where somebody was sent from day to day, the latest first, within the scope."""
    rows = Assignment.objects.filter(person=person_id).annotate(what=F("need__name"), where=F("need__place")).order_by("-valid_from", "-id")
    return [Sent(row.what, PlaceId(row.where), row.valid_from, row.valid_to) for row in rows[:200]]
