"""What may cross the border of this context about loading: states, verdicts and their reasons, questions, sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lianfang.kernel.errors import Conflict, Invalid, NotFound, Refused
from lianfang.kernel.ids import PersonId, PlaceId


class State(StrEnum):
    """How far a roster has come."""

    RECEIVED = "received"  # the file is here; it will be read
    READING = "reading"
    TRIED = "tried"  # every row has the verdict it would get; nothing is changed
    AGAIN = "again"  # doors were laid out or options changed: the rows are to be compared anew
    ORDERED = "ordered"  # somebody said: load it
    LOADING = "loading"
    LOADED = "loaded"
    REFUSED = "refused"  # the file as a whole cannot be read
    DROPPED = "dropped"  # somebody put it away before it was loaded


AT_WORK = (State.RECEIVED, State.READING, State.AGAIN, State.ORDERED, State.LOADING)


class Verdict(StrEnum):
    """What became of a row that names a person."""

    ADDED = "added"  # 新增
    MERGED = "merged"  # 合并: the same person as an earlier row of this file
    CHANGED = "changed"  # 更新
    UNCHANGED = "unchanged"  # 无变化
    WAITING = "waiting"  # 待处理: a person decides
    REFUSED = "refused"  # 不收


class QuestionKind(StrEnum):
    """What a person is asked."""

    TWO_DOORS = "two_doors"  # lives elsewhere here, or stands at two doors of this file
    DIFFERS = "differs"  # same name at the same door or with the same phone, another paper or date of birth
    OTHER_NAME = "other_name"  # same paper, another name
    LEFT_OUT = "left_out"  # stood in the roster before and not in this one


class Settlement(StrEnum):
    """What a person answers."""

    MOVED = "moved"  # lives at the roster's door now, no longer at the other
    BOTH = "both"  # registered at the door that was known, lives at the roster's
    STAYS = "stays"  # what was known holds
    TAKE = "take"  # the roster's value holds
    OTHER = "other"  # somebody else: added
    LEFT = "left"  # does not belong here any more


SETTLEMENTS: dict[QuestionKind, tuple[Settlement, ...]] = {
    QuestionKind.TWO_DOORS: (Settlement.MOVED, Settlement.BOTH, Settlement.STAYS, Settlement.OTHER),
    QuestionKind.DIFFERS: (Settlement.TAKE, Settlement.STAYS, Settlement.OTHER),
    QuestionKind.OTHER_NAME: (Settlement.TAKE, Settlement.STAYS, Settlement.OTHER),
    QuestionKind.LEFT_OUT: (Settlement.LEFT, Settlement.STAYS),
}
"""The answers that each question takes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of a file that is taken in and worked off in one go."""

    only_try: bool = False
    add_doors: bool = False
    accept_likely: bool = False


@dataclass(frozen=True, slots=True)
class MissingBuilding:
    """Doors that the roster names and the tree lacks, of one building."""

    compound: str
    building: str
    units: int
    doors: int
    sample: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a roster comes to: rows that are persons, doors found, verdicts, and how many rows each reason has."""

    rows: int = 0
    doors: int = 0
    added: int = 0
    merged: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    refused: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    left_out: int = 0
    questions: int = 0
    missing_doors: int = 0
    likely: int = 0  # rows that wait only because their address is not as written
    other_rows: int = 0  # rows that are no persons: titles, headings, sums, notes
    same_file: bool = False


@dataclass(frozen=True, slots=True)
class RosterSeen:
    """A roster as lists and pages show it."""

    roster_id: UUID
    place_id: PlaceId  # its community
    name: str
    form: str
    size: int
    state: State
    brought_by: UUID | None
    brought_at: datetime
    loaded_at: datetime | None
    summary: Summary
    done: int
    total: int
    refusal: Refused | None
    content_kept: bool
    erased_at: datetime | None = None  # when its content and the values of its rows went


