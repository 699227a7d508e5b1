"""What may cross the border of this context: enums, results and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from lianfang.kernel.errors import Conflict, Denied, Invalid, NotFound, Refused
from lianfang.kernel.ids import AccountId, HouseholdId, PersonId, PlaceId


class PaperKind(StrEnum):
    """What kind of identity paper a number is from (证件类型)."""

    RESIDENT_ID = "resident_id"  # 居民身份证
    HK_MACAU_TAIWAN = "hk_macau_taiwan"  # 港澳台居民居住证
    FOREIGNER = "foreigner"  # 外国人永久居留身份证
    HKM_TRAVEL = "hkm_travel"  # 港澳居民来往内地通行证
    TAIWAN_TRAVEL = "taiwan_travel"  # 台湾居民来往大陆通行证
    PASSPORT = "passport"  # 护照
    OTHER = "other"  # 其他
    NONE = "none"  # 无证件 (newborn, lost, not shown)


class Sex(StrEnum):
    """As the paper says (性别)."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class ResidenceKind(StrEnum):
    """In what sense somebody lives at a door: by the register (户籍) or in fact (实际居住)."""

    REGISTERED = "registered"
    ACTUAL = "actual"


class Relation(StrEnum):
    """How a person belongs to a household (与户主关系)."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    GRANDCHILD = "grandchild"
    RELATIVE = "relative"
    TENANT = "tenant"
    CARER = "carer"
    OTHER = "other"


class AgeGroup(StrEnum):
    """The wide band shown in place of a date of birth."""

    INFANT = "infant"  # under 3
    CHILD = "child"  # 3 to 13; under 14 the law protects more (PIPL art. 28, 31)
    MINOR = "minor"  # 14 to 17
    ADULT = "adult"  # 18 to 59
    ELDER = "elder"  # 60 to 79
    AGED = "aged"  # 80 and over


class Channel(StrEnum):
    """Where a look at a sensitive value happened."""

    DESK = "desk"
    FIELD = "field"
    CLI = "cli"
    API = "api"
    EXPORT = "export"


class RevealField(StrEnum):
    """The fields that are masked and can be asked for."""

    NAME = "name"
    BIRTH = "birth"
    PAPER = "paper"
    PHONE = "phone"


class LookReason(StrEnum):
    """Reasons offered for a look; anything else is written by hand."""

    CONTACT = "contact"  # to reach the person
    CARE = "care"  # to help or escort the person
    VERIFY = "verify"  # to check who somebody is
    CORRECT = "correct"  # to mend an entry
    RESCUE = "rescue"  # danger to life
    REQUEST = "request"  # the person asked for it


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added. `paper` and `phone` as people write them; `paper_kind` may be left to be guessed."""

    id: PersonId
    name: str
    sex: Sex | None = None
    birth: date | None = None
    paper: str = ""
    paper_kind: PaperKind | None = None
    phone: str = ""


class PersonCorrection(TypedDict, total=False):
    """What of a person may be corrected; an empty text or None removes what was there."""

    name: str
    sex: Sex
    birth: date | None
    paper: str
    paper_kind: PaperKind | None
    phone: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a household that is taken in: who, how they belong to it, and in what senses they live there."""

    person: NewPerson
    relation: str = ""
    kinds: tuple[ResidenceKind, ...] = (ResidenceKind.ACTUAL,)


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household with its people, as a roster gives it."""

    id: HouseholdId
    door_id: PlaceId
    members: tuple[Member, ...]
    name: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a roster added."""

    households: int
    people: int
    residences: int


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody already known who may be the same: by paper number, or by phone and name."""

    person_id: PersonId
    by: str


@dataclass(frozen=True, slots=True)
class Added:
    """A person added, and who in the scope may be the same."""

    person_id: PersonId
    alike: tuple[Alike, ...]


@dataclass(frozen=True, slots=True)
class Resident:
    """One person at one door, masked: what a list shows to whoever may see the door."""

    person_id: PersonId
    household_id: HouseholdId
    door_id: PlaceId
    name: str
    phone: str
    paper: str
    paper_kind: PaperKind
    sex: Sex
    age_group: AgeGroup | None
    relation: str
    kinds: tuple[ResidenceKind, ...]
    since: date


