"""Finding areas, named buildings and doors in a small town."""

from __future__ import annotations

from pathlib import Path

import pytest

from lianfang.ground.places import commands, queries
from lianfang.ground.places.types import AreaKind, Certainty, Found, PlaceNotFound
from lianfang.kernel.ranges import EVERYWHERE, Range
from tests.ground.places import address_town as town

pytestmark = pytest.mark.django_db


def names(found: list[Found]) -> list[str]:
    return [one.place.name if one.place else one.area.name if one.area else "" for one in found]


def first(text: str, within: list[Range]) -> tuple[str, str, str]:
    """Name, what is directly above, and why, of the best answer."""
    found = queries.find(text, within)
    return (names(found)[0], found[0].path[-1], found[0].why) if found else ("", "", "")


@pytest.fixture(autouse=True)
def _town(tmp_path: Path) -> None:
    town.town(tmp_path)


def test_areas_and_buildings_with_names_are_found() -> None:
    city = queries.by_code("220100000000")
    assert first("银河", [city.range]) == ("银河小区", "惠民社区", "name")
    assert first("yhxq", [city.range]) == ("银河小区", "惠民社区", "initials")
    assert first("农贸市场", [city.range]) == ("永昌农贸市场", "惠民社区", "inside")
    assert first("银合小区", [city.range]) == ("银河小区", "惠民社区", "similar")


def test_an_area_is_found_where_it_lies_not_where_its_home_reaches() -> None:
    huimin = queries.by_code("220104005001")
    lone = next(place for place in queries.children(huimin) if place.name == "永昌农贸市场")
    commands.found_area(AreaKind.RISK_ZONE, "市场封控区", huimin.place_id, [lone.place_id], by=None)
    assert names(queries.find("市场封控区", [lone.range])) == ["市场封控区"]
    other = next(place for place in queries.children(huimin) if place.name == "3栋")
    assert queries.find("市场封控区", [other.range]) == []


def test_doors_are_found_by_their_address() -> None:
    huimin = queries.by_code("220104005001")
    [door] = queries.find("3-2-501", [huimin.range])
    assert door.place is not None
    assert (door.place.name, door.path[-3:], door.why) == ("501", ("惠民社区", "3栋", "2单元"), "address")
    third = next(place for place in queries.children(huimin) if place.name == "3栋")
    assert names(queries.find("3-2-501", [third.range])) == ["501"]
    assert queries.find("4-2-501", [third.range]) == []
    assert len(queries.find("5-1102", [huimin.range])) == 3  # three units have one


def test_a_character_no_table_can_hold_finds_nothing_and_breaks_nothing() -> None:
    assert queries.find("\x00", [EVERYWHERE]) == []
    for text in ("area:\x00", "\x00"):
        with pytest.raises(PlaceNotFound):
            queries.resolve(text)
    assert queries.parse_address("\x00", None).certainty is Certainty.NONE
