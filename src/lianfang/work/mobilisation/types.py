"""What may cross the border of mobilisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lianfang.ground.people.types import NewPerson
from lianfang.kernel import clock
from lianfang.kernel.errors import Conflict, Invalid, NotFound
from lianfang.kernel.ids import AccountId, IncidentId, OrganisationId, PersonId, PlaceId, RecordId


@dataclass(frozen=True, slots=True)
class Spell:
    """One spell of duty (一次在岗): who, where, from when to when; no end while it lasts."""

    record_id: RecordId
    account_id: AccountId
    place_id: PlaceId
    position: int
    began_at: datetime
    ended_at: datetime | None
    post_id: UUID | None = None
    ended_by: UUID | None = None

    @property
    def minutes(self) -> int:
        """How long it lasted; one that goes on lasts until now."""
        return int(((self.ended_at or clock.now()) - self.began_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Attended:
    """How many were on duty (人), how often (人次), for how many minutes in all."""

    people: int
    spells: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Sent:
    """Where somebody was sent from day to day."""

    what: str
    place_id: PlaceId
    valid_from: date
    valid_to: date | None


class SpellNotFound(NotFound):
    """This duty does not exist, or lies outside what you answer for."""


class TimesWrong(Invalid):
    """Duty ends after it begins, and neither lies ahead."""


class NotOnDuty(Conflict):
    """This person is not on duty there."""


class Skill(StrEnum):
    """What somebody can do, is certified for, speaks, or drives up with (本领). The order is for ever: it numbers the bits."""

    MEDICAL = "medical"
    NURSING = "nursing"
    SAMPLING = "sampling"
    COUNSELLING = "counselling"
    DRIVING = "driving"
    COOKING = "cooking"
    REPAIR = "repair"
    COMPUTING = "computing"
    FIRST_AID = "first_aid"
    SIGN_LANGUAGE = "sign_language"
    KOREAN = "korean"
    MONGOLIAN = "mongolian"
    UYGHUR = "uyghur"
    TIBETAN = "tibetan"
    ENGLISH = "english"
    CAR = "car"
    VAN = "van"
    TRUCK = "truck"


class Times(StrEnum):
    """When somebody will come (时段). The order is for ever."""

    WORKDAYS = "workdays"
    EVENINGS = "evenings"
    WEEKENDS = "weekends"
    NIGHTS = "nights"


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
    mail: str = ""
    channel: str = "desk"
    incident: IncidentId | None = None


@dataclass(frozen=True, slots=True)
class NewNeed:
    """What a place needs. A Party team asks one full member (`led_by_member`): that one is a need of its own beside the rest.

    `drill`: it is only practised: nobody is sent there, and what really is needed is worked out without it.
    """

    name: str
    kind: NeedKind
    place: PlaceId
    floor: int
    cap: int
    require: tuple[Skill | Times, ...] = ()
    risky: bool = False
    led_by_member: bool = False
    subject: UUID | None = None
    incident: IncidentId | None = None
    drill: bool = False


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


class Answer(StrEnum):
    """What somebody who was called answers."""

    YES = "yes"
    NO = "no"
    LATER = "later"
    ON_THE_WAY = "on_the_way"
    HERE = "here"


class Channel(StrEnum):
    """How a call goes out."""

    SMS = "sms"
    EMAIL = "email"
    PAPER = "paper"  # the telephone tree: somebody dials and types the answer


class Sending(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    SENT = "sent"
    NO_NUMBER = "no_number"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call-up: so many people, to a place. Whom: everybody of the pool there, or those with skills, of an organisation, or of a list."""

    place: PlaceId
    words: str
    wanted: int
    able: tuple[Skill | Times, ...] = ()
    organisation: OrganisationId | None = None
    forces: tuple[UUID, ...] = ()
    wait_minutes: int = 15
    test: bool = False
    incident: IncidentId | None = None


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call as it stands: who was called, what they answered, and the minutes until enough were there (None while they are not)."""

    call_id: UUID
    place_id: PlaceId
    position: int
    words: str
    wanted: int
    test: bool
    wave: int
    called_at: datetime
    closed_at: datetime | None
    called: int
    answers: dict[Answer, int]
    sent: int
    waiting: int
    unreachable: int
    minutes: float | None

    @property
    def promised(self) -> int:
        """Those who are there, on the way, or said yes."""
        return sum(self.answers.get(answer, 0) for answer in (Answer.YES, Answer.ON_THE_WAY, Answer.HERE))


@dataclass(frozen=True, slots=True)
class SummonsSeen:
    """One person called: masked."""

    summons_id: UUID
    force_id: UUID
    name: str
    wave: int
    answer: Answer | None
    answered_at: datetime | None
    sending: Sending | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reply link is about."""

    call_id: UUID
    answer: Answer | None


class CallNotFound(NotFound):
    """This call does not exist, or lies outside what you answer for."""


class MailUnreadable(Invalid):
    """This is no e-mail address."""


class NobodyToCall(Conflict):
    """Nobody there can be called."""


class CallWrong(Invalid):
    """A call says what for, in at most {words} characters, and how many are wanted."""


class CallClosed(Conflict):
    """This call is over."""
