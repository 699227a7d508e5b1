"""Households at a door and the people in them, masked."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Case, IntegerField, Q, Value, When

from lianfang.ground.people.models import Household, Person, Residence
from lianfang.ground.people.models.persons import PURPOSES
from lianfang.ground.people.rules.masking import age_group, masked_name, masked_number, masked_phone
from lianfang.ground.people.types import AgeGroup, HouseholdAtDoor, PaperKind, Relation, ResidenceKind, Resident, Sex
from lianfang.kernel import clock
from lianfang.kernel.ids import HouseholdId, PersonId, PlaceId
from lianfang.kernel.sealing import keyring

_HEAD_FIRST = Case(When(relation=Relation.HEAD, then=Value(0)), default=Value(1), output_field=IntegerField())


def _in_force(on: date | None) -> Q:
    """Rows in force on a day; today's are those without an end, since nothing is entered ahead of its day."""
    if on is None:
        return Q(valid_to__isnull=True)
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def households_of_door(door_id: PlaceId, *, on: date | None = None) -> list[HouseholdAtDoor]:
    """The households at a door on a day (default today), the longest there first."""
    members: dict[object, set[object]] = defaultdict(set)
    for household_id, person_id in Residence.objects.filter(_in_force(on), door_id=door_id).values_list("household_id", "person_id"):
        members[household_id].add(person_id)
    return [
        HouseholdAtDoor(HouseholdId(row.id), PlaceId(row.door_id), row.name, row.valid_from, row.valid_to, len(members[row.id]))
        for row in Household.objects.filter(_in_force(on), door_id=door_id).order_by("valid_from", "id")
    ]


def household_of_door(door_id: PlaceId, *, on: date | None = None) -> HouseholdAtDoor | None:
    """The household that has been at a door longest, for the usual door that has one; None for an empty door."""
    return next(iter(households_of_door(door_id, on=on)), None)


def people_of_door(door_id: PlaceId, *, on: date | None = None) -> list[Resident]:
    """Who belongs to a door on a day (default today), masked: by household, its head first, then since when."""
    rows = (
        Residence.objects.filter(_in_force(on), door_id=door_id)
        .select_related("person")
        .order_by("household__valid_from", "household_id", _HEAD_FIRST, "valid_from", "person__name_key", "person_id", "kind")
    )
    kinds: dict[tuple[object, object], list[ResidenceKind]] = defaultdict(list)
    first: dict[tuple[object, object], Residence] = {}
    for row in rows:
        key = (row.household_id, row.person_id)
        kinds[key].append(ResidenceKind(row.kind))
        first.setdefault(key, row)
    return [_as_resident(row, tuple(sorted(kinds[key]))) for key, row in first.items()]


def _as_resident(row: Residence, kinds: tuple[ResidenceKind, ...]) -> Resident:
    person = row.person
    return Resident(
        person_id=PersonId(person.id),
        household_id=HouseholdId(row.household_id),
        door_id=PlaceId(row.door_id),
        name=masked_name(person.name),
        phone=phone_of(person),
        paper=paper_of(person),
        paper_kind=PaperKind(person.paper_kind),
        sex=Sex(person.sex),
        age_group=age_group_of(person),
        relation=row.relation,
        kinds=kinds,
        since=row.valid_from,
    )


def phone_of(person: Person) -> str:
    """The telephone number, masked; empty where there is none."""
    return masked_phone(_opened(person.phone_sealed, "phone_sealed"))


def paper_of(person: Person) -> str:
    """The number of the identity paper, masked; empty where there is none."""
    return masked_number(_opened(person.paper_sealed, "paper_sealed"))


def age_group_of(person: Person) -> AgeGroup | None:
    """The band of age today; None where no date of birth is on file."""
    birth = _opened(person.birth_sealed, "birth_sealed")
    return age_group(date.fromisoformat(birth), clock.today()) if birth else None


def _opened(sealed: bytes | memoryview | None, column: str) -> str:
    return keyring().open(bytes(sealed), PURPOSES[column]) if sealed else ""
