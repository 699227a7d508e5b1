"""Figures of rounds day by day, also of days past, and the rows behind them, against a plain recount that shares nothing with the folds."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from lianfang.doors.cli import frame
from lianfang.doors.cli import ledger as part
from lianfang.ground.people import commands as people
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import reading
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.work.rounds import commands
from lianfang.work.rounds.types import NewRound
from tests.factories.cast import Cast
from tests.headquarters.test_figures import proofs
from tests.ledger.folded import fold_all
from tests.ledger.sending import record, send

SETTLING, OPEN = ("seen", "phone", "away", "vacant", "moved", "shut"), ("lit", "dark", "refused", "check")
# Door, days ago, outcome, people seen. Door 7 is never visited; at door 3 a household comes to the list a day after the visit.
HISTORY = (
    (0, 2, "dark", 0), (0, 1, "seen", 3), (0, 0, "seen", 2), (1, 2, "vacant", 0), (1, 0, "lit", 0), (2, 1, "refused", 1), (3, 2, "moved", 0),
    (4, 1, "phone", 0), (5, 2, "check", 1), (5, 2, "seen", 4), (6, 0, "moved", 0),
)  # fmt: skip


def recounted(day: int) -> dict[str, int]:
    """What the figures must be at the end of the day so many days ago."""
    until = [one for one in HISTORY if one[1] >= day]
    last, most = dict.fromkeys(range(8), "not_yet"), Counter[int]()
    for door, _ago, outcome, seen in until:
        last[door], most[door] = outcome, max(most[door], seen)
    if day <= 1:
        last[3] = "household"
    standing = Counter(last.values())
    settled = sum(standing[outcome] for outcome in SETTLING)
    found = {f"round_{way}": standing[way] for way in (*SETTLING, *OPEN, "not_yet", "household")}
    found |= {"round_doors": 8, "round_settled": settled, "round_open": 8 - settled, "round_visits": len(until)}
    return found | {"round_people": most.total(), "round_people_times": sum(seen for *_rest, seen in until)}


@pytest.fixture
def days(town: Cast) -> dict[int, date]:
    """A round since three days ago, its visits, and the days by how long ago they were."""
    today = clock.today()
    noon = [clock.day_bounds(today - timedelta(days=ago))[0] + timedelta(hours=12 if ago else 0) for ago in range(3)]
    doors = places.doors_of(town.a_building)
    now = clock.now()
    commands.open_round(
        NewRound("示例", "headcount", now + timedelta(days=1), place=town.a.place_id, opens_at=noon[2] - timedelta(hours=20)),
        by=town.secretary,
    )
    for number, (door, ago, outcome, seen) in enumerate(HISTORY):
        at = noon[ago] + timedelta(milliseconds=number)
        send(record(doors[door].id, payload={"outcome": outcome, "people_seen": seen}, occurred_at=at), trusted=True)
    people.add_household(doors[3].place_id, by=None, since=today - timedelta(days=1))
    fold_all()
    return {ago: today - timedelta(days=ago) for ago in range(3)}


def test_every_figure_of_a_round_is_right_on_every_day_and_has_its_rows(town: Cast, days: dict[int, date]) -> None:
    for ago, day in days.items():
        expected, period = recounted(ago), Period(day, day)
        found = {key: reading.value(key, [town.a.range], period).value for key in expected}
        assert (ago, found) == (ago, expected)
        doors = {
            key: len(proofs(key, [town.a.range], period))
            for key in expected
            if reading.value(key, [town.a.range], period).unit == "households"
        }
        assert (ago, doors) == (ago, {key: expected[key] for key in doors})
        assert len(doors) == 15


def test_a_figure_of_a_past_day_at_the_command_line(town: Cast, days: dict[int, date], capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    part.register(parser.add_subparsers(required=True))
    said: dict[str, Any] = {}
    for key in ("round_settled", "round_open", "round_visits"):
        words = ["figure", key, town.a.code or "", "--from", str(days[1]), "--to", str(days[1]), "--as", "secretary.a", "--json"]
        assert frame.perform(parser.parse_args(words), parser) == 0
        answer = json.loads(capsys.readouterr().out)
        said[key] = answer["value"]
    assert said == {key: recounted(1)[key] for key in said}
