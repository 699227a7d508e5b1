"""What may cross the border of this context: kinds, results and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lianfang.kernel.errors import Conflict, Invalid, NotFound, Refused
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, MeasureId, PlaceId
from lianfang.kernel.ranges import Range


class IncidentKind(StrEnum):
    """What happened. The four groups of the Emergency Response Law (2024, art. 3) and what communities meet most."""

    EPIDEMIC = "epidemic"  # 疫情
    FLOOD = "flood"  # 洪涝
    HEAT = "heat"  # 高温
    COLD = "cold"  # 寒潮、低温冰冻
    EARTHQUAKE = "earthquake"  # 地震
    FIRE = "fire"  # 火灾
    GAS = "gas"  # 燃气泄漏
    OUTAGE = "outage"  # 停水停电停暖
    OTHER = "other"


class ResponseLevel(StrEnum):
    """Level of the response (响应级别), the first the gravest (Emergency Response Law 2024, art. 71)."""

    ONE = "I"  # Ⅰ级,特别重大
    TWO = "II"  # Ⅱ级,重大
    THREE = "III"  # Ⅲ级,较大
    FOUR = "IV"  # Ⅳ级,一般


class Phase(StrEnum):
    """Where an incident stands between its beginning and its end (阶段)."""

    FIRST_CASE = "first_case"  # 首例、初起
    RESTRICTED = "restricted"  # 管控
    RAISED = "raised"  # 提级管控
    CLEARING = "clearing"  # 清零攻坚
    LIFTING = "lifting"  # 有序解除


class Step(StrEnum):
    """What a decision about an incident did."""

    OPENED = "opened"
    LEVEL = "level"
    PHASE = "phase"
    RENEWED = "renewed"
    RULES = "rules"
    ENDED = "ended"


class MeasureStep(StrEnum):
    """What a decision about a measure did. Taking effect and being published are two times, of raising and of lifting alike."""

    RAISED = "raised"
    PUBLISHED = "published"
    RENEWED = "renewed"
    LIFTED = "lifted"
    LIFTING_PUBLISHED = "lifting_published"


class Running(StrEnum):
    """Whether an incident runs: lapsed is one whose period is over and that nobody renewed or ended."""

    OPEN = "open"
    LAPSED = "lapsed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Ground:
    """On what ground something is decided (依据): who decided, by which document, and why."""

    authority: str
    document: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """An incident to be opened. It states the matter, the level, the area, the period, the measures and the ground (art. 72).

    `measures` names those raised over the whole area at once, by key; more are raised one by one. `rule_set` is the id of one or empty.
    """

    name: str
    kind: IncidentKind
    level: ResponseLevel
    expires_at: datetime
    ground: Ground
    place: PlaceId | None = None
    area: AreaId | None = None
    measures: tuple[str, ...] = ()
    rule_set: str = ""
    drill: bool = False
    opened_at: datetime | None = None
    incident_id: IncidentId | None = None


@dataclass(frozen=True, slots=True)
class Raising:
    """A measure to be raised (采取措施) over a place or an area of an incident.

    `begins_at` is when it takes effect (now), `published_at` when people were told (not yet). `beyond` says why it goes beyond its rule
    set, where it does.
    """

    incident: IncidentId
    key: str
    expires_at: datetime
    ground: Ground
    place: PlaceId | None = None
    area: AreaId | None = None
    begins_at: datetime | None = None
    published_at: datetime | None = None
    beyond: str = ""
    measure_id: MeasureId | None = None


@dataclass(frozen=True, slots=True)
class IncidentSeen:
    """One incident: over a place, over an area, or over everything (both None, from before areas had to be stated).

    Level, phase, period and ground are as last decided; None and empty for one opened before they had to be stated.
    """

    incident_id: IncidentId
    name: str
    kind: IncidentKind
    opened_at: datetime
    ended_at: datetime | None
    place_id: PlaceId | None
    area_id: AreaId | None
    drill: bool
    level: ResponseLevel | None = None
    phase: Phase | None = None
    expires_at: datetime | None = None
    authority: str = ""
    document: str = ""
    rule_set: str = ""

    def running(self, now: datetime) -> Running:
        """Whether it runs at a moment."""
        if self.ended_at is not None and self.ended_at <= now:
            return Running.ENDED
        return Running.LAPSED if self.expires_at is not None and self.expires_at <= now else Running.OPEN


@dataclass(frozen=True, slots=True)
class DecisionSeen:
    """One line of an incident's timeline. Fields that the decision did not touch are None or empty."""

    step: Step
    at: datetime
    ground: Ground
    decided_by: AccountId | None
    recorded_at: datetime
    level: ResponseLevel | None = None
    phase: Phase | None = None
    expires_at: datetime | None = None
    rule_set: str = ""


