"""Doors (户 by door): how many there are, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.ground.places import queries as places
from lianfang.ground.places.queries.within import doors_on, doors_within
from lianfang.headquarters.bulletins.figures import PAGE, past_end
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import queries as rounds
from lianfang.work.rounds.rules import settles

_SCANNED = 1000  # doors looked at in one read while the open ones among them are gathered


def doors(ranges: Sequence[Range], period: Period) -> int:
    """Doors in force at the end of the period."""
    return places.door_counts(ranges).doors if past_end(period) is None else doors_on(ranges, period.last)


def settled(ranges: Sequence[Range], period: Period) -> int:
    """Doors whose last visit by the end of the period settled them."""
    return rounds.door_counts(ranges).settled if past_end(period) is None else rounds.doors_settled_on(ranges, period.last)[0]


def still_open(ranges: Sequence[Range], period: Period) -> int:
    """Doors not settled by the end of the period: those tried in vain and those nobody has touched."""
    return doors(ranges, period) - settled(ranges, period)


def every_door(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The doors in force today, by position, each with how it stands."""
    del period
    found = doors_within(ranges, after=int(after or -1), limit=limit)
    states = rounds.door_states([door.place_id for door in found])
    return [
        Proof(
            "door", door.place_id, door.place_id, state.since if (state := states.get(door.place_id)) else None, str(door.range.lo),
            {"outcome": state.outcome.value, "tries": state.tries} if state else {},
        )
        for door in found
    ]  # fmt: skip


def settled_doors(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The doors that stand settled today, each with the record that settled it."""
    del period
    found = rounds.doors_in(ranges, settled=True, after=int(after or -1), limit=limit)
    return [Proof("record", one.record_id, one.place_id, one.since, str(one.position), {"outcome": one.outcome.value}) for one in found]


def open_doors(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The doors still open today, by position."""
    found: list[Proof] = []
    while len(found) < limit:
        page = every_door(ranges, period, after=after, limit=_SCANNED)
        found += [proof for proof in page if not _is_settled(proof)]
        if len(page) < _SCANNED:
            break
        after = page[-1].after
    return found[:limit]


def _is_settled(proof: Proof) -> bool:
    outcome = proof.says.get("outcome")
    return outcome is not None and settles(Outcome(str(outcome)))


FIGURES = (
    Declaration("doors", "Doors", Unit.HOUSEHOLDS, events=False, value=doors, trace=every_door, source="places"),
    Declaration(
        "doors_settled", "Doors settled", Unit.HOUSEHOLDS, events=False, value=settled, trace=settled_doors,
        source="rounds.door_state", denominator="doors",
    ),
    Declaration(
        "doors_open", "Doors still open", Unit.HOUSEHOLDS, events=False, value=still_open, trace=open_doors,
        source="rounds.door_state", denominator="doors",
    ),
)  # fmt: skip
