"""Persons one by one: by id, by name, by phone, by paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet

from lianfang.ground.people.models import Person, Phone, Residence
from lianfang.ground.people.models.persons import PURPOSES
from lianfang.ground.people.queries.households import age_group_of, paper_of, phone_of
from lianfang.ground.people.queries.phones import further_phones
from lianfang.ground.people.rules.masking import masked_name, masked_phone
from lianfang.ground.people.rules.names import is_chinese, typed_keys
from lianfang.ground.people.rules.papers import plain
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.ground.people.types import FoundPerson, HomeSeen, PaperKind, PersonNotFound, PersonSeen, PhoneUnreadable, ResidenceKind, Sex
from lianfang.kernel import clock
from lianfang.kernel.ids import HouseholdId, PersonId, PlaceId
from lianfang.kernel.ranges import Range
from lianfang.kernel.sealing import keyring
from lianfang.kernel.within import inside

AFTER_LEAVING: Final = timedelta(days=30)
"""How long those who answer for a door still see somebody who has left it, so that a mistake can be mended.

The policy of row security on persons has the same number.
"""
_LAST = "\U0010ffff"


def _recent() -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today() - AFTER_LEAVING)


def person(person_id: PersonId) -> PersonSeen:
    """One person, masked, with where they live; raises PersonNotFound. `place_id` is the door asked about for access."""
    row = Person.objects.filter(pk=person_id).first()
    if row is None:
        raise PersonNotFound
    homes = [_as_home(home) for home in Residence.objects.filter(_recent(), person_id=person_id).order_by("-valid_from", "id")]
    return PersonSeen(
        person_id=PersonId(row.id),
        name=masked_name(row.name),
        phone="、".join(filter(None, (phone_of(row), *map(masked_phone, further_phones([row.id], keyring()).get(row.id, ()))))),
        paper=paper_of(row),
        paper_kind=PaperKind(row.paper_kind),
        sex=Sex(row.sex),
        age_group=age_group_of(row),
        homes=tuple(sorted(homes, key=lambda home: (home.until is not None, home.kind != ResidenceKind.ACTUAL))),
    )


def _as_home(row: Residence) -> HomeSeen:
    return HomeSeen(
        HouseholdId(row.household_id),
        PlaceId(row.door_id),
        row.position,
        ResidenceKind(row.kind),
        row.relation,
        row.valid_from,
        row.valid_to,
    )


def positions_of(person_id: PersonId) -> list[int]:
    """Where a person lives, in any sense, or lived until lately: what access to the person is measured by."""
    return list(Residence.objects.filter(_recent(), person_id=person_id).values_list("position", flat=True).distinct())


def names_masked(person_ids: Iterable[PersonId]) -> dict[PersonId, str]:
    """The masked names of people the scope shows; others are left out."""
    rows = Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "name")
    return {PersonId(pk): masked_name(name) for pk, name in rows}


def find_by_name(prefix: str, ranges: Sequence[Range], limit: int = 20) -> list[FoundPerson]:
    """People living in the ranges whose name begins so: in characters, in pinyin or in first letters; masked.

    One query for each way of reading, in the order of its index: it ends when there are enough, however many have the name.
    """
    beginning = prefix.strip()
    if is_chinese(beginning):
        readings = [("person__name", beginning)]
    else:
        readings = [(column, key) for column in ("person__name_key", "person__name_initials") for key in typed_keys(beginning)]
    found: dict[PersonId, FoundPerson] = {}
    for column, key in readings:
        # LIKE is not leakproof and would lose the index under row security.
        rows = Residence.objects.filter(**{f"{column}__gte": key, f"{column}__lt": key + _LAST})
        for each in _found(rows.order_by(column, "person_id", "kind"), ranges, limit):
            found.setdefault(each.person_id, each)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def find_by_whole_name(name: str, ranges: Sequence[Range], limit: int = 20) -> list[FoundPerson]:
    """People living in the ranges of exactly this name; masked."""
    rows = Residence.objects.filter(person__name=name.strip()).order_by("person_id", "kind")
    return _found(rows, ranges, limit) if name.strip() else []


def find_by_phone(text: str, ranges: Sequence[Range], limit: int = 20) -> list[FoundPerson]:
    """People living in the ranges with this telephone number, however written; masked."""
    try:
        phone = normal_phone(text)
    except PhoneUnreadable:
        return []
    if not phone:
        return []
    index = keyring().blind(phone, PURPOSES["phone_sealed"])
    found: dict[PersonId, FoundPerson] = {}
    # First numbers, then further ones: each by its own index, where one condition over both would have none.
    for rows in (
        Residence.objects.filter(person__phone_index=index),
        Residence.objects.filter(person_id__in=list(Phone.objects.filter(index=index).values_list("person_id", flat=True)[:limit])),
    ):
        for each in _found(rows.order_by("person__name_key", "person_id", "kind"), ranges, limit):
            found.setdefault(each.person_id, each)
    return list(found.values())[:limit]


def find_by_paper(text: str, ranges: Sequence[Range], limit: int = 20) -> list[FoundPerson]:
    """People living in the ranges with this number on their paper, of whatever kind; masked."""
    number = plain(text)
    if not number:
        return []
    rows = Residence.objects.filter(person__paper_index=keyring().blind(number, PURPOSES["paper_sealed"]))
    return _found(rows.order_by("person__name_key", "person_id", "kind"), ranges, limit)


def _found(rows: QuerySet[Residence], ranges: Sequence[Range], limit: int) -> list[FoundPerson]:
    """Each person once, with the door where they live in fact before the one where they are registered."""
    live = rows.filter(inside(ranges), valid_to__isnull=True).select_related("person")
    found: dict[object, FoundPerson] = {}
    for row in live[: limit * len(ResidenceKind)]:
        found.setdefault(
            row.person_id,
            FoundPerson(PersonId(row.person_id), masked_name(row.person.name), phone_of(row.person), PlaceId(row.door_id), row.position),
        )
    return list(found.values())[:limit]
