"""What may cross the border of rounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lianfang.kernel.errors import Conflict, Invalid, NotFound
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, PlaceId, RecordId, RoundId
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.words import Choice


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """How a door stands: the last visit by effective time, and how often it was tried since it was last settled."""

    place_id: PlaceId
    position: int
    outcome: Outcome
    settled: bool
    since: datetime
    record_id: RecordId
    tries: int
    people_seen: int
    visits: int


@dataclass(frozen=True, slots=True)
class DoorCount:
    """Doors (户) under a place by how they stand. `visited` counts those with any visit at all."""

    visited: int
    settled: int
    by_outcome: dict[Outcome, int]


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day: visits (户次, events), and doors (户, distinct) whose present settling outcome dates from it."""

    day: date
    visits: int
    settled: int


class RoundState(Choice):
    """Where a round stands."""

    PLANNED = "planned", "not begun", "未开始"
    OPEN = "open", "in progress", "进行中"
    CLOSED = "closed", "ended", "已结束"
    WITHDRAWN = "withdrawn", "taken back", "已撤回"


class Reason(Choice):
    """Why a door is still open in a round. After the deadline: why it was not reached."""

    NOT_YET = "not_yet", "not visited yet", "未访"
    LIT = "lit", "nobody home, light on", "无人·亮灯"
    DARK = "dark", "nobody home, dark", "无人·熄灯"
    REFUSED = "refused", "refused", "拒访"
    CHECK = "check", "to be verified", "待核"
    HOUSEHOLD = "household", "a household still without an outcome", "尚有住户无结果"


class Order(Choice):
    """In which order open doors are listed: as one walks (the lift to the top, then down floor by floor), or by door number."""

    WALKING = "walking", "as one walks", "按走的顺序"
    POSITION = "position", "by door", "按门牌"


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round to be opened: over a place or an area (one of the two), with a form by name, until a deadline.

    `repeat_days`: so many days after it opened the next one opens by itself, equally long. `opens_at`: now, unless said.
    """

    name: str
    form: str
    closes_at: datetime
    place: PlaceId | None = None
    area: AreaId | None = None
    opens_at: datetime | None = None
    legal_basis: str = ""
    purpose: str = ""
    incident: IncidentId | None = None
    repeat_days: int | None = None


@dataclass(frozen=True, slots=True)
class RoundSeen:
    """One round. `form` is name and version; `ends_at` its deadline, or when it was closed by hand before it.

    `first_closes_at` is the deadline it was opened with, where it was given more time since. `taking_in`: visits that came before it was
    opened are still being taken in. `withdrawn_at` is when it was taken back as opened by mistake. `frozen_at` is when its statement of unreached doors was taken; `stream` is zeros for what is real and the incident's id for a drill.
    """

    id: RoundId
    series: UUID
    number: int
    name: str
    form: str
    place_id: PlaceId | None
    area_id: AreaId | None
    home_id: PlaceId
    incident: IncidentId | None
    stream: UUID
    legal_basis: str
    purpose: str
    opens_at: datetime
    closes_at: datetime
    ends_at: datetime
    repeat_days: int | None
    closed_at: datetime | None
    frozen_at: datetime | None
    opened_by: AccountId | None
    first_closes_at: datetime | None = None
    taking_in: bool = False
    withdrawn_at: datetime | None = None

    def state(self, now: datetime) -> RoundState:
        """Where it stands at a moment."""
        if self.withdrawn_at:
            return RoundState.WITHDRAWN
        if now < self.opens_at:
            return RoundState.PLANNED
        return RoundState.OPEN if now < self.ends_at else RoundState.CLOSED

    def must_count(self) -> None:
        """Raises RoundWithdrawn for one that was taken back: it lists nothing, and nothing is typed into it."""
        if self.withdrawn_at:
            raise RoundWithdrawn(name=self.name)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a round has come in some ranges.

    `doors`, `settled`, `by_outcome` and `by_reason` are doors (户), each once; `visits` are 户次; `people_seen` is 人 (each door's most at
    once), `people_times` 人次. `by_outcome` parts the settled doors, `by_reason` the open ones; those nobody has touched are `Reason.NOT_YET`.
    """

    doors: int
    settled: int
    by_outcome: dict[Outcome, int] = field(default_factory=dict)
    by_reason: dict[Reason, int] = field(default_factory=dict)
    visits: int = 0
    people_seen: int = 0
    people_times: int = 0

    @property
    def open(self) -> int:
        """Doors still open."""
        return self.doors - self.settled

    @property
    def share(self) -> float | None:
        """Settled doors out of all, 0 to 1; None where there is no door."""
        return self.settled / self.doors if self.doors else None


