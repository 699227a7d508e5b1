"""What may cross the border of playbooks: plans and their parts, runs and their items, refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from lianfang.ground.incidents.types import Ground, IncidentKind
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.kernel.errors import Conflict, Invalid, NotFound, Refused
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, OrganisationId, PersonId, PlaceId


class Each(StrEnum):
    """For which places inside the plan's a part is done: once for the whole, or once for each place of a kind."""

    WHOLE = "whole"
    STREET = "street"
    COMMUNITY = "community"
    COMPOUND = "compound"
    GRID = "grid"
    BUILDING = "building"


class Section(StrEnum):
    """The steps of an activation, in the order in which they are done."""

    INCIDENT = "incident"  # 事件、措施
    BODIES = "bodies"  # 临时党支部
    TEAMS = "teams"  # 队伍
    POSTS = "posts"  # 岗位
    AREAS = "areas"  # 责任区
    NEEDS = "needs"  # 人员需求
    ASSIGNING = "assigning"  # 分派
    CALLS = "calls"  # 召集
    ORDERS = "orders"  # 通知部署


class WayBack(StrEnum):
    """The steps of standing down, in the order in which they are done."""

    CALLS = "calls"  # 结束召集
    ORDERS = "orders"  # 通知办结
    TASKS = "tasks"  # 事项办结
    ROUNDS = "rounds"  # 排查结束
    NEEDS = "needs"  # 人员返回
    SERVICE = "service"  # 服务情况
    DUTIES = "duties"  # 岗位、队伍、责任区
    BODIES = "bodies"  # 撤销或转设
    MEASURES = "measures"  # 解除措施
    GRANTS = "grants"  # 收回授权
    REPORT = "report"  # 结束报告
    END = "end"  # 结束事件


class RunKind(StrEnum):
    """What a run does."""

    ACTIVATION = "activation"
    STANDING_DOWN = "standing_down"


class RunState(StrEnum):
    """Where a run stands. Held: somebody, or a refusal that it cannot pass, made it wait."""

    RUNNING = "running"
    HELD = "held"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class ItemState(StrEnum):
    """Where one thing of a run stands. Refused: a rule of its context forbade it; the run went on, and says so."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a plan: what is raised, and for which places. `{place}` in the name and text becomes the name of each.

    `number` is how many people are wanted (a post at once, a need at least, a call), `most` the most that a need takes. `of`: the key of the
    body that raises a team or post, or of the post that a need is for, at the same place.
    """

    key: str
    section: Section
    name: str
    each: Each = Each.WHOLE
    text: str = ""
    kind: str = ""
    number: int = 1
    most: int = 0
    of: str = ""
    of_party: bool = False
    risky: bool = False
    able: tuple[str, ...] = ()
    down_to: str = "community"
    minutes: int = 15
    hours: int = 24


@dataclass(frozen=True, slots=True)
class Content:
    """What a version of a plan says: how the incident is opened, and its parts. `assign`: people are allotted to what is needed."""

    level: str = "III"
    days: int = 14
    measures: tuple[str, ...] = ()
    rule_set: str = ""
    approver: UUID | None = None
    assign: bool = False
    parts: tuple[Part, ...] = ()

    def part(self, key: str) -> Part:
        """One part by its key. Raises PartNotFound."""
        for part in self.parts:
            if part.key == key:
                return part
        raise PartNotFound

    def of(self, section: Section) -> list[Part]:
        """The parts of a step, in their order."""
        return [part for part in self.parts if part.section is section]


@dataclass(frozen=True, slots=True)
class Site:
    """One place that a part is done for: a place of the tree, or an area administered at one (then both)."""

    place_id: PlaceId
    name: str
    position: int
    area_id: AreaId | None = None

    @property
    def id(self) -> UUID:
        """What tells it from the other sites of its part."""
        return self.area_id or self.place_id