@dataclass(frozen=True, slots=True)
class HouseholdAtDoor:
    """A household at a door in a period, with the number of people in it."""

    household_id: HouseholdId
    door_id: PlaceId
    name: str
    valid_from: date
    valid_to: date | None
    people: int


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """Live rows under a place: households 户, people registered and people living there, both 人 and distinct."""

    households: int
    registered: int
    living: int


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person found by name, phone or paper, masked, with the door where they live."""

    person_id: PersonId
    name: str
    phone: str
    door_id: PlaceId | None
    position: int | None


@dataclass(frozen=True, slots=True)
class HomeSeen:
    """One residence of a person, of today or ended lately."""

    household_id: HouseholdId
    door_id: PlaceId
    position: int
    kind: ResidenceKind
    relation: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One person, masked, with their homes: the one they live in first."""

    person_id: PersonId
    name: str
    phone: str
    paper: str
    paper_kind: PaperKind
    sex: Sex
    age_group: AgeGroup | None
    homes: tuple[HomeSeen, ...]

    @property
    def place_id(self) -> PlaceId | None:
        """The door by which access to the person is asked; None for somebody who lives nowhere we know."""
        return self.homes[0].door_id if self.homes else None


@dataclass(frozen=True, slots=True)
class PairAlike:
    """Two persons that may be one, and by what."""

    number: int
    one: PersonId
    other: PersonId
    basis: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class PersonAt:
    """Somebody at a door."""

    person_id: PersonId
    door_id: PlaceId


@dataclass(frozen=True, slots=True)
class PairApart:
    """A pair that may be one person. `homes` are where both belong in the same sense, at doors that they do not share; None otherwise."""

    number: int
    homes: tuple[PersonAt, PersonAt] | None


@dataclass(frozen=True, slots=True)
class LookTaken:
    """One look at a sensitive value: who, at whom, at what, when, why."""

    at: datetime
    account_id: AccountId
    person_id: PersonId
    field: str
    reason: str
    channel: Channel


class PersonNotFound(NotFound):
    """This person does not exist, or lives outside what you answer for."""


class HouseholdNotFound(NotFound):
    """This household does not exist, or lies outside what you answer for."""


class DoorNotFound(NotFound):
    """This door does not exist, or lies outside what you answer for."""


class PaperUnreadable(Invalid):
    """The number does not fit the kind of paper."""


class PaperLengthWrong(PaperUnreadable):
    """The number has {found} characters; this kind of paper has {expected}."""


class PaperCharacterWrong(PaperUnreadable):
    """The ID number holds a character that is neither a digit nor the final X."""


class PaperDateWrong(PaperUnreadable):
    """The date of birth inside the ID number does not exist."""


class PaperCheckWrong(PaperUnreadable):
    """The last character of the ID number does not fit the others: one of them is mistyped."""


class PaperFormWrong(PaperUnreadable):
    """The number does not have the form of this kind of paper."""


class PhoneUnreadable(Invalid):
    """This is not a telephone number."""


class PhoneLengthWrong(PhoneUnreadable):
    """The mobile number has {found} digits; it should have 11."""


class NameLengthWrong(Invalid):
    """A name has 1 to {longest} characters; this one has {found}."""


class NameCharacterWrong(Invalid):
    """A name holds letters, spaces and the middle dot, no digits or signs."""


class PersonInvalid(Invalid):
    """Some fields of this person need mending."""


class BirthAhead(Invalid):
    """The date of birth lies ahead."""


class BirthDiffers(Invalid):
    """The date of birth is not the one inside the ID number."""


class SexDiffers(Invalid):
    """The sex is not the one inside the ID number."""


class SamePaper(Conflict):
    """Somebody with this paper is already known here ({person_id}); add nobody twice."""


class AlreadyLivesThere(Conflict):
    """This person already belongs to this household in this sense."""


class LivesElsewhere(Conflict):
    """This person still lives at a door outside what you answer for. Ask there to enter that they left."""


class NotLivingThere(Conflict):
    """This person does not belong to this household."""


class DateOutOfOrder(Invalid):
    """This day lies before {earliest} or after {latest}."""


class NotADoor(Invalid):
    """People live at doors; this place is not one."""


class HouseholdEnded(Invalid):
    """This household has ended."""


class ReasonMissing(Invalid):
    """Write why you need the full value."""


class TooManyLooks(Denied):
    """You have looked at {limit} full values in the last {hours} h; the next is possible at {again}."""


class NothingThere(Refused):
    """This person has no such value on file."""
