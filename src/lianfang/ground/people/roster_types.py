"""What crosses the border of this context when a whole roster is compared with who is known, and taken in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from lianfang.ground.people.rules.papers import Paper
from lianfang.ground.people.types import ResidenceKind, Sex
from lianfang.kernel.ids import HouseholdId, PersonId, PlaceId


@dataclass(frozen=True, slots=True)
class KnownHome:
    """One residence of today."""

    residence_id: UUID
    household_id: HouseholdId
    door_id: PlaceId
    kind: ResidenceKind
    relation: str


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who belongs to a door of the ranges asked about: what a row of a roster is compared with.

    Papers and telephone numbers are given by their blind indexes only; the date of birth stays sealed until it is asked for.
    """

    person_id: PersonId
    name: str
    sex: Sex
    paper_index: bytes | None
    phone_index: bytes | None
    birth_sealed: bytes | None
    homes: tuple[KnownHome, ...]
    more_phone_indexes: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a person, in normal form (`rules`): None and empty where nothing is."""

    name: str = ""
    sex: Sex | None = None
    birth: date | None = None
    paper: Paper | None = None
    phone: str = ""
    more_phones: tuple[str, ...] = ()  # numbers beside the first
    paper_index: bytes | None = None  # the blind indexes of paper and first number, where they were reckoned already
    phone_index: bytes | None = None


@dataclass(frozen=True, slots=True)
class NewHome:
    """A residence to begin."""

    residence_id: UUID
    person_id: PersonId
    household_id: HouseholdId
    kind: ResidenceKind
    relation: str = ""


@dataclass(slots=True)
class RosterChanges:
    """Everything that a roster changes, or one settled question of it: taken in whole, or not at all."""

    persons: list[tuple[PersonId, Told]] = field(default_factory=list)
    households: list[tuple[HouseholdId, PlaceId]] = field(default_factory=list)
    homes: list[NewHome] = field(default_factory=list)
    corrections: list[tuple[PersonId, Told]] = field(default_factory=list)
    relations: list[tuple[UUID, str]] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)  # residences that end today

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.persons or self.households or self.homes or self.corrections or self.relations or self.ended)
