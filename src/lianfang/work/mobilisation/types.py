"""What may cross the border of mobilisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lianfang.ground.people.types import NewPerson
from lianfang.kernel.errors import Conflict, Invalid, NotFound
from lianfang.kernel.ids import AccountId, OrganisationId, PersonId, PlaceId, RecordId
from lianfang.work.mobilisation.rules.forces import Skill, Times


@dataclass(frozen=True, slots=True)
class Spell:
    """One spell of duty (一次在岗): who, where, from when to when; no end while it lasts."""

    record_id: RecordId
    account_id: AccountId
    place_id: PlaceId
    position: int
    began_at: datetime
    ended_at: datetime | None


class NotOnDuty(Conflict):
    """This person is not on duty there."""


class Came(StrEnum):
    """How somebody came into the pool."""

    MEMBER = "member"  # 在职党员报到
    CADRE = "cadre"  # 下沉干部
    VOLUNTEER = "volunteer"  # 志愿者


class NeedKind(StrEnum):
    """What a need is for."""

    AREA = "area"  # 责任区
    POST = "post"  # 岗位


class WishKind(StrEnum):
    """What was decided by hand."""

    PINNED = "pinned"
    KEPT_AWAY = "kept_away"


class DraftState(StrEnum):
    """How far a draft is."""

    ASKED = "asked"
    SOLVING = "solving"
    READY = "ready"
    CONFIRMED = "confirmed"
    EMPTY = "empty"  # there is nobody to send, or nothing that needs anybody


@dataclass(frozen=True, slots=True)
class NewForce:
    """Somebody for the pool: a person known here, or a new one. `home` is where they live, `only_in` where alone they go."""

    person: PersonId | NewPerson
    came: Came
    home: PlaceId
    able: tuple[Skill | Times, ...] = ()
    full_member: bool = False
    organisation: OrganisationId | None = None
    only_in: PlaceId | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    consents: bool = False
    channel: str = "desk"


@dataclass(frozen=True, slots=True)
class NewNeed:
    """What a place needs. A Party team asks one full member (`led_by_member`): that one is a need of its own beside the rest."""

    name: str
    kind: NeedKind
    place: PlaceId
    floor: int
    cap: int
    require: tuple[Skill | Times, ...] = ()
    risky: bool = False
    led_by_member: bool = False
    subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class ForceSeen:
    """Somebody in the pool, as a list shows them: masked."""

    force_id: UUID
    person_id: PersonId
    name: str
    came: Came
    place_id: PlaceId
    position: int
    able: tuple[Skill | Times, ...]
    full_member: bool
    of_age: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class NeedSeen:
    """A need, how many it has today, and in a draft how many it would get and why it stays short."""

    need_id: UUID
    name: str
    kind: NeedKind
    place_id: PlaceId
    position: int
    floor: int
    cap: int
    require: tuple[Skill | Times, ...]
    of_age: bool
    full_member: bool
    has: int
    gets: int = 0
    missing: int = 0
    why: str = ""
    fitting: int = 0
    free: int = 0
    nearest: int | None = None


@dataclass(frozen=True, slots=True)
class DraftSeen:
    """A draft: how far it is, what it costs, and how near to the best it is (a share of the bound; None until known)."""

    draft_id: UUID
    place_id: PlaceId
    state: DraftState
    asked_at: datetime
    turns: int
    gap: float | None
    cost: dict[str, int]
    sent: int
    short: int
    without_point: int


class ForceNotFound(NotFound):
    """Nobody like that is in the pool, or they live outside what you answer for."""


class NeedNotFound(NotFound):
    """This need does not exist, or lies outside what you answer for."""


class DraftNotFound(NotFound):
    """This draft does not exist, or lies outside what you answer for."""


class InThePool(Conflict):
    """This person is in the pool already."""


class ConsentMissing(Invalid):
    """A volunteer is put on the list only with their consent."""


class FloorAndCap(Invalid):
    """At least none, and no fewer at most than at least."""


class DoesNotFit(Conflict):
    """This person lacks what is required there."""


class NotOfAge(Conflict):
    """Nobody under eighteen, or of unknown age, is sent to a place with a risk."""


class GoesElsewhere(Conflict):
    """This person does not go to that part of the city."""


class PlaceFull(Conflict):
    """Nobody more is taken there."""


class KeptAway(Conflict):
    """Somebody decided that this person does not go there."""


class DraftNotReady(Conflict):
    """This draft is not ready to be confirmed."""


class DraftStale(Conflict):
    """Something was confirmed or withdrawn since: have it made again."""
