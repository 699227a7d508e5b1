"""What rounds fold: see each `.sql` for its rule."""

from __future__ import annotations

from pathlib import Path

from lianfang.ledger.folding import Projection
from lianfang.work.rounds.rules import SETTLING

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


VISIT_TALLY = _visits("rounds.visit_tally", "rounds_visittally", level="building", unit="day", length="24 hours")
VISIT_HOUR = _visits("rounds.visit_hour", "rounds_visithour", level="community", unit="hour", length="1 hour")
ALL = (DOOR_STATE, VISIT_TALLY, VISIT_HOUR)
