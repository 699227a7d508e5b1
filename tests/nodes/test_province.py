"""A province over its cities: figures come up by the server's own replication, each city's with their age, and nothing of a person."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.nodes import town
from tests.nodes.conftest import Scene
from tests.nodes.machines import Machine

pytestmark = pytest.mark.django_db  # so that the test database stands, from which the machines have their tables
_PATIENCE = 20.0  # seconds for a row to arrive


def until(machine: Machine, statement: str, wanted: Any, patience: float = _PATIENCE) -> None:
    """Wait for what a statement says at a machine."""
    end = time.monotonic() + patience
    while (found := machine.rows(statement)) != wanted:
        assert time.monotonic() < end, f"{found} is not {wanted}: {statement}"
        time.sleep(0.05)


def figure(key: str, code: str) -> str:
    """SQL: today's figure of a place, as it is known at the province."""
    return (
        f"select f.value::int from upward_figure f join places_place p on (p.lo, p.hi) = (f.lo, f.hi) "
        f"where f.key = '{key}' and p.code = '{code}' and f.day = (select max(day) from upward_day d where d.node = f.node)"
    )


def test_what_a_city_counts_stands_at_the_province(scene: Scene) -> None:
    city, province = scene.cities["a"], scene.province
    scene.doors["a"] = town.people(city, ["220106001001", "220106001002"], town.CANARIES[0], 9911)
    town.visit(city, scene.doors["a"][:5])
    scene.add("a")
    scene.tell("a")
    until(province, figure("doors_settled", "220100000000"), [(5,)])
    assert province.rows(figure("doors_settled", "220106001001")) == [(5,)]
    assert province.rows(figure("doors", "220106001002")) == [(8,)]
    [told] = province.told("node", "list")["nodes"]
    assert told["code"] == "220100000000"
    assert told["seconds"] < 60
    assert not told["old"]
    assert province.told("node", "check")["ok"]
