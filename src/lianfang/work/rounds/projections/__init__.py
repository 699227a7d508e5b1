"""What rounds fold: see each `.sql` for its rule."""

from __future__ import annotations

from pathlib import Path

from lianfang.ledger.folding import Projection
from lianfang.work.rounds.rules import SETTLING
from lianfang.work.rounds.state import SPOKEN, STATE, STATE_IN_ROUND, TOUCHED

HERE = Path(__file__).parent
_SETTLING = sorted(outcome.value for outcome in SETTLING)
_VISITS = ("visit",)

DOOR_STATE = Projection(
    "rounds.door_state",
    HERE / "door_state.sql",
    {
        "rounds_doorstate": ("stream", "place"),
        "rounds_doortally": ("stream", "building", "outcome"),
        "rounds_doorday": ("stream", "position", "day", "previous"),
    },
    {"settling": _SETTLING},
    kinds=_VISITS,
    whole=HERE / "door_state_whole.sql",
    bare=("rounds_doorstate",),
)


def _visits(name: str, table: str, **words: str) -> Projection:
    keys, words = {table: ("book", "position", "begins", "outcome")}, {"table": table, **words}
    return Projection(name, HERE / "visit_tally.sql", keys, words=words, kinds=_VISITS, whole=HERE / "visit_tally_whole.sql")


VISIT_TALLY = _visits("rounds.visit_tally", "rounds_visittally", level="building")
VISIT_DAY = _visits("rounds.visit_day", "rounds_visitday", level="community")
ROUND_DOOR = Projection(
    "rounds.round_door",
    HERE / "round_door.sql",
    {"rounds_rounddoor": ("round", "place"), "rounds_roundtally": ("round", "building", "standing")},
    {"settling": _SETTLING},
    words={"state in round": STATE_IN_ROUND, "spoken": SPOKEN, "state": STATE, "touched": TOUCHED},
    computing=HERE / "round_door_merges.sql",
    kinds=_VISITS,
    whole=HERE / "round_door_whole.sql",
    bare=("rounds_rounddoor",),
)
ARRIVAL = Projection("rounds.arrival", HERE / "arrival.sql", {"rounds_arrival": ("record",)}, kinds=("arrival",))
ALL = (DOOR_STATE, VISIT_TALLY, VISIT_DAY, ROUND_DOOR, ARRIVAL)
