"""What may cross the border of the ledger: enums, results and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from lianfang.kernel.errors import Conflict, NotFound, Refused
from lianfang.kernel.ids import AccountId, DeviceId, IncidentId, PlaceId, RecordId
from lianfang.kernel.jpeg import NotAPicture, TellsMore
from lianfang.ledger.kinds.words import Choice

# The stream of all that really happened; a drill has its own, named by its incident.
REAL = UUID(int=0)


class Word(Choice):
    """The verdict of intake on one record."""

    KEPT = "kept", "kept", "已收录"
    REPEATED = "repeated", "repeated", "重复"
    REFUSED = "refused", "refused", "未收录"
    QUARANTINED = "quarantined", "quarantined", "待审"


class Waiting(StrEnum):
    """Where a quarantined record stands."""

    WAITING = "waiting"
    RELEASED = "released"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Author:
    """Who sends records: an account, the local administrator, or the system itself (a reaction).

    `trusted` authors stand above grants: the local administrator, reactions, and a record that a secretary releases.
    `cut_off`: the device was cut off, so that whatever comes from it waits for the secretary.
    """

    account_id: AccountId | None
    trusted: bool = False
    device_id: DeviceId | None = None
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """What one author sends in one call. `channel` is how records were learned that do not say it themselves."""

    records: Sequence[Any]
    author: Author
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one record. `id` is as sent, so that a sender finds it again even where it could not be read."""

    id: str
    word: Word
    why: Refused | None = None

    @property
    def code(self) -> str:
        """The machine's word for the reason; empty where there is nothing to explain."""
        return self.why.code if self.why else ""

    @property
    def reason(self) -> str:
        """The reason in English, facts put in; doors translate `why.message`."""
        return str(self.why) if self.why else ""

    def form(self) -> dict[str, Any]:
        """As it is answered in JSON."""
        answer: dict[str, Any] = {"id": self.id, "verdict": self.word.value}
        if self.why:
            answer |= {"code": self.why.code, "reason": str(self.why), "facts": dict(self.why.facts)}
        return answer


@dataclass(frozen=True, slots=True)
class StandingRecord:
    """A root record as it stands after its corrections: the last holds. `record` is the one kept, `correction` what changed it."""

    id: RecordId
    book: int
    kind: str
    version: int
    incident: IncidentId | None
    place: PlaceId
    position: int
    actor: AccountId | None
    entered_by: AccountId | None
    channel: str | None
    subject: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    effective_at: datetime
    payload: Mapping[str, Any]
    correction: RecordId | None = None


@dataclass(frozen=True, slots=True)
class PhotoSeen:
    """One look at a photo."""

    at: datetime
    account_id: AccountId
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One record in a list of what happened at places: as kept, with what became of it."""

    id: RecordId
    kind: str
    version: int
    place: PlaceId
    position: int
    actor: AccountId | None
    entered_by: AccountId | None
    channel: str | None
    subject: UUID | None
    effective_at: datetime
    recorded_at: datetime
    corrects: RecordId | None
    reason: str | None
    payload: Mapping[str, Any]
    standing: Mapping[str, Any] | None
    withdrawn: bool
    has_remark: bool
    clock_ahead: bool = False
    """By a clock that was ahead it would have happened after it arrived: it counts from its arrival."""


@dataclass(slots=True)
class Saved:
    """A record that a command appended. `folded` says whether figures already include it (False: "saved, figures follow")."""

    record_id: RecordId
    folded: bool = False
    created: list[UUID] = field(default_factory=list)


class RecordNotFound(NotFound):
    """This record does not exist, or lies outside what you answer for."""


class TooMany(Refused):
    """A call brings at most {limit} records; this one brings {found}."""


class NotTheIncident(Refused):
    """There is no such incident."""


# What intake may say of a record. The docstring is the message; the class name gives the code.


class Unreadable(Refused):
    """The record cannot be read: {at} {why}."""


class UnknownKind(Refused):
    """There is no kind of record of this name and version here; the program on the device may be newer than the server."""


class VersionRetired(Refused):
    """This version of the kind was replaced on {on} and is no longer taken; bring the program on the device up to date."""


class IdWithoutTime(Refused):
    """The id of a record is a UUID of version 7."""


class UnknownPlace(Refused):
    """There is no such place, and the record brings no new door of this id."""


class NotMadeThere(Refused):
    """This kind of record is not made at a place of the level "{level}"."""


class UnknownIncident(Refused):
    """There is no such incident."""


class UnknownActor(Refused):
    """The account that is said to have acted does not exist."""


class NobodyActed(Refused):
    """The record names nobody who acted."""


class SubjectMissing(Refused):
    """This kind of record names whom or what it is about as its subject."""


class RemarkMissing(Refused):
    """This kind of record brings a remark in its envelope."""


class PhotoNotAsked(Refused):
    """A photo goes only where the form asks for one; "{question}" asks for none."""


class PhotoMissing(Refused):
    """The answer to "{question}" names a photo that did not come along."""


class PhotoTooLarge(Refused):
    """A photo has at most {bytes} bytes and {pixels} pixels a side; the app makes it so."""


class PhotoGone(NotFound):
    """There is no such photo (any more)."""


class CorrectionIncomplete(Refused):
    """A correction names the record it corrects and its reason; other kinds name neither."""


class CorrectionOfCorrection(Refused):
    """A correction names the root record, not another correction."""


class RootDiffers(Refused):
    """The record that is corrected is of another kind or lies at another place."""


class SameIdOtherContent(Conflict):
    """A record with this id and other content is already kept."""


class Ended(Refused):
    """The book of this record has ended and is erased: delete it."""


class OutsideGrant(Refused):
    """The place lies outside what the author may record there at that time: the secretary decides."""


class FromCutDevice(Refused):
    """The device was cut off before this record came: the secretary decides."""


class WasRejected(Refused):
    """The secretary has decided not to take this record."""


class TooManyWaiting(Refused):
    """Too many records of this author already wait for a decision ({limit})."""


class EnvelopeRefused(Refused):
    """What the record brings along could not be added ({why})."""


class UnknownAuthor(Refused):
    """Records are taken from somebody with an account."""


# What a sealed parcel may be refused for, record by record.


class UnknownDevice(Refused):
    """No phone of this id has joined."""


class KeyUnknown(Refused):
    """The record was sealed to a key that the server no longer has."""


class SealBroken(Refused):
    """The seal does not open: made with another key, altered, or moved to another record."""


class NotTheRecord(Refused):
    """The sealed record is of another id, device or counter than the parcel says."""


class AnotherAuthor(Refused):
    """A phone sends records of its own account only."""


class NotWaiting(Conflict):
    """This record no longer waits for a decision."""


VERDICT_REASONS: tuple[type[Refused], ...] = (
    Unreadable, UnknownKind, VersionRetired, IdWithoutTime, UnknownPlace, NotMadeThere, UnknownIncident,
    UnknownActor, NobodyActed, SubjectMissing, RemarkMissing, PhotoNotAsked, PhotoMissing, PhotoTooLarge, NotAPicture, TellsMore, CorrectionIncomplete, CorrectionOfCorrection, RootDiffers,
    SameIdOtherContent, Ended, OutsideGrant, FromCutDevice, WasRejected, TooManyWaiting, EnvelopeRefused, UnknownAuthor,
    UnknownDevice, KeyUnknown, SealBroken, NotTheRecord, AnotherAuthor,
)  # fmt: skip
