"""The numbers of an address: tokens, roles and the doors they mean. Pure: no database."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianfang.ground.places.rules.address_doors import Building, Compound, Depth, Door, Fit, Unit, Words, best
from lianfang.ground.places.rules.address_notes import Note, Weight, is_road, shown
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


# --- a compound -------------------------------------------------------------------------------------------------------


def built(
    name: str,
    units: tuple[str, ...] = (),
    floors: int = 6,
    *,
    kind: str = "building",
    with_unit: bool = False,
    compounds: tuple[str, ...] = (),
) -> Building:
    building = Building.called(uuid4(), name, kind, compounds)
    for unit_name in units or ("",):
        unit = Unit.named(uuid4(), unit_name) if unit_name else None
        building.units += [unit] if unit else []
        for floor in range(1, floors + 1):
            for number in (1, 2):
                label = f"{floor}{number:02d}"
                building.doors.append(Door.labelled(uuid4(), (unit.value if with_unit and unit else "") + label, floor, unit))
    return building


TOWN = [
    *(built(f"{n}栋", ("1单元", "2单元", "3单元"), 12, compounds=("银河小区",)) for n in range(1, 7)),
    built("A座", floors=20),
    built("21号楼", ("1单元",)),
    built("31栋", ("1单元", "2单元"), 9, with_unit=True),
    built("12号", floors=0, kind="house"),
    built("15号", floors=1, kind="house"),
    built("星海花园1栋", ("1单元", "2单元")),
    built("星海花园2栋", ("1单元", "2单元")),
    built("A区7栋", ("1单元",)),
    built("农贸市场", floors=0, kind="site"),
    built("8栋", ("1单元",), 4),
]
TOWN[9].doors.append(Door.labelled(uuid4(), "12号", None, None))
TOWN[15].doors.append(Door.labelled(uuid4(), "1501", 15, TOWN[15].units[0]))
TOWN[15].doors.append(Door.labelled(uuid4(), "901", None, TOWN[15].units[0]))
TOWN[15].doors.append(Door.labelled(uuid4(), "-101", -1, TOWN[15].units[0]))
TOWN[15].doors.append(Door.labelled(uuid4(), "101-1", 1, TOWN[15].units[0]))


def fits(text: str, *, inside: UUID | None = None, unit: UUID | None = None, names: tuple[str, ...] = ()) -> list[Fit]:
    plain = clean(text)
    tail = read_tail(plain)
    words = Words(plain, tail.tokens, tail.front, frozenset(names))
    town = Compound(TOWN, inside=inside, unit=unit)
    meant = town.meant(words)
    found = town.fits(words)
    assert not found or meant
    return found


def said(text: str, **context: object) -> str:
    """The best fits in words: path, notes in brackets, rest after a question mark; several joined by |."""
    return " | ".join(
        " ".join(fit.path) + "".join(f" [{note}]" + "!" * (note.weight - 1) for note in fit.notes) + (f" ?{fit.rest}" if fit.rest else "")
        for fit in fits(text, **context)  # type: ignore[arg-type] # contexts of fits
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("3-2-501", "银河小区 3栋 2单元 501"),
        ("3栋2单元", "银河小区 3栋 2单元"),
        ("3栋", "银河小区 3栋"),
        ("21栋301", "21号楼 1单元 301"),
        ("A1203", "A座 ?1203"),
        ("A-1202", "A座 1202"),
        ("A座1单元1202", "A座 1202 [1单元 → –]"),
        ("A座2单元1202", "A座 ?2单元1202"),
        ("31-2501", "31栋 2单元 2501"),
        ("31-2-501", "31栋 2单元 2501 [501 → 2501]"),
        ("2-1-1301", "银河小区 2栋 1单元 ?1301"),
        ("8-1-501", "8栋 1单元 ?501"),  # and not 1501
        ("3-2501", "银河小区 3栋 2单元 501 [2501 → 2单元501]"),
        ("3-9-501", "银河小区 3栋 ?9-501"),
        ("3-2-5001", "银河小区 3栋 2单元 ?5001"),
        ("3栋5001", "银河小区 3栋 ?5001"),
        ("3栋2单元5楼", "银河小区 3栋 2单元 ?5楼"),
        ("3栋5楼", "银河小区 3栋 ?5楼"),
        ("3栋2单元5楼1号", "银河小区 3栋 2单元 501"),
        ("3栋2单元4楼501", "银河小区 3栋 2单元 ?4楼501"),
        ("8栋9层901", "8栋 1单元 901"),  # its floor is not known, its label says it
        ("8栋8层901", "8栋 ?8层901"),
        ("8栋-1层101", "8栋 1单元 -101"),
        ("8栋101-1", "8栋 1单元 101-1"),
        ("8栋101-9", "8栋 ?101-9"),
        ("12号", "12号"),
        ("12栋", "12号 [12栋 → 12号]"),
        ("3号", "银河小区 3栋 [3号 → 3栋]"),
        ("15号", "15号"),
        ("15号101", "15号 101"),
        ("农贸市场", "农贸市场"),
        ("农茂市场", "农贸市场 [农茂市场 → 农贸市场]"),
        ("农贸市场5号", "农贸市场 ?5号"),
        ("星海花园2栋1单元301", "星海花园2栋 1单元 301"),
        ("星海2-1-301", "星海花园2栋 1单元 301"),
        ("星嗨花园2-1-301", "星海花园2栋 1单元 301 [星嗨花园 → 星海花园]"),
        ("月海花园2栋", "银河小区 2栋 [月海花园 → –]! | 星海花园2栋 [月海花园 → 星海花园]!"),
        ("银河小区3-2-501", "银河小区 3栋 2单元 501"),
        ("银合小区3-2-501", "银河小区 3栋 2单元 501 [银合小区 → 银河小区]"),
        ("金河小区3-2-501", "银河小区 3栋 2单元 501 [金河小区 → 银河小区]!"),
        ("月亮小区3-2-501", "银河小区 3栋 2单元 501 [月亮小区 → –]!"),
        ("人民大街3-2-501", "银河小区 3栋 2单元 501 [人民大街 → –]"),
        ("人民大街123号3栋2单元501", "银河小区 3栋 2单元 501 [人民大街123号 → –]"),
        ("人民大街A区7栋101", "A区7栋 1单元 101 [人民大街 → –]"),
        ("7栋101", "A区7栋 1单元 101 [7栋 → A区7栋]"),
        ("B区7栋101", "A区7栋 1单元 101 [7栋 → A区7栋] [B区 → –]!"),
        ("二期3栋2单元501", "银河小区 3栋 2单元 501 [2期 → –]!"),
        ("万科2049 3-2-501", "银河小区 3栋 2单元 501 [万科2049 → –]!"),
        ("99栋2单元501", ""),
        ("99-2-501", ""),
        ("2单元501", ""),
        ("501", ""),
        ("王示例家", ""),
    ],
)
def test_what_numbers_mean(text: str, answer: str) -> None:
    assert said(text) == answer


def test_two_doors_alike_are_both_answered() -> None:
    assert len(fits("5-1102")) == 3
    assert {fit.path[-2] for fit in fits("3栋501")} == {"1单元", "2单元", "3单元"}
    assert [fit.beside for fit in fits("3栋2单元5楼")] == [
        tuple(door.id for door in TOWN[2].doors if door.floor == 5 and door.unit is TOWN[2].units[1])
    ]


def test_a_compound_named_before_need_not_be_misread() -> None:
    assert said("1栋1单元301", names=("星海花园",)) == "银河小区 1栋 1单元 301 | 星海花园1栋 1单元 301"
    assert said("1栋1单元301") == "银河小区 1栋 1单元 301"


def test_inside_a_building_or_unit_the_building_need_not_be_said() -> None:
    third, second_unit = TOWN[2].id, TOWN[2].units[1].id
    assert said("2单元501", inside=third) == "银河小区 3栋 2单元 501"
    assert said("2-501", inside=third) == "银河小区 3栋 2单元 501"
    assert said("501", inside=third, unit=second_unit) == "银河小区 3栋 2单元 501"
    assert said("2-501", inside=third, unit=second_unit) == "银河小区 3栋 2单元 501"
    assert said("1单元501", inside=third, unit=second_unit) == "银河小区 3栋 ?1单元501"
    assert said("3-2-501", inside=third, unit=second_unit) == "银河小区 3栋 2单元 501"


def test_the_only_building_need_not_be_said() -> None:
    lone = built("1栋", ("1单元",))
    tail = read_tail("301")
    words = Words("301", tail.tokens)
    [fit] = Compound([lone]).fits(words)
    assert (fit.path, [str(note) for note in fit.notes]) == (("1栋", "1单元", "301"), ["… → 1栋"])
    assert Compound([]).fits(words) == []


def test_the_best_fits_are_chosen() -> None:
    doubt, small = Note("x", "", Weight.DOUBTFUL), Note("x", "y")
    door, unit, doubtful = (
        Fit(uuid4(), Depth.DOOR, (), (small,)),
        Fit(uuid4(), Depth.UNIT, (), (), "9"),
        Fit(uuid4(), Depth.DOOR, (), (doubt,)),
    )
    assert best([unit, doubtful, door]) == [door]
    assert best([doubtful, unit]) == [unit]
    twice = Fit(door.place_id, Depth.DOOR, (), (small, small))
    assert best([twice, door]) == [door]


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


# --- properties -------------------------------------------------------------------------------------------------------

ALPHABET = "0123456789ABab三二五零一十号栋幢座楼单元门室户层组期区社#＃－-—./ 　第甲东西负地下小区路街银河星海花园村王示例家\x00é😀"


@given(st.text(alphabet=st.sampled_from(ALPHABET), max_size=40) | st.text(max_size=60))
@settings(max_examples=400, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    plain = clean(text)
    assert all(char.isalnum() or char in "#-々" for char in plain)
    tail = read_tail(plain)
    assert all(token.value for token in tail.tokens)
    for fit in fits(text):
        assert fit.place_id


CHINESE = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A number below a hundred as it is counted in Chinese."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else CHINESE[tens] + "十") + (CHINESE[ones] if ones or not tens else "")


@st.composite
def spelt_doors(draw: st.DrawFn) -> tuple[str, str, str]:
    """A door of the town, its plain address, and another spelling of it."""
    building, unit, floor, door = draw(st.integers(1, 6)), draw(st.integers(1, 3)), draw(st.integers(1, 12)), draw(st.integers(1, 2))
    room = f"{floor}{door:02d}"
    by_numerals = draw(st.booleans())
    b, u = (
        (numeral(building), numeral(unit))
        if by_numerals
        else (f"{'0' * draw(st.integers(0, 2))}{building}", f"{'0' * draw(st.integers(0, 1))}{unit}")
    )
    r = "".join(CHINESE[int(digit)] for digit in room) if by_numerals and draw(st.booleans()) else f"{'0' * draw(st.integers(0, 1))}{room}"
    gap = draw(st.sampled_from(["", "", " ", "　", "-"]))
    words = (
        draw(st.sampled_from(["栋", "号楼", "幢", "座", "#", "号栋", "#楼"])),
        draw(st.sampled_from(["单元", "门", "号单元", "梯", "门洞"])),
    )
    end = draw(st.sampled_from(["", "室", "号", "户"]))
    dash = draw(st.sampled_from(["-", "－", "—", "–", "/", ".", " ", "、", "之", "_"]))
    if draw(st.booleans()):
        storey = draw(st.sampled_from(["", f"{floor}层", f"{floor}楼"]))
        # A dash before a floor makes it a basement: "1单元-1层101" is left to a person.
        text = f"{b}{words[0]}{gap}{u}{words[1]}{'' if storey else gap}{storey}{r}{end}"
    else:
        text = dash.join((str(building), str(unit), room)) + end
    if draw(st.booleans()):
        text = text.translate({ord(digit): ord("０") + int(digit) for digit in "0123456789"})
    return f"{building}-{unit}-{room}", f"银河小区 {building}栋 {unit}单元 {room}", draw(st.sampled_from(["", "银河小区", "银河"])) + text


@given(spelt_doors())
@settings(max_examples=600, deadline=None)
def test_any_spelling_of_a_door_is_the_same_door(spelt: tuple[str, str, str]) -> None:
    plain, path, other = spelt
    assert said(plain) == said(other) == path