@dataclass(frozen=True, slots=True)
class HolderSeen:
    """Somebody bound to a part of a plan at one of its places, masked. `gone`: they have left since, or are no longer known."""

    holder_id: UUID
    part: str
    site_id: UUID
    person_id: PersonId
    name: str
    leads: bool
    gone: bool = False


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """A plan with the version that holds."""

    plan_id: UUID
    name: str
    kind: IncidentKind
    place_id: PlaceId
    position: int
    number: int
    written_at: datetime
    content: Content
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One version of a plan: from which day, by whom, and why it was changed."""

    number: int
    written_at: datetime
    written_by: AccountId | None
    note: str


class Lack(StrEnum):
    """What is wrong with a plan in peacetime."""

    PLACE_GONE = "place_gone"  # 地方已不存在
    PERSON_GONE = "person_gone"  # 人员已离开
    NOBODY = "nobody"  # 无人
    TOO_FEW_MEMBERS = "too_few_members"  # 正式党员不足三人
    TWO_POSTS = "two_posts"  # 一人两岗
    NO_SITE = "no_site"  # 没有这样的地方
    NO_APPROVER = "no_approver"  # 未定批准组织
    NO_POOL = "no_pool"  # 可调配力量不足


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: in which part, at which place, and how many people it is about."""

    lack: Lack
    part: str
    site: str = ""
    count: int = 1
    part_key: str = ""
    site_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a preview: how many things, how many people they are about."""

    section: str
    things: int
    people: int = 0


@dataclass(frozen=True, slots=True)
class Switch:
    """How a plan is activated: on what ground, until when, by which paper its bodies are approved. `drill`: only practised."""

    ground: Ground
    expires_at: datetime
    drill: bool = False
    name: str = ""
    level: str = ""
    approver: OrganisationId | None = None


@dataclass(frozen=True, slots=True)
class StandDown:
    """How an incident is stood down: on what ground, and which bodies become standing ones, of what kind; all others are dissolved."""

    ground: Ground
    keep: dict[UUID, OrganisationKind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step of a run: how many things there were, and how they stand. `said` are sentences about what cannot be taken back."""

    key: str
    things: int
    done: int
    refused: int
    undone: int
    ended_at: datetime | None = None

    @property
    def waiting(self) -> int:
        """How many are still to be done."""
        return self.things - self.done - self.refused - self.undone


@dataclass(frozen=True, slots=True)
class RefusedSeen:
    """One thing that a run could not do, and the reason: the message with its facts."""

    section: str
    name: str
    message: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A run as it stands."""

    run_id: UUID
    kind: RunKind
    state: RunState
    plan_id: UUID | None
    incident_id: IncidentId
    name: str
    place_id: PlaceId
    position: int
    drill: bool
    begun_at: datetime
    begun_by: AccountId | None
    ended_at: datetime | None
    steps: tuple[StepSeen, ...]
    message: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def moving(self) -> bool:
        """Whether the process of jobs has it in hand."""
        return self.state in (RunState.RUNNING, RunState.UNDOING)


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """What one person did in an incident, from records: days of duty, minutes on duty where they were signed, and where."""

    person_id: PersonId
    name: str
    organisation_id: OrganisationId | None
    first: date
    last: date
    days: int
    minutes: int
    where: tuple[str, ...]
    what: tuple[str, ...]


class PlanNotFound(NotFound):
    """This plan does not exist, or lies outside what you answer for."""


class PartNotFound(NotFound):
    """This part is no longer in the plan."""


class RunNotFound(NotFound):
    """This activation does not exist, or lies outside what you answer for."""


class PlanRetired(Conflict):
    """This plan has been laid aside."""


class PlanIncomplete(Invalid):
    """Write the name of the plan, and in each part what it is called and what it is for."""


class UnknownExample(Invalid):
    """There is no example of the name {name}."""


class SiteWrong(Invalid):
    """This part of the plan has no such place."""


class AlreadyRunning(Conflict):
    """This plan has been activated and not yet stood down: {name}."""


class NotHeld(Conflict):
    """This cannot be done while the run is in this state."""


class NothingToUndo(Conflict):
    """There is nothing left to take back."""


class ActedUpon(Refused):
    """Somebody has acted on it already, so it cannot be taken back as if it had not been. Stand the incident down instead."""


class ActivationRuns(Conflict):
    """The activation is not finished. Wait for it, or take it back."""


class ReportMissing(Conflict):
    """The report is counted when the incident is stood down; that has not come so far yet."""


class ConversionWrong(Invalid):
    """Name a Party organisation and the kind for each body that stays."""
