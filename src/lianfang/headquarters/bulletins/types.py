"""What may cross the border of bulletins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NewType
from uuid import UUID

from lianfang.kernel.errors import Conflict, NotFound, Refused
from lianfang.kernel.ids import AccountId, AreaId, PlaceId
from lianfang.kernel.ranges import Range
from lianfang.ledger.folding.cursors import Mark

IssueId = NewType("IssueId", UUID)


@dataclass(frozen=True, slots=True)
class Proof:
    """One row behind a figure: a record, a door, a matter, a spell of duty, or a building with its count.

    `after` is what to pass for the rows that follow this one. `says` holds codes and counts, never names.
    """

    what: str
    id: UUID
    place_id: PlaceId
    at: datetime | None
    after: str
    says: Mapping[str, object] = field(default_factory=dict)


class UnknownFigure(NotFound):
    """There is no figure “{key}”. `./lianfang figures` lists them."""


class PeriodBackwards(Refused):
    """The period ends before it begins."""


class FiguresErased(Refused):
    """The records behind this are erased (certificate {number}). What is kept are the figures of whole communities, day by day."""


class UnknownBulletin(NotFound):
    """There is no bulletin called “{name}”. There are: {known}."""


class PeriodAhead(Refused):
    """This period ends in the future. A bulletin is published of days that have begun."""


class NotYetCounted(Conflict):
    """What was received since {since} is not counted yet (behind by {minutes} min), so nothing was published: the numbers would leave it out.

    Try again in a few minutes; `./lianfang doctor` names what holds the figures back.
    """


class AlreadyPublished(Conflict):
    """Number {number} of this bulletin tells this period already. Withdraw it first, with a reason."""


class IssueNotFound(NotFound):
    """There is no such bulletin, or it lies outside what you answer for."""


class AlreadyWithdrawn(Conflict):
    """This bulletin was withdrawn already."""


class NoReason(Refused):
    """Say why it is withdrawn: everybody who read it will see the reason."""


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a bulletin: a part of the place with the positions it ever had."""

    place_id: PlaceId
    name: str
    code: str | None
    ranges: Sequence[Range]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a bulletin is about: a place, or an area of it, with its parts; `ranges` are all positions it ever had.

    `place_id` is the place itself, of an area the division it is administered at: there access is asked.
    """

    id: UUID
    place_id: PlaceId
    area_id: AreaId | None
    name: str
    code: str | None
    path: Sequence[str]
    level: str
    here: Range
    ranges: Sequence[Range]
    parts: Sequence[Part]
    part_level: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """A published bulletin (已发布的一期), kept as it was; withdrawn ones stay, with who withdrew them and why."""

    id: IssueId
    definition: str
    version: int
    subject_id: UUID
    place_id: PlaceId
    area_id: AreaId | None
    here: Range
    number: int
    first: date
    last: date
    published_at: datetime
    published_by: AccountId | None
    mark: Mark
    content: Mapping[str, Any]
    withdrawn_at: datetime | None = None
    withdrawn_by: AccountId | None = None
    withdrawn_because: str = ""
