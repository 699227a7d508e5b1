"""What may cross the border of playbooks about a take-over (接管)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianfang.ground.accounts.chain_types import Holder
from lianfang.ground.organisations.reporting_types import Moved, TakeoverSeen
from lianfang.kernel.errors import Conflict, Invalid
from lianfang.kernel.ids import AccountId, GrantId, OrganisationId


@dataclass(frozen=True, slots=True)
class TakingOver:
    """Which body does everything that another did, on what paper, until when; and who of it holds the offices of whom."""

    out_of_action: OrganisationId
    taken_by: OrganisationId
    document: str
    deputy: AccountId | None = None
    offices: tuple[GrantId, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What was handed over or given back: sponsorships, posts and teams; offices; open matters."""

    takeover_id: UUID
    moved: Moved
    offices: int
    matters: int


@dataclass(frozen=True, slots=True)
class OfficeStoodIn:
    """One office of a take-over: whose it was and whose it is, while that lasts."""

    takeover: TakeoverSeen
    account_before: AccountId
    account_now: AccountId
    role: str
    scope: str


@dataclass(frozen=True, slots=True)
class OfficeOffered:
    """An office that could be handed over; `whole`: over all of the body's seat, so it is the body's own."""

    holder: Holder
    whole: bool


class DeputyMissing(Invalid):
    """Say who holds the offices that are handed over."""


class DeputyAmongThem(Conflict):
    """Whoever stands in is somebody else than those whose offices are handed over."""


class UntilWrong(Invalid):
    """The day on which the duties go back lies ahead."""
