"""`gaps`: what scripts rely on."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from typing import Any

import pytest

from lianfang.doors.cli import frame, gaps
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast


def run(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    gaps.register(parser.add_subparsers())
    args = parser.parse_args(["gaps", *(str(word) for word in words)])
    assert args.run(args) == frame.DONE
    printed = capsys.readouterr().out
    return dict(json.loads(printed)) if "--json" in words else {"text": printed}


def test_gaps_of_a_community(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    grant_to(account_of("韩示栋"), Role.BUILDING_LEADER, OverPlace(cast.a_building.place_id))
    first, _second = places.children(cast.a_building)
    grant_to(account_of("杨示元"), Role.UNIT_LEADER, OverPlace(first.place_id))
    told = run(capsys, cast.a.code, "--as", "secretary.a", "--doors", "--json")
    assert {key: told[key] for key in ("doors", "covered", "gaps", "overlaps")} == {"doors": 8, "covered": 4, "gaps": 4, "overlaps": 0}
    [gap] = told["gap_groups"]
    assert (gap["role"], gap["name"], gap["doors"], gap["out_of"]) == ("unit_leader", "1栋2单元", 4, 4)
    assert len(told["door_list"]) == 4
    assert "1栋2单元" in str(run(capsys, "area:甲一网格", "--as", "grid.a")["text"])
    yesterday = clock.today() - timedelta(days=1)
    assert run(capsys, cast.a.code, "--on", yesterday, "--json")["doors"] == 0


def test_gaps_of_a_city_are_counted_by_community(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, cast.city.code, "--as", "city", "--json")
    assert told["gap_groups"] == []
    assert [(one["name"], one["doors"], one["gaps"]) for one in told["communities"]] == [("甲社区", 8, 8), ("乙社区", 8, 8)]


@pytest.mark.parametrize("what", ["220106001001", "area:甲一网格"])
def test_whoever_works_elsewhere_finds_nothing(cast: Cast, capsys: pytest.CaptureFixture[str], what: str) -> None:
    with pytest.raises(NotFound):
        run(capsys, what, "--as", "secretary.b", "--json")
