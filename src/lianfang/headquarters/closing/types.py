"""What may cross the border of closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from lianfang.ground.incidents.types import Ground
from lianfang.kernel.errors import Conflict, Invalid, NotFound, Refused
from lianfang.kernel.ids import AccountId, IncidentId, PlaceId

HELD = "closing_held.sealed"
"""What the sealed column of held items is bound to."""


class State(StrEnum):
    """How far a closing has come."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DONE = "done"
    CANCELLED = "cancelled"


class StepState(StrEnum):
    """How far one step has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class What(StrEnum):
    """What ends: an incident, or books whose time is over."""

    INCIDENT = "incident"
    ROLLING = "rolling"


class ItemKind(StrEnum):
    """What is held."""

    RECORD = "record"
    MATTER = "matter"
    PERSON = "person"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class NewHold:
    """Something to be held back from erasure (留存): what, why, for whom, until when, and who keeps it."""

    kind: ItemKind
    item: UUID
    reason: str
    authority: str
    until: date
    keeper: AccountId


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step with what it did."""

    name: str
    state: StepState
    done_at: datetime | None
    counts: Mapping[str, int]
    trouble: str


@dataclass(frozen=True, slots=True)
class HoldSeen:
    """One held item, without what it says."""

    id: UUID
    incident: IncidentId
    kind: ItemKind
    item: UUID
    reason: str
    authority: str
    until: date
    keeper: AccountId
    held_by: AccountId | None
    held_at: datetime
    kept: bool
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClosingSeen:
    """A closing as its page shows it; of one that is done, with its certificate."""

    id: UUID
    what: What
    incident: IncidentId | None
    name: str
    place_id: PlaceId
    state: State
    ground: Ground
    asked_by: AccountId | None
    asked_at: datetime
    confirmed_by: AccountId | None
    confirmed_at: datetime | None
    finished_at: datetime | None
    number: int | None
    counts: Mapping[str, int]
    checked: Mapping[str, Any]
    steps: tuple[StepSeen, ...] = ()
    holds: tuple[HoldSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for bytes looked through, and where it found something (which must be nowhere)."""

    files: int
    size: int
    marks: int
    hits: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """What only the installation can do: rewrite tables, rotate keys and logs, make a new backup, and look for bytes everywhere."""

    rewrite: Callable[[Sequence[str]], Mapping[str, int]]
    renew_keys: Callable[[], Mapping[str, int]]
    sweep: Callable[[], Mapping[str, int]]
    back_up: Callable[[], Mapping[str, int]]
    search: Callable[[Sequence[bytes]], Found]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go and what would stay if an incident were closed now: rows by table, and what stands in the way."""

    incident: IncidentId
    name: str
    goes: Mapping[str, int]
    stays: Mapping[str, int]
    holds: tuple[HoldSeen, ...]
    due_on: date | None
    in_the_way: tuple[str, ...] = field(default=())


class ClosingNotFound(NotFound):
    """There is no such closing, or it lies outside what you answer for."""


class StillRunning(Conflict):
    """This incident has not ended. End it first: residents' data is needed as long as it runs."""


class DrillsRoll(Refused):
    """A drill lies in the book of its month and goes with it by itself."""


class AlreadyClosing(Conflict):
    """The erasure of this incident was proposed already."""


class FourEyes(Refused):
    """Whoever proposed an erasure cannot confirm it: two people answer for it."""


class AccountNeeded(Refused):
    """An erasure is proposed and confirmed by people with accounts. Say who you are (--as LOGIN)."""


class NotProposed(Conflict):
    """This closing does not wait for a decision any more."""


class GroundMissing(Invalid):
    """State the authority that decided and the document it decided by."""


class HoldIncomplete(Invalid):
    """A hold states its reason, the authority it is kept for, and a day on which it ends, not more than three years from now."""


class NothingThere(NotFound):
    """There is no such item in the books of this incident."""


class NotTheKeeper(Refused):
    """Only the keeper named in the hold opens it."""


class HoldOver(Conflict):
    """This hold has ended, and what it kept is gone."""


class StillFound(Refused):
    """The search found traces of what was erased in {count} places. The certificate is not given; see the step."""


class NotFolded(Refused):
    """Figures do not yet hold everything that came in. The step is taken again."""
