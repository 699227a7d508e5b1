"""Opening rounds, giving them more time, closing them and taking them back, and what happens by itself when time passes: the statement at the end, and the next one of a series."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import IncidentId, PlaceId, RoundId, new_id
from lianfang.kernel.ranges import subtract
from lianfang.ledger.append import append
from lianfang.ledger.kinds import questions
from lianfang.ledger.kinds.campaigns import RoundClosed, RoundExtended, RoundOpened
from lianfang.ledger.types import REAL
from lianfang.work.rounds.models import Earlier, Member, Round, RoundDoor
from lianfang.work.rounds.queries import one, reach
from lianfang.work.rounds.queries.campaigns import seen
from lianfang.work.rounds.types import (
    AlreadyClosed,
    DeadlineWrong,
    IncidentOver,
    NameTheRound,
    NewRound,
    NoDoorThere,
    NotLater,
    OneAreaOnly,
    RepeatsWrong,
    RoundSeen,
    SayWhy,
    SomethingRecorded,
)

SYSTEM = Actor(None, "", "")

# What is still open in the round, door by door, and what each building comes to: as known now, and not changed any more.
_UNREACHED = """
insert into rounds_unreached (round, place, position, reason, tries)
select %(round)s, d.id, d.lo, coalesce(s.standing, 'not_yet'), coalesce(s.tries, 0)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join places_place d on d.level = 'door' and d.valid_to is null and d.lo >= w.lo and d.lo < w.hi
left join rounds_rounddoor s on s.round = %(round)s and s.place = d.id
where s.settled is not true
on conflict do nothing
"""
_STATEMENT = """
insert into rounds_statement (round, building, position, span, doors, settled)
select %(round)s, b.place_id, b.lo, b.hi - b.lo, count(*), count(*) filter (where s.settled)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join places_place d on d.level = 'door' and d.valid_to is null and d.lo >= w.lo and d.lo < w.hi
cross join lateral (select place_id, lo, hi from places_position where level = 'building' and lo <= d.lo order by lo desc limit 1) b
left join rounds_rounddoor s on s.round = %(round)s and s.place = d.id
group by b.place_id, b.lo, b.hi
on conflict do nothing
"""


def open_round(new: NewRound, *, by: Actor, reason: str = "") -> RoundSeen:
    """Open a round over a place or an area, now or from a moment on.

    Raises NotFound or Denied by access (over all of it), UnknownForm, OneAreaOnly, NameTheRound, DeadlineWrong, RepeatsWrong, IncidentOver.
    """
    form = questions.form(new.form)
    _check(new)
    home, members = _members(new)
    access.require(by, Ability.ROUNDS_OPEN, places.place(home))
    now = clock.now()
    opens_at = new.opens_at or now
    if new.closes_at <= opens_at or new.closes_at <= now:
        raise DeadlineWrong
    if new.repeat_days is not None and timedelta(days=new.repeat_days) < new.closes_at - opens_at:
        raise RepeatsWrong
    stream = REAL
    if new.incident is not None:
        told = incidents.incident(new.incident)
        if told.ended_at is not None:
            raise IncidentOver
        stream = told.incident_id if told.drill else REAL
    identifier = new_id()
    row = Round(
        id=identifier, series=identifier, number=1, name=new.name.strip(), form=form.key, place_id=new.place, area_id=new.area, home_id=home,
        incident=new.incident, stream=stream, legal_basis=new.legal_basis.strip(), purpose=new.purpose.strip(), opens_at=opens_at,
        closes_at=new.closes_at, ends_at=new.closes_at, repeat_days=new.repeat_days, opened_by=by.account_id,
    )  # fmt: skip
    with acting(by.account_id, reason):
        _put(row, members, by)
        if subtract(reach(RoundId(identifier)), access.ranges(by, Ability.ROUNDS_OPEN)):
            raise Denied
    return seen(row)


def _check(new: NewRound) -> None:
    if not new.name.strip():
        raise NameTheRound
    if (new.place is None) == (new.area is None):
        raise OneAreaOnly
    if new.repeat_days is not None and new.repeat_days < 1:
        raise RepeatsWrong


def _members(new: NewRound) -> tuple[PlaceId, dict[UUID, bool]]:
    """Where the round is run from, and what it takes in (False) and leaves out (True)."""
    if new.place is not None:
        if places.place(new.place).at_level is Level.DOOR:
            raise NoDoorThere
        return new.place, {new.place: False}
    if new.area is None:
        raise OneAreaOnly
    area = places.area(new.area)
    return PlaceId(area.home_id), {member.place_id: member.excluded for member in places.members_of(new.area)}


def _incident(row: Round) -> IncidentId | None:
    return None if row.incident is None else IncidentId(row.incident)


def _put(row: Round, members: dict[UUID, bool], by: Actor) -> None:
    row.save(force_insert=True)
    Member.objects.bulk_create(Member(round_id=row.id, place_id=place, excluded=excluded) for place, excluded in members.items())
    Earlier.objects.create(round_id=row.id, since=row.opens_at)
    append(
        RoundOpened(round=row.id, form=row.form, opens_at=row.opens_at, closes_at=row.closes_at),
        place=PlaceId(row.home_id), by=by, incident=_incident(row),
    )  # fmt: skip


@contextmanager
def _in_progress(round_id: RoundId, by: Actor, reason: str, now: datetime, *, say_why: bool = False) -> Iterator[Round]:
    """A round that has not ended and that this actor may change, held for the change and its record."""
    told = one(round_id)
    access.require(by, Ability.ROUNDS_OPEN, places.place(told.home_id))
    if say_why and not reason.strip():
        raise SayWhy
    with acting(by.account_id, reason.strip()):
        row = Round.objects.select_for_update().get(pk=round_id)
        if row.ends_at <= now:
            raise AlreadyClosed
        yield row


def close_round(round_id: RoundId, *, by: Actor, reason: str = "") -> RoundSeen:
    """End a round now, before its deadline. Raises RoundNotFound, NotFound or Denied by access, AlreadyClosed."""
    now = clock.now()
    with _in_progress(round_id, by, reason, now) as row:
        row.closed_at, row.ends_at = now, max(now, row.opens_at)
        row.save(update_fields=["closed_at", "ends_at"])
        append(RoundClosed(round=row.id, at=row.ends_at), place=PlaceId(row.home_id), by=by, incident=_incident(row))
    return seen(row)


def extend_round(round_id: RoundId, until: datetime, *, by: Actor, reason: str) -> RoundSeen:
    """Give a round in progress more time: its statement follows at the new deadline, its repeats keep their days and their length.

    Raises RoundNotFound, NotFound or Denied by access, SayWhy, AlreadyClosed, NotLater.
    """
    now = clock.now()
    with _in_progress(round_id, by, reason, now, say_why=True) as row:
        if until <= row.closes_at:
            raise NotLater
        before = row.closes_at
        row.first_closes_at, row.closes_at, row.ends_at = row.first_closes_at or before, until, until
        row.save(update_fields=["first_closes_at", "closes_at", "ends_at"])
        # What was recorded just past the old deadline was folded without this round.
        Earlier.objects.update_or_create(round_id=row.id, defaults={"upto": -1}, create_defaults={"since": before})
        append(RoundExtended(round=row.id, earlier=before, until=until), place=PlaceId(row.home_id), by=by, incident=_incident(row))
    return seen(row)


def withdraw_round(round_id: RoundId, *, by: Actor, reason: str) -> RoundSeen:
    """Take back a round that was opened by mistake, while nothing was recorded in it: it counts nowhere, and a series ends with it.

    What was being folded just then leaves it again: the record says that it ended before it began. Raises RoundNotFound, NotFound or
    Denied by access, SayWhy, AlreadyClosed, SomethingRecorded.
    """
    now = clock.now()
    with _in_progress(round_id, by, reason, now, say_why=True) as row:
        if recorded := RoundDoor.objects.filter(round=round_id).count():
            raise SomethingRecorded(doors=recorded)
        row.withdrawn_at, row.closed_at, row.frozen_at, row.ends_at = now, now, now, min(now, row.opens_at)
        row.save(update_fields=["withdrawn_at", "closed_at", "frozen_at", "ends_at"])
        append(RoundClosed(round=row.id, at=row.ends_at), place=PlaceId(row.home_id), by=by, incident=_incident(row))
    return seen(row)


def pass_time() -> int:
    """What the clock brings: statements of rounds that have ended, and the next round of each series; how many things were done.

    Run by the folder after everything received so far is folded: what arrives later counts, and shows as a revision. A round whose earlier
    visits are still being taken in is stated after that.
    """
    now = clock.now()
    ended = Round.objects.filter(ends_at__lte=now, frozen_at=None, earlier=None).order_by("ends_at", "id")
    done = sum(_state_the_end(RoundId(row.id), now) for row in ended)
    for row in Round.objects.filter(repeat_days__isnull=False, closed_at=None, opens_at__lte=now).order_by("series", "number"):
        done += _open_next(row, now)
    return done


def _state_the_end(round_id: RoundId, now: datetime) -> int:
    with transaction.atomic():
        if not Round.objects.select_for_update().filter(pk=round_id, frozen_at=None).update(frozen_at=now):
            return 0
        pieces = reach(round_id)
        values: dict[str, Any] = {"round": round_id, "lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces]}
        with connection.cursor() as cursor:
            cursor.execute(_UNREACHED, values)
            cursor.execute(_STATEMENT, values)
    return 1


def _open_next(row: Round, now: datetime) -> int:
    """The next of the series, once its day has come; those that were slept through are left out."""
    if row.repeat_days is None or Round.objects.filter(series=row.series, number__gt=row.number).exists():
        return 0
    step = timedelta(days=row.repeat_days)
    steps = (now - row.opens_at) // step
    if steps < 1:
        return 0
    incident = _incident(row)
    if incident is not None and incidents.incident(incident).ended_at is not None:
        return 0
    opens_at = row.opens_at + steps * step
    closes_at = opens_at + ((row.first_closes_at or row.closes_at) - row.opens_at)
    if closes_at <= now:
        return 0
    following = Round(
        id=new_id(), series=row.series, number=row.number + 1, name=row.name, form=row.form, place_id=row.place_id, area_id=row.area_id,
        home_id=row.home_id, incident=row.incident, stream=row.stream, legal_basis=row.legal_basis, purpose=row.purpose, opens_at=opens_at,
        closes_at=closes_at, ends_at=closes_at, repeat_days=row.repeat_days, opened_by=row.opened_by,
    )  # fmt: skip
    members = {member.place_id: member.excluded for member in Member.objects.filter(round_id=row.id)}
    with acting(None, "rounds repeat"):
        _put(following, members, SYSTEM)
    return 1