@dataclass(frozen=True, slots=True)
class RowSeen:
    """A row with its verdict; `name` as written, masked by whoever shows it."""

    row_id: int
    ordinal: int
    sheet: str
    line: int
    name: str
    address: str
    verdict: Verdict
    reasons: tuple[Refused, ...]
    person_id: PersonId | None
    door_id: PlaceId | None
    values: Mapping[str, str]
    alternatives: tuple[PlaceId, ...] = ()
    settled: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSeen:
    """A question with what it is about."""

    question_id: int
    kind: QuestionKind
    person_id: PersonId
    row: RowSeen | None
    door_id: PlaceId | None
    other_door_id: PlaceId | None
    settlement: Settlement | None
    settled_by: UUID | None
    settled_at: datetime | None


# --- refusals ---------------------------------------------------------------------------------------------------------


class RosterNotFound(NotFound):
    """This roster does not exist, or its community lies outside what you answer for."""


class RowNotFound(NotFound):
    """This row does not exist any more."""


class NotACommunity(Invalid):
    """A roster is loaded for one community; {name} is none."""


class NothingToLoad(Invalid):
    """The file names nobody: no sheet has a column of names."""


class RosterBusy(Conflict):
    """Another roster of this community is being read or loaded at this moment. Wait until it is done."""


class NotTried(Conflict):
    """This roster is not waiting to be loaded."""


class ContentGone(NotFound):
    """The file is not kept any more. Files are kept for {days} days after they came in."""


class AlreadySettled(Conflict):
    """This was settled in the meantime."""


class NotSettled(Conflict):
    """This is not settled yet; there is nothing to undo."""


class TooLateToUndo(Conflict):
    """What was known before is not kept any more; {days} days have passed. Correct the person instead."""


class AnswerWrong(Invalid):
    """This answer does not fit the question."""


class StillUnreadable(Invalid):
    """The row still cannot be taken in."""


# --- reasons of verdicts (never raised) -------------------------------------------------------------------------------


class NewHere(Refused):
    """Was not known here; added."""


class SameAsRow(Refused):
    """The same person as in row {line} of “{sheet}”."""


class SameAsRowOtherSense(Refused):
    """The same person as in row {line} of “{sheet}”: registered at one door, living at the other."""


class AsKnown(Refused):
    """As it is known already."""


class AsBefore(Refused):
    """This row stood so in an earlier roster."""


class PhoneTaken(Refused):
    """The telephone number was taken over from the roster."""


class PaperTaken(Refused):
    """The ID number was taken over from the roster."""


class BirthTaken(Refused):
    """The date of birth was taken over from the roster."""


class SexTaken(Refused):
    """The sex was taken over from the roster."""


class RelationTaken(Refused):
    """The relation to the head of the household was taken over from the roster."""


class HomeTaken(Refused):
    """Belongs to this door as well from now on."""


class DoorUnknown(Refused):
    """This door is not laid out here yet: {door}."""


class DoorLikely(Refused):
    """The address was understood, but it is not as written."""


class NotADwelling(Refused):
    """The address leads to {name}, not to a door."""


class AtTwoDoors(Refused):
    """This person stands at two doors, here and at {door}. Which of them holds?"""


class PaperOfAnother(Refused):
    """Somebody with another name has this ID number here."""


class PaperDiffers(Refused):
    """Somebody of this name is known here with another ID number."""


class BirthDiffersFromKnown(Refused):
    """Somebody of this name is known here with another date of birth or sex."""


class SeveralAlike(Refused):
    """Several people of this name are known at this door."""


class MorePhonesTaken(Refused):
    """Further telephone numbers of the cell are kept beside the first: {count}."""


class NotOurPlace(Refused):
    """The address lies outside this community."""


class SetAside(Refused):
    """Set aside by hand."""


class SettledByHand(Refused):
    """Settled by hand."""


class MendedByHand(Refused):
    """Mended by hand and taken in."""
