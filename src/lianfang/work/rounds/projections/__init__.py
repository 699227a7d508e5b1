"""What rounds fold: see each `.sql` for its rule."""

from __future__ import annotations

import re
from pathlib import Path

from lianfang.ledger.folding import Projection
from lianfang.work.rounds.rules import EVENING, NEXT_TRY, SETTLING

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


def _evening(moment: str) -> str:
    """SQL: the next evening after a moment, by the local clock."""
    today = f"date_trunc('day', {moment}, 'Asia/Shanghai') + interval '{EVENING}'"
    return f"case when {today} > {moment} then {today} else {today} + interval '1 day' end"


def _planned() -> str:
    """SQL: when the next try at an open door is planned unless somebody says otherwise."""
    later = [
        f"when standing = '{standing}' then effective_at + interval '{after.total_seconds():.0f} seconds'"
        for standing, after in NEXT_TRY.items()
    ]
    return f"{' '.join(later)} else {_evening('effective_at')}"


VISIT_TALLY = _visits("rounds.visit_tally", "rounds_visittally", level="building", unit="day", length="24 hours")
VISIT_HOUR = _visits("rounds.visit_hour", "rounds_visithour", level="community", unit="hour", length="1 hour")
STATE_IN_ROUND = (
    re.sub(r"--.*", "", (HERE / "state_in_round.sql").read_text())
    .replace("{planned}", _planned())
    .replace("{evening_of_try}", _evening("l.try_at"))
)
"""Table expressions that tell how doors stand in rounds (see the file): also what figures of past days are read with."""
ROUND_DOOR = Projection(
    "rounds.round_door",
    HERE / "round_door.sql",
    {"rounds_rounddoor": ("round", "place"), "rounds_roundtally": ("round", "building", "standing")},
    {"settling": _SETTLING},
    words={"state": STATE_IN_ROUND},
)
ARRIVAL = Projection("rounds.arrival", HERE / "arrival.sql", {"rounds_arrival": ("record",)})
ALL = (DOOR_STATE, VISIT_TALLY, VISIT_HOUR, ROUND_DOOR, ARRIVAL)