@dataclass(frozen=True, slots=True)
class MissingDoor:
    """A door of a round that is still open: where it is, why, how often it was tried, when last, and when the next try is planned.

    `record_id` is the visit that says why; None where nobody has been there.
    """

    place_id: PlaceId
    position: int
    label: str
    floor: int | None
    unit_id: PlaceId | None
    unit_name: str
    building_id: PlaceId
    building_name: str
    reason: Reason
    tries: int
    visits: int
    last_at: datetime | None
    next_at: datetime | None
    record_id: RecordId | None


@dataclass(frozen=True, slots=True)
class DoorInRound:
    """How one door stands in a round. `outcome` settled it, or `reason` keeps it open."""

    place_id: PlaceId
    position: int
    settled: bool
    outcome: Outcome | None
    reason: Reason | None
    tries: int
    visits: int
    people_seen: int
    last_at: datetime | None
    next_at: datetime | None
    record_id: RecordId | None


@dataclass(frozen=True, slots=True)
class DoorThen:
    """A door at the end of a day in a round: its standing (an outcome, or "household"), None where nobody had been to it."""

    place_id: PlaceId
    position: int
    standing: str | None
    since: datetime | None
    record_id: RecordId | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rounds over the same ranges, side by side, and the doors (户) that both, one or none of them settled."""

    first: Coverage
    second: Coverage
    settled_in_both: int
    only_in_first: int
    only_in_second: int
    open_in_both: int


@dataclass(frozen=True, slots=True)
class EndStatement:
    """What a round had reached when it ended, as known then, and what it comes to now: later records show as revisions.

    `doors`, `settled` and `unreached` are 户; `revised_by` is how many more (or fewer) doors are settled by today's knowledge.
    """

    taken_at: datetime
    doors: int
    settled: int
    unreached: dict[Reason, int]
    revised_by: int


@dataclass(frozen=True, slots=True)
class ArrivalCount:
    """People (人) who came from elsewhere by the end of a day, and those of them still followed up on it."""

    total: int
    following: int


@dataclass(frozen=True, slots=True)
class ArrivalSeen:
    """One arrival. `origin` is a twelve-digit code or a country."""

    record_id: RecordId
    place_id: PlaceId
    position: int
    subject: UUID | None
    arrived_on: date
    follow_until: date | None
    origin: str
    means: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class ArrivalFollowed:
    """One arrival on a day: the how-manieth day of how many it is (day 0 is the day of arrival), and when somebody had word of them that day.

    `outcome` is "seen" or "phone", None where the arrival itself was written down that day; both are None where nobody has had word.
    `symptoms` is what was said of their health, None where nobody asked.
    """

    arrival: ArrivalSeen
    day: int
    days: int
    reached_at: datetime | None
    outcome: str | None
    symptoms: bool | None


@dataclass(frozen=True, slots=True)
class ArrivalDay:
    """People (人) who came on a day, who had come by its end, and who of them was followed up on it."""

    day: date
    came: int
    total: int
    following: int


class RoundNotFound(NotFound):
    """This round does not exist, or it lies outside what you answer for."""


class NameTheRound(Invalid):
    """Write the name of the round."""


class OneAreaOnly(Invalid):
    """A round is over a place or over an area, one of the two."""


class DeadlineWrong(Invalid):
    """The deadline lies ahead, and after the opening."""


class NotLater(Invalid):
    """The new deadline lies after the present one."""


class SayWhy(Invalid):
    """Write why: it is kept in the log of changes."""


class RepeatsWrong(Invalid):
    """A round repeats after at least one day, and not before it has ended."""


class IncidentOver(Conflict):
    """The incident has ended: no round is opened for it any more."""


class AlreadyClosed(Conflict):
    """This round has already ended."""


class RoundWithdrawn(Conflict):
    """“{name}” was taken back: no door is missing in it, and no list belongs to it. Use the list of a round that is open."""


class SomethingRecorded(Conflict):
    """{doors} doors have been recorded in this round: it can be ended, but no longer taken back."""


class NoDoorThere(Invalid):
    """A round is over a part of the tree that may hold doors, from a building up."""


class LineKind(StrEnum):
    """What differs at a door."""

    TWO_PEOPLE = "two_people"
    DOOR_CHANGED = "door_changed"
    PERSON_CHANGED = "person_changed"


@dataclass(frozen=True, slots=True)
class Said:
    """What one record says."""

    record_id: RecordId
    actor: AccountId | None
    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something at a door that somebody should look at: the later record first, then the one before it, if there are two."""

    id: UUID
    kind: LineKind
    place_id: PlaceId
    position: int
    said: tuple[Said, ...]


class LineNotFound(NotFound):
    """This line is gone: it was settled, or one of its records was withdrawn."""
