"""The numbers of an address: tokens, roles and the doors they mean. Pure: no database."""

from __future__ import annotations

import pytest

from lianfang.ground.places.rules.address_notes import is_road, shown
from lianfang.ground.places.rules.address_roles import designation, readings, unit_value
from lianfang.ground.places.rules.addresses import LONGEST, Hint, canonical, clean, label_key, read_tail


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("３＃２－５０１", "3#2-501"),
        (" 3 栋 2 单元 501 室 ", "3栋2单元501室"),
        ("3—2—501", "3-2-501"),
        ("3之2之501", "3-2-501"),
        ("3 / 2 / 501", "3-2-501"),
        ("№3-2-501", "3-2-501"),
        ("No. 3-2-501", "3-2-501"),
        ("#3-2-501", "3-2-501"),
        ("3棟2單元501室", "3栋2单元501室"),
        ("3栋-1层101", "3栋负1层101"),
        ("3-1层", "3-1层"),  # building 3, first floor: no basement
        ("地下一层", "负一层"),
        ("长春市，朝阳区（永昌街道）", "长春市朝阳区永昌街道"),
        ("a座1203", "A座1203"),
        ("\x00\ud800、。", ""),
        ("", ""),
    ],
)
def test_plain_text(text: str, plain: str) -> None:
    assert clean(text) == plain


def test_a_story_is_cut() -> None:
    assert len(clean("惠" * 10 * LONGEST)) == LONGEST


@pytest.mark.parametrize(
    ("text", "front", "tokens", "trailing"),
    [
        ("3-2-501", "", "3:none 2:none 501:none", ""),
        ("3栋2单元501室", "", "3:building 2:unit 501:room", ""),
        ("三号楼二门五零一", "", "3:building 2:doorway 501:none", ""),
        ("三-二-五零一", "", "3:none 2:none 501:none", ""),
        ("八一3栋", "八一", "3:building", ""),
        ("五里桥社区501", "五里桥社区", "501:none", ""),
        ("三门峡市湖滨区3栋", "三门峡市湖滨区", "3:building", ""),
        ("二十号村三组12号", "二十号村", "3组:group 12:number", ""),
        ("第一村民小组3号", "", "1组:group 3:number", ""),
        ("12号院3栋", "", "12院:group 3:building", ""),
        ("社区3栋", "社区", "3:building", ""),
        ("110街社区", "", "110:none", "街社区"),
        ("3栋2单501", "", "3:building 2:unit 501:none", ""),
        ("3栋2单", "", "3:building 2:unit", ""),
        ("3栋王示例家", "", "3:building", "王示例家"),
        ("3-2-501 13800001234", "", "3:none 2:none 501:none", "13800001234"),
        ("光复路十八号楼三门五楼西", "光复路", "18:building 3:doorway 5:storey 西:none", ""),
        ("3栋2单元5楼东户", "", "3:building 2:unit 5:storey 东:room", ""),
        ("湖东3栋", "湖东", "3:building", ""),
        ("甲-乙-201", "", "甲:none 乙:none 201:none", ""),
        ("甲3栋501甲", "", "甲3:building 501甲:none", ""),
        ("B12栋甲单元501A", "", "B12:building 甲:unit 501A:none", ""),
        ("负一层101", "", "-1:floor 101:none", ""),
        ("3栋负101", "", "3:building -101:none", ""),
        ("3栋地下2层负201室", "", "3:building -2:floor -201:room", ""),
        ("1-2-3-4-5-6-7", "1", "2:none 3:none 4:none 5:none 6:none 7:none", ""),
        ("惠民社区", "惠民社区", "", ""),
        ("", "", "", ""),
    ],
)
def test_tail(text: str, front: str, tokens: str, trailing: str) -> None:
    tail = read_tail(clean(text))
    assert (tail.front, " ".join(f"{token.value}:{token.hint}" for token in tail.tokens), tail.trailing) == (front, tokens, trailing)


