"""The phrase that lays out a compound: said in either language it comes to the same, and what cannot be meant is refused in words."""

from __future__ import annotations

import pytest

from lianfang.ground.places.rules.layouts import MOST_DOORS, LayoutPart, Numbering, parse_layout, preview
from lianfang.ground.places.types import LabelsRepeat, LayoutEmpty, LayoutIncomplete, LayoutNotUnderstood, LayoutTooLarge
from lianfang.kernel.errors import Refused

CHINESE = "1-8栋，3个单元，18层，每层2户，没有4层，房号为层号加两位"
ENGLISH = "buildings 1-8, 3 units, 18 floors, 2 doors a floor, no floor 4; the room is floor and two digits"


def test_both_languages_say_the_same() -> None:
    chinese, english = parse_layout(CHINESE), parse_layout(ENGLISH.replace("two", "2"))
    assert chinese == english
    assert (chinese.buildings, chinese.units, chinese.doors, chinese.shops) == (8, 24, 816, 0)


@pytest.mark.parametrize(
    ("phrase", "buildings", "doors", "shops"),
    [
        ("1-3栋，2层，每层2户，除2栋", ("1栋", "3栋"), 8, 0),
        ("buildings 1-3, 2 floors, 2 doors a floor, except building 2", ("1栋", "3栋"), 8, 0),
        ("A-C座，不分单元，3-5层，每层4户", ("A座", "B座", "C座"), 36, 0),
        ("5、7号楼，2层，每层2户，底层为商铺", ("5号楼", "7号楼"), 8, 4),
        ("1栋，3层，每层2户，1-2层是门市", ("1栋",), 6, 4),
        ("building 1, floors 1-3, 2 doors a floor, floors 1-2 are shops", ("1栋",), 6, 4),
        ("building 1, 3 floors, 2 doors a floor, ground floor is shops", ("1栋",), 6, 2),
        ("buildings 1, 3 and 5, 2 floors, 2 doors a floor", ("1栋", "3栋", "5栋"), 12, 0),
        ("buildings 1-2, 4, 6, 3 floors, 1 door a floor, floors 1, 2 are shops", ("1栋", "2栋", "4栋", "6栋"), 12, 8),
        ("3-1栋，2层，每层2户", ("1栋", "2栋", "3栋"), 12, 0),
    ],
)
def test_what_a_phrase_comes_to(phrase: str, buildings: tuple[str, ...], doors: int, shops: int) -> None:
    spec = parse_layout(phrase)
    assert tuple(name for part in spec.parts for name in part.buildings) == buildings
    assert (spec.doors, spec.shops) == (doors, shops)


def test_a_preview_shows_the_first_and_last_rooms_of_the_first_and_last_building() -> None:
    seen = preview(parse_layout("1-2栋，2个单元，3层，每层2户\n9栋，不分单元，房号为顺序编号"))
    assert (seen.buildings, seen.units, seen.doors, seen.shops) == (3, 4, 30, 0)
    assert seen.samples == (
        "1栋1单元101", "1栋1单元302", "1栋2单元101", "1栋2单元302", "2栋1单元101", "2栋1单元302", "2栋2单元101", "2栋2单元302", "9栋1", "9栋6",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("numbering", "label"),
    [
        (Numbering(), "502"),
        (Numbering(3), "5002"),
        (Numbering(with_unit=True), "2502"),
        (Numbering(counted_on=True), "14"),
    ],
)
def test_how_a_room_is_called(numbering: Numbering, label: str) -> None:
    assert numbering.label(unit=2, floor=5, door=2, count=14) == label


def test_the_doors_of_a_unit_from_the_ground_up() -> None:
    part = LayoutPart(("1栋",), 2, (1, 2, 3), 2, shop_floors=(1,))
    assert list(part.doors(2)) == [(1, "101", True), (1, "102", True), (2, "201", False), (2, "202", False), (3, "301", False), (3, "302", False)]  # fmt: skip
    assert (part.doors_a_unit, part.doors_a_building, part.block) == (6, 12, 1000)


@pytest.mark.parametrize(
    ("phrase", "refused", "facts"),
    [
        ("", LayoutIncomplete, {"what": "which buildings"}),
        ("3层，每层2户", LayoutIncomplete, {"what": "which buildings"}),
        ("1栋，每层2户", LayoutIncomplete, {"what": "how many floors"}),
        ("1栋，3层", LayoutIncomplete, {"what": "how many doors a floor"}),
        ("1栋，3层，每层2户，很漂亮", LayoutNotUnderstood, {"words": "很漂亮"}),
        ("1栋，3层，每层2户，没有1-3层", LayoutEmpty, {}),
        ("1栋，3层，每层2户，除1栋", LayoutEmpty, {}),
        ("1-99栋，99层，每层99户", LayoutTooLarge, {"most": MOST_DOORS}),
        ("1栋，12层，每层12户，房号为层号加1位", LabelsRepeat, {"label": "111", "building": "1栋"}),
    ],
)
def test_what_cannot_be_meant_is_refused(phrase: str, refused: type[Refused], facts: dict[str, object]) -> None:
    with pytest.raises(refused) as caught:
        parse_layout(phrase)
    assert facts.items() <= caught.value.facts.items()