@dataclass(frozen=True, slots=True)
class MeasureDecisionSeen:
    """One decision about a measure. `at` is when it takes effect, or for the published ones when people were told."""

    step: MeasureStep
    at: datetime
    ground: Ground
    decided_by: AccountId | None
    recorded_at: datetime
    expires_at: datetime | None = None
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a measure means: its words, and in which respect (aspect) it is how strict (rank). `implies` are keys of further measures."""

    key: str
    name: str
    term: str
    aspect: str
    rank: int
    implies: tuple[str, ...] = ()
    at_most_days: int | None = None


@dataclass(frozen=True, slots=True)
class MeasureSeen:
    """A measure over one place or area. It holds in [begins_at, ends_at): ends_at is its lifting, or else the end of its period."""

    measure_id: MeasureId
    incident_id: IncidentId
    meaning: Meaning
    rule_set: str
    place_id: PlaceId | None
    area_id: AreaId | None
    begins_at: datetime
    expires_at: datetime
    lifted_at: datetime | None
    published_at: datetime | None
    lifting_published_at: datetime | None
    authority: str
    document: str
    beyond: str = ""

    @property
    def ends_at(self) -> datetime:
        """The first moment at which it no longer holds."""
        return min(self.expires_at, self.lifted_at) if self.lifted_at else self.expires_at

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at a moment."""
        return self.begins_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds in one respect: the strictest measure, as the measure that was raised and what it means in this respect."""

    aspect: str
    meaning: Meaning
    measure: MeasureSeen


@dataclass(frozen=True, slots=True)
class Stretch:
    """Positions at all of which the same measures hold, one for each respect."""

    range: Range
    holding: tuple[InForce, ...]


@dataclass(frozen=True, slots=True)
class DoorsUnder:
    """How many doors and dwellings stand under one measure in one respect."""

    holding: InForce
    doors: int
    dwellings: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Control rules of a time (防控规则), read from a file beside the code: see `rule_sets/README.md`."""

    id: str
    name: str
    term: str
    first_day: str
    last_day: str | None
    source: str
    zones: tuple[Meaning, ...] = ()
    subjects: tuple[dict[str, object], ...] = ()
    release: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """Something judged by rules from a day on, such as a quarantine: it keeps its rule set whatever is decided for new ones."""

    incident_id: IncidentId
    begun_at: datetime
    id: UUID | None = None


class IncidentNotFound(NotFound):
    """This incident does not exist."""


class MeasureNotFound(NotFound):
    """This measure does not exist."""


class IncidentEnded(Conflict):
    """This incident has ended."""


class NotRunning(Conflict):
    """The period of this incident is over. Renew it first, or end it."""


class MeasureOver(Conflict):
    """This measure no longer holds."""


class AlreadyPublished(Conflict):
    """This has already been published."""


class StillHeld(Conflict):
    """{count} measures are still in force. Lift them, or end the incident together with them."""


class NameMissing(Invalid):
    """Write the name of the incident."""


class OneScopeOnly(Invalid):
    """An incident is over a place or over an area, not both."""


class ScopeMissing(Invalid):
    """Say over which place or area."""


class MomentWrong(Invalid):
    """This moment lies ahead, or before the incident was opened."""


class PeriodWrong(Invalid):
    """The end of the period lies in the past, or before its beginning. Nothing is opened without an end."""


class PeriodBeyond(Invalid):
    """A measure cannot outlast the period of its incident, which ends {until}."""


class GroundMissing(Invalid):
    """State the authority that decided and the document it decided by."""


class ReasonMissing(Invalid):
    """Write the reason."""


class UnknownMeasure(Invalid):
    """There is no measure of the name {key} under these rules."""


class UnknownRules(Invalid):
    """There is no rule set {id}."""


class RulesNotOfThatDay(Invalid):
    """The rule set {id} did not hold on {day}."""


class OutsideIncident(Invalid):
    """This place lies outside the area of the incident."""


class BeyondTheRules(Refused):
    """The rules allow this for {days} days at most. Say why it must be longer; it is reported to those above as going beyond the rules."""


class NotTheAuthority(Refused):
    """Measures are lifted and announced by the authority that raised them ({authority}), or by one above it, which must be stated as such."""