@pytest.mark.parametrize(
    ("word", "plain"),
    [("03", "3"), ("0", "0"), ("000", "0"), ("三", "3"), ("五零一", "501"), ("二十一", "21"), ("b2", "B2"), ("A05", "A5")],
)
def test_numbers_are_compared_plainly(word: str, plain: str) -> None:
    assert canonical(word) == plain


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("0501", "501"),
        ("５０１室", "501"),
        ("501 号", "501"),
        ("负101", "-101"),
        ("地下101", "-101"),
        ("东", "东"),
        ("五零一", "501"),
        ("门市", "门市"),
    ],
)
def test_labels_are_compared_plainly(label: str, key: str) -> None:
    assert label_key(label) == key


@pytest.mark.parametrize(
    ("name", "front", "values", "word"),
    [
        ("3栋", "", ("3",), Hint.BUILDING),
        ("A座", "", ("A",), Hint.BUILDING),
        ("12号", "", ("12",), Hint.NUMBER),
        ("银河小区3栋", "银河小区", ("3",), Hint.BUILDING),
        ("A区3栋", "", ("A区", "3"), Hint.BUILDING),
        ("1组3号", "", ("1组", "3"), Hint.NUMBER),
        ("甲栋", "", ("甲",), Hint.BUILDING),
        ("农贸市场", "农贸市场", (), Hint.NONE),
        ("3栋东侧", "3栋东侧", (), Hint.NONE),
        ("3单元", "3单元", (), Hint.NONE),
        ("1-2-3", "1-2-3", (), Hint.NONE),
    ],
)
def test_names_of_buildings(name: str, front: str, values: tuple[str, ...], word: Hint) -> None:
    found = designation(name)
    assert (found.front, found.values, found.word) == (front, values, word)


@pytest.mark.parametrize(
    ("name", "value"), [("2单元", "2"), ("东单元", "东"), ("甲", "甲"), ("二门", "2"), ("2", "2"), ("后楼", "后楼"), ("东2单元", "东2单元")]
)
def test_names_of_units(name: str, value: str) -> None:
    assert unit_value(name) == value


def ways(text: str) -> set[str]:
    """The readings of a tail, each in one word: b3 u2 r501."""
    made = set()
    for way in readings(read_tail(clean(text)).tokens):
        parts = [("b", "+".join(way.building)), ("u", way.unit), ("f", way.floor), ("r", way.room), ("a", way.addition)]
        made.add(" ".join(f"{letter}{value}" for letter, value in parts if value))
    return made


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("3栋2单元501室", {"b3 u2 r501"}),
        ("3栋2单元5层501", {"b3 u2 f5 r501"}),
        ("3栋", {"b3"}),
        ("2单元", {"u2"}),
        ("5层", {"f5"}),
        ("501室", {"r501"}),
        ("3栋501-1", {"b3 r501 a1", "b3 u501 r1", "b3 f501 r1"}),
        ("A区3栋", {"bA区+3"}),
        ("501-12345", {"b501 r12345", "b501 u12345", "u501 r12345", "f501 r12345"}),
    ],
)
def test_readings(text: str, only: set[str]) -> None:
    assert ways(text) == only


def test_numbers_without_words_are_read_every_way() -> None:
    assert {"b3 u2 r501", "b3 f2 r501"} <= ways("3-2-501")
    assert {"b5 r1102", "u5 r1102"} <= ways("5-1102")
    assert {"bA r1203", "bA1203", "rA1203"} <= ways("A1203")
    assert ways("3栋A1203室") == {"b3 rA1203", "b3 uA r1203", "b3 fA r1203"}
    assert ways("1栋2栋3栋4栋5栋") == set()
    assert ways("") == {""}


@pytest.mark.parametrize(
    ("words", "road"),
    [
        ("人民大街123号", True),
        ("人民大街", True),
        ("新月路", True),
        ("自由路12-5号院", True),
        ("银河小区", False),
        ("", False),
        ("人民大街银河小区", False),
    ],
)
def test_roads(words: str, road: bool) -> None:
    assert is_road(words) is road


def test_what_is_repeated_hides_telephone_and_paper_numbers() -> None:
    assert shown("王示例13800001234") == "王示例138****"
    assert shown("22010419900101123X") == "220****"
    assert shown("-501-") == "501"
