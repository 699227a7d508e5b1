"""What may cross the border of what goes up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from lianfang.kernel.errors import Conflict, NotFound, Refused
from lianfang.kernel.ranges import Range

FORM = 1
"""The form of what goes up. A node of a later form still sends what this one reads: its publication names the columns."""

OLD_AFTER = timedelta(minutes=5)
"""Figures older than this are marked: a node that is heard from sends every few seconds."""


class NodeUnknown(NotFound):
    """No figures come up from a node {code}. `./lianfang node list` says from which they do."""


class NodeKnown(Conflict):
    """Figures come up from {code} already."""


class NodesOverlap(Refused):
    """{name} lies in, or over, {other}, whose figures come up already: they would be counted twice."""


class KeptBelow(Refused):
    """This is kept at {node}: only figures of communities and above come up from there, and nothing of a door or a person."""


class DayByDay(Refused):
    """Figures of {node} come up day by day, and distinct ones of several days do not add up: ask for one day."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node (节点) whose figures come up: a district or a city with an installation of its own, by its official code."""

    code: str
    name: str
    range: Range
    slot: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the figures of a node stand: `day` is the last one told by the day asked for, `unknown` are figures its version does not have."""

    node: Node
    day: date | None
    as_of: datetime | None
    unknown: frozenset[str] = frozenset()

    def old(self, now: datetime) -> bool:
        """Whether the figures are marked as old."""
        return self.as_of is None or now - self.as_of > OLD_AFTER


@dataclass(frozen=True, slots=True)
class Parted:
    """Lists of ranges as far as nodes answer for them: `numbers` by figure from below, and the `rest` of each list that is counted here."""

    rest: Sequence[Sequence[Range]]
    numbers: Sequence[Mapping[str, int]]
    standings: Sequence[Standing]
    of: Sequence[Sequence[str]]
    """The codes of the nodes that each list meets."""

    @property
    def as_of(self) -> datetime | None:
        """Since when the oldest of it stands."""
        return min((one.as_of for one in self.standings if one.as_of), default=None)


@dataclass(frozen=True, slots=True)
class RoundUp:
    """A round as it is known above: its name, over what, and when."""

    id: UUID
    name: str
    range: Range
    opens_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationUp:
    """An organisation as it is known above: at its community, or higher; no person of it."""

    id: UUID
    parent: UUID | None
    name: str
    kind: str
    range: Range
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a node tells of one day, all of it in one transaction: figures that are not zero, by the range of their place."""

    node: str
    name: str
    range: Range
    day: date
    as_of: datetime
    keys: Sequence[str]
    figures: Sequence[tuple[Range, str, int]]
    rounds: Sequence[RoundUp] = ()
    organisations: Sequence[OrganisationUp] = field(default=())
