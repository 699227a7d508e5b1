"""Who is known in some ranges, for comparing a whole roster: one query, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db import connection

from lianfang.ground.people.models import Household, Residence
from lianfang.ground.people.models.persons import PURPOSES
from lianfang.ground.people.roster_types import Known, KnownHome
from lianfang.ground.people.types import ResidenceKind, Sex
from lianfang.kernel.ids import HouseholdId, PersonId, PlaceId
from lianfang.kernel.ranges import Range
from lianfang.kernel.sealing import keyring
from lianfang.kernel.within import inside

_KNOWN = """
select p.id, p.name, p.sex, p.paper_index, p.phone_index, p.birth_sealed,
       array_agg(r.id order by r.kind), array_agg(r.household_id order by r.kind), array_agg(r.door_id order by r.kind),
       array_agg(r.kind order by r.kind), array_agg(r.relation order by r.kind),
       array(select f.index from people_phone f where f.person_id = p.id order by f.id)
from people_residence r join people_person p on p.id = r.person_id
where r.valid_to is null and p.ended_at is null and r.position >= %s and r.position < %s
group by p.id
order by p.created_at, p.id
"""
_AT_ONCE = 2_000  # people


def known_in(within: Range) -> Iterator[Known]:
    """Everybody who belongs to a door inside, the longest known first. Read in pieces, so that a hundred thousand never come at once."""
    same: dict[UUID, UUID] = {}  # those of one household share its id: of a hundred thousand people that is felt
    once = same.setdefault
    with connection.chunked_cursor() as cursor:
        cursor.execute(_KNOWN, [within.lo, within.hi])
        while some := cursor.fetchmany(_AT_ONCE):
            for person, name, sex, paper, phone, birth, homes, households, doors, kinds, relations, phones in some:
                yield Known(
                    PersonId(person), name, Sex(sex), _bytes(paper), _bytes(phone), _bytes(birth),
                    tuple(
                        KnownHome(residence, HouseholdId(once(household, household)), PlaceId(once(door, door)), ResidenceKind(kind), relation)
                        for residence, household, door, kind, relation in zip(homes, households, doors, kinds, relations, strict=True)
                    ),
                    tuple(map(bytes, phones)),
                )  # fmt: skip


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return bytes(value) if value is not None else None


def households_in(within: Range) -> list[tuple[PlaceId, HouseholdId]]:
    """The households of today inside, by door, the longest there first."""
    rows = Household.objects.filter(inside([within]), valid_to__isnull=True).order_by("valid_from", "id")
    return [(PlaceId(door), HouseholdId(household)) for door, household in rows.values_list("door_id", "id")]


def birth_of(known: Known) -> date | None:
    """The date of birth of somebody known."""
    return date.fromisoformat(keyring().open(known.birth_sealed, PURPOSES["birth_sealed"])) if known.birth_sealed else None


class BlindIndexes:
    """Blind indexes of papers and telephone numbers in normal form, to compare with those of `Known`: made by the thousand."""

    def __init__(self) -> None:
        self._ring = keyring()

    def paper(self, number: str) -> bytes:
        """Of the number of a paper."""
        return self._ring.blind(number, PURPOSES["paper_sealed"])

    def phone(self, phone: str) -> bytes:
        """Of a telephone number."""
        return self._ring.blind(phone, PURPOSES["phone_sealed"])


def still_here(person_ids: Iterable[PersonId], within: Range) -> dict[PersonId, PlaceId]:
    """Those of some people who still belong to a door inside, and the door where they live in fact before the one of the register."""
    rows = Residence.objects.filter(inside([within]), valid_to__isnull=True, person_id__in=list(person_ids)).order_by("-kind")
    return {PersonId(person): PlaceId(door) for person, door in rows.values_list("person_id", "door_id")}


def of_doors(door_ids: Iterable[PlaceId]) -> list[tuple[PersonId, PlaceId, HouseholdId, ResidenceKind, str]]:
    """Who belongs to some doors today, in the order of the doors: person, door, household, sense and relation."""
    rows = Residence.objects.filter(door_id__in=list(door_ids), valid_to__isnull=True).order_by(
        "position", "household_id", "valid_from", "person_id", "kind"
    )
    return [
        (PersonId(person), PlaceId(door), HouseholdId(household), ResidenceKind(kind), relation)
        for person, door, household, kind, relation in rows.values_list("person_id", "door_id", "household_id", "kind", "relation")
    ]
