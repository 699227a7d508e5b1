"""The doors that the numbers of an address mean in a compound: fits, the best of them, and any spelling of a door. Pure: no database."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianfang.ground.places.rules.address_doors import Building, Compound, Depth, Door, Fit, Unit, Words, best
from lianfang.ground.places.rules.address_notes import Note, Weight
from lianfang.ground.places.rules.addresses import clean, read_tail
from tests.fuzzing import examples


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


ALPHABET = "0123456789ABab三二五零一十号栋幢座楼单元门室户层组期区社#＃－-—./ 　第甲东西负地下小区路街银河星海花园村王示例家\x00é😀"


@given(st.text(alphabet=st.sampled_from(ALPHABET), max_size=40) | st.text(max_size=60))
@settings(max_examples=examples(200), deadline=None)
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
@settings(max_examples=examples(200), deadline=None)
def test_any_spelling_of_a_door_is_the_same_door(spelt: tuple[str, str, str]) -> None:
    plain, path, other = spelt
    assert said(plain) == said(other) == path
