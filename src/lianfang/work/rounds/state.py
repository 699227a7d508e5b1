"""SQL that tells how doors stand in rounds: what the projection folds and what past days are read with, in one place."""

from __future__ import annotations

import re
from pathlib import Path

from lianfang.work.rounds.rules import EMPTY, EVENING, NEXT_TRY


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


TOUCHED = """create temp table if not exists rounds_touched (
    round uuid, place uuid, stream uuid, opens_at timestamptz, ends_at timestamptz, stands bigint
) on commit delete rows"""
"""Makes the table that says which doors are computed in which rounds; empty at the beginning of a transaction."""

_WORDS = {
    "{planned}": _planned(),
    "{evening_of_try}": _evening("try_at"),
    "{empty}": ", ".join(f"'{outcome}'" for outcome in sorted(EMPTY)),
}


def _filled(text: str) -> str:
    for word, meaning in _WORDS.items():
        text = text.replace(word, meaning)
    return text


def _read(name: str) -> str:
    return _filled(re.sub(r"--.*", "", Path(__file__).with_name(name).read_text()).strip())


SPOKEN, STATE = _read("said_in_round.sql"), _read("state_in_round.sql")
"""Table expressions up to `spoken`, over a `visit`; and up to `state`, over a `said` (see the files)."""
STATE_IN_ROUND = f"{_read('visits_in_round.sql')}, {SPOKEN}, said as (select * from spoken), {STATE}"
"""Table expressions from `reach` to `state`, over a `rounds_touched` (see the files)."""
