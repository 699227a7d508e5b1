"""What a phone takes along in these tests: a grid with synthetic households, of 500 doors where the whole way is walked (LIANFANG_FULL=1)."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound
from tests.factories.cast import Cast
from tests.factories.people import household_at

FULL = os.environ.get("LIANFANG_FULL") == "1"
FLOORS = 125 if FULL else 8


@pytest.fixture
def people(town: Cast) -> list[str]:
    """A building more in A, with households of synthetic people, and a round over all of A; the names that no disk may show."""
    storeys = [FLOORS] if FLOORS < 40 else [FLOORS // 5] * 5
    names: list[str] = []
    for number, floors in enumerate(storeys):
        laid = laying.lay_out(town.a.place_id, laying.parse_layout(f"{number + 2}栋，2个单元，{floors}层，每层2户"), by=None)
        for order, door in enumerate(places.doors_of(places.place(laid.buildings[0]))[: 100 if FULL else 12]):
            names.append(
                f"欧阳示例{'甲乙丙丁戊己庚辛壬癸'[order % 10]}{'子丑寅卯辰巳午未申酉戌亥'[order // 10 % 12]}{'一二三四五'[number]}"
            )
            household_at(door.place_id, names[-1], "张示范", order=30 + 160 * number + 2 * order)
    rounds.open_round(NewRound("第一轮", "headcount", clock.now() + timedelta(days=3), place=town.a.place_id), by=town.secretary)
    return names
