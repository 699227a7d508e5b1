"""Households at doors, and people settling in them and leaving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, connection, transaction

from lianfang.ground.people.models import Household, Person, Residence
from lianfang.ground.people.types import (
    AlreadyLivesThere,
    DateOutOfOrder,
    DoorNotFound,
    HouseholdEnded,
    HouseholdNotFound,
    LivesElsewhere,
    NotADoor,
    NotLivingThere,
    PersonNotFound,
    ResidenceKind,
)
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.db import POSITIONS, acting, lock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.ids import AccountId, HouseholdId, PersonId, PlaceId, new_id

EARLIEST = date(1900, 1, 1)


def add_household(
    door_id: PlaceId, *, by: AccountId | None, name: str = "", since: date | None = None, household_id: HouseholdId | None = None
) -> HouseholdId:
    """Open a household at a door since a day (today). Raises DoorNotFound, NotADoor, DateOutOfOrder."""
    day = _not_ahead(since, EARLIEST)
    with acting(by):
        lock(POSITIONS, shared=True)
        try:
            door = places.place(door_id)
        except NotFound:
            raise DoorNotFound from None
        if door.level != Level.DOOR or door.valid_to is not None:
            raise NotADoor
        identifier = household_id or HouseholdId(new_id())
        Household(id=identifier, door_id=door_id, position=door.lo, name=name.strip(), valid_from=day).save(force_insert=True)
    return identifier


def rename_household(household_id: HouseholdId, name: str, *, by: AccountId | None) -> None:
    """Give a household the name by which the neighbours know it; no name of a person is needed there."""
    with acting(by):
        row = _live_household(household_id)
        row.name = name.strip()
        row.save(update_fields=["name"])


def end_household(household_id: HouseholdId, on: date | None = None, *, by: AccountId | None) -> None:
    """Close a household on a day (today); whoever still belongs to it leaves with it."""
    with acting(by):
        row = _live_household(household_id)
        day = _not_ahead(on, row.valid_from)
        for residence in Residence.objects.select_for_update().filter(household_id=household_id, valid_to__isnull=True).order_by("id"):
            _end(residence, day)
        row.valid_to = day
        row.save(update_fields=["valid_to"])


def settle(
    person_id: PersonId,
    household_id: HouseholdId,
    kind: ResidenceKind,
    *,
    by: AccountId | None,
    since: date | None = None,
    relation: str = "",
) -> None:
    """Have a person belong to a household since a day (today), in one sense; the home they had in that sense ends then.

    Raises PersonNotFound, HouseholdNotFound, HouseholdEnded, AlreadyLivesThere, DateOutOfOrder, and LivesElsewhere when
    their home of that sense lies outside the scope.
    """
    with acting(by):
        lock(POSITIONS, shared=True)
        if not Person.objects.filter(pk=person_id, ended_at__isnull=True).exists() and not _just_added(person_id):
            raise PersonNotFound
        household = _live_household(household_id)
        day = _not_ahead(since, household.valid_from)
        former = Residence.objects.filter(person_id=person_id, kind=kind, valid_to__isnull=True).first()
        if former is not None and former.household_id == household_id:
            raise AlreadyLivesThere
        _lock_tallies([household.door_id, *([former.door_id] if former else [])])
        if former is not None:
            _end(former, day)
        row = Residence(
            id=new_id(), person_id=person_id, household=household, door_id=household.door_id, position=household.position,
            kind=kind, relation=relation, valid_from=day,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as refused:
            raise _lives_elsewhere(refused) from None


def _lives_elsewhere(refused: IntegrityError) -> Exception:
    return LivesElsewhere() if "residence_one_of_a_kind_at_a_time" in str(refused) else PersonNotFound()


def leave(
    person_id: PersonId,
    household_id: HouseholdId,
    on: date | None = None,
    *,
    by: AccountId | None,
    kinds: Sequence[ResidenceKind] = tuple(ResidenceKind),
) -> None:
    """Have a person leave a household on a day (today), in all senses or the ones named. Raises NotLivingThere."""
    with acting(by):
        rows = Residence.objects.select_for_update().filter(
            person_id=person_id, household_id=household_id, kind__in=list(kinds), valid_to__isnull=True
        )
        living = list(rows.order_by("id"))
        if not living:
            raise NotLivingThere
        for row in living:
            _end(row, _not_ahead(on, row.valid_from))


def leave_all(person_id: PersonId, on: date) -> None:
    """End every residence of a person that the scope shows; part of another command's transaction."""
    rows = list(Residence.objects.select_for_update().filter(person_id=person_id, valid_to__isnull=True).order_by("id"))
    _lock_tallies(row.door_id for row in rows)
    for row in rows:
        _end(row, _not_ahead(on, row.valid_from))


def _end(row: Residence, day: date) -> None:
    if day < row.valid_from:
        raise DateOutOfOrder(earliest=row.valid_from, latest=clock.today())
    row.valid_to = day
    row.save(update_fields=["valid_to"])


def _live_household(household_id: HouseholdId) -> Household:
    row = Household.objects.select_for_update().filter(pk=household_id).first()
    if row is None:
        raise HouseholdNotFound
    if row.valid_to is not None:
        raise HouseholdEnded
    return row


def _not_ahead(day: date | None, earliest: date) -> date:
    """The day asked for, today by default. Nothing is entered ahead: the counts of today are the rows without an end."""
    today = clock.today()
    chosen = day or today
    if not earliest <= chosen <= today:
        raise DateOutOfOrder(earliest=earliest, latest=today)
    return chosen


def _just_added(person_id: PersonId) -> bool:
    """Whether a person without any home yet exists: row security hides them until their first home is entered."""
    with connection.cursor() as cursor:
        cursor.execute("select people_has_no_home(%s)", [person_id])
        return bool(cursor.fetchone()[0])


def _lock_tallies(doors: Iterable[object]) -> None:
    """Lock the counts of all buildings touched, in one order, before the first of several statements that change them."""
    with connection.cursor() as cursor:
        cursor.execute("select people_lock_tallies(people_buildings_of(%s::uuid[]))", [list(doors)])
