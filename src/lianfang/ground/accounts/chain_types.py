"""What the chain of responsibility answers with: counts, gaps and overlaps as people think of them, and who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lianfang.ground.accounts.rules.roles import Role
from lianfang.kernel.ids import AccountId, AreaId, GrantId, PlaceId
from lianfang.kernel.ranges import Range


class Flaw(StrEnum):
    """What can be wrong with a link at a door."""

    GAP = "gap"  # nobody holds it
    OVERLAP = "overlap"  # several hold what one should


@dataclass(frozen=True, slots=True)
class LinkCount:
    """One link over some doors: at how many it is expected, at how many nobody holds it, at how many several do."""

    role: Role
    expected: int
    gaps: int
    overlaps: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the chain stands over some doors on a day. A door is covered when every link expected there is held.

    `without_leader`: doors that should have a unit or a building leader and have none.
    """

    doors: int
    covered: int
    overlaps: int
    without_leader: int
    links: tuple[LinkCount, ...]

    @property
    def gaps(self) -> int:
        """Doors with at least one gap."""
        return self.doors - self.covered


@dataclass(frozen=True, slots=True)
class CommunityCoverage:
    """One community of a street or city."""

    place_id: PlaceId
    name: str
    street: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class FlawGroup:
    """A gap or an overlap as people say it: 3栋2单元, 12 of 12 doors, no unit leader.

    Named by a place or by an area; `within` is the name of the place around a unit or building, `holders` are the names where several
    hold one office.
    """

    role: Role
    flaw: Flaw
    place_id: PlaceId | None
    area_id: AreaId | None
    name: str
    within: str
    doors: int
    out_of: int
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlawedDoor:
    """One door with its gaps and overlaps."""

    place_id: PlaceId
    name: str
    position: int
    gaps: tuple[Role, ...]
    overlaps: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role over some positions on a day, by one grant."""

    grant_id: GrantId
    role: Role
    account_id: AccountId
    name: str
    has_phone: bool
    place_id: PlaceId | None
    area_id: AreaId | None
    scope_name: str
    scope_kind: str  # the level of a place, the kind of an area
    ordinal: int
    ranges: tuple[Range, ...]
    valid_from: date
    valid_to: date | None

    def answers_for(self, piece: Range) -> bool:
        """Whether all of a piece lies in what they hold."""
        return any(own.holds(piece) for own in self.ranges)


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One link at one door: who holds it, and whether it should be held."""

    role: Role
    expected: bool
    holders: tuple[Holder, ...]

    @property
    def flaw(self) -> Flaw | None:
        """What is wrong with it."""
        if self.expected and not self.holders:
            return Flaw.GAP
        return Flaw.OVERLAP if self.overlapping else None

    overlapping: bool = False
