"""What rounds fold: see each `.sql` for its rule."""

from __future__ import annotations

from pathlib import Path

from lianfang.ledger.folding import Projection
from lianfang.work.rounds.rules import SETTLING
from lianfang.work.rounds.state import STATE_IN_ROUND, TOUCHED

HERE = Path(__file__).parent
_SETTLING = sorted(outcome.value for outcome in SETTLING)

DOOR_STATE = Projection(
    "rounds.door_state",
    HERE / "door_state.sql",
    {"rounds_doorstate": ("stream", "place"), "rounds_doortally": ("stream", "building", "outcome")},
    {"settling": _SETTLING},
)


def _visits(name: str, table: str, **words: str) -> Projection:
    return Projection(name, HERE / "visit_tally.sql", {table: ("book", "position", "begins", "outcome")}, words={"table": table, **words})


VISIT_TALLY = _visits("rounds.visit_tally", "rounds_visittally", level="building", unit="day")
VISIT_HOUR = _visits("rounds.visit_hour", "rounds_visithour", level="community", unit="hour")
ROUND_DOOR = Projection(
    "rounds.round_door",
    HERE / "round_door.sql",
    {"rounds_rounddoor": ("round", "place"), "rounds_roundtally": ("round", "building", "standing")},
    {"settling": _SETTLING},
    words={"state": STATE_IN_ROUND, "touched": TOUCHED},
    computing=HERE / "round_door_merges.sql",
)
ARRIVAL = Projection("rounds.arrival", HERE / "arrival.sql", {"rounds_arrival": ("record",)})
ALL = (DOOR_STATE, VISIT_TALLY, VISIT_HOUR, ROUND_DOOR, ARRIVAL)
