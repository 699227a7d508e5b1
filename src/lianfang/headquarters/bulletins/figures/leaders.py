"""Doors (户 by door) and who answers for them: the chain of responsibility as it stood at the end of the period."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.chain_types import Flaw
from lianfang.ground.accounts.rules.roles import Role
from lianfang.headquarters.bulletins.figures import PAGE, Many, one
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel import clock
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range

LEADERS = (Role.UNIT_LEADER, Role.BUILDING_LEADER)


def without_leader(many: Many, period: Period) -> list[int]:
    """Doors that should have a unit or a building leader and had none on the last day."""
    return [coverage.without_leader for coverage in accounts.coverage_each(many, min(period.last, clock.today()))]


def unled(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """Those doors by position, each with the offices that nobody held."""
    on = min(period.last, clock.today())
    found = accounts.flawed_doors(ranges, on, roles=LEADERS, flaws=(Flaw.GAP,), after=int(after or -1), limit=limit)
    return [
        Proof(
            "door", door.place_id, door.place_id, None, str(door.position),
            {"missing": [role.value for role in door.gaps if role in LEADERS]},
        )
        for door in found
    ]  # fmt: skip


FIGURES = (
    Declaration(
        "doors_without_leader", "Doors without a unit or building leader", Unit.HOUSEHOLDS, events=False, value=one(without_leader),
        trace=unled, source="accounts", denominator="doors", each=without_leader,
    ),
)  # fmt: skip
