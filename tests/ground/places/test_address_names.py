"""The names of an address: matches, chains, gaps, and how sure the answer is. Pure: no database."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianfang.ground.places.rules.address_bases import Base, Nearby, Surroundings, bases, beginnings
from lianfang.ground.places.rules.address_doors import Building, Compound, Door, Unit
from lianfang.ground.places.rules.address_names import Chain, Named, Spelling, chains, matches, pieces, says_other_kind
from lianfang.ground.places.rules.address_verdicts import Judge, Verdict
from lianfang.ground.places.rules.addresses import clean
from lianfang.ground.places.rules.names import plain, stem
from lianfang.ground.places.rules.similar import Likeness, bare, likeness, likeness_of_cores
from lianfang.ground.places.types import Kind, Level
from lianfang.kernel.ranges import Range
from tests.fuzzing import examples

P, C, D, S, M, B, U = Level.PROVINCE, Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY, Level.BUILDING, Level.UNIT


class Land:
    """A small land in memory, with the keys under which its names are found."""

    def __init__(self) -> None:
        self.named: dict[UUID, Named] = {}
        self.spelt: dict[str, list[Spelling]] = {}

    def add(self, name: str, level: Level | None, above: Named | None, lo: int, hi: int, **more: object) -> Named:
        kind = more.pop("kind", Kind.VILLAGE if name.endswith(("村", "村委会")) else Kind.COMMUNITY if level is M else Kind.DIVISION)
        former_names, aliases = more.pop("former_names", ()), more.pop("aliases", ())
        one = Named(uuid4(), name, level, str(kind), above.id if above else None, (Range(lo, hi),), **more)  # type: ignore[arg-type] # fields of Named
        self.named[one.id] = one
        keys = [("name", plain(name)), *(("former", key) for key in former_names), *(("alias", key) for key in aliases)]  # type: ignore[attr-defined] # tuples
        if level and level.is_division and stem(name, level) != plain(name):
            keys.append(("stem", stem(name, level)))
        for how, key in keys:
            self.spelt.setdefault(key, []).append(Spelling(how, one))
        return one


LAND = Land()
JILIN = LAND.add("吉林省", P, None, 0, 10_000)
CITY = LAND.add("长春市", C, JILIN, 1000, 3000)
CHAOYANG = LAND.add("朝阳区", D, CITY, 1000, 2000)
ERDAO = LAND.add("二道区", D, CITY, 2000, 3000)
YONGCHANG = LAND.add("永昌街道", S, CHAOYANG, 1000, 1100)
NANHU = LAND.add("南湖街道", S, CHAOYANG, 1100, 1200)
HUIMIN = LAND.add("惠民社区", M, YONGCHANG, 1010, 1020, former_names=("自由社区",), aliases=("大院",))
NEW_MOON = LAND.add("新月路社区", M, NANHU, 1110, 1120, former=(Range(1030, 1040),))
PEACE = LAND.add("和平社区居委会", M, YONGCHANG, 1040, 1050)
PEACE_SOUTH = LAND.add("和平社区", M, NANHU, 1140, 1150)
TOWN = LAND.add("英俊镇", S, ERDAO, 2100, 2200)
VILLAGE = LAND.add("和平村委会", M, TOWN, 2110, 2120)
TWENTY = LAND.add("二十号村", M, TOWN, 2120, 2130)
GONE = LAND.add("光复街道", S, CHAOYANG, 1900, 1910, ended=True)
ONLY_KIND = LAND.add("街道", S, ERDAO, 2900, 2910)
SILVER = LAND.add("银河小区", None, HUIMIN, 1012, 1014)
PHASE = LAND.add("幸福三期", None, NEW_MOON, 1112, 1113)
HAPPY = LAND.add("幸福", None, NEW_MOON, 1112, 1114)
HALL = LAND.add("银河大厦", B, HUIMIN, 1016, 1017, kind=Kind.BUILDING)
ZONE = LAND.add("长春开发区", S, ERDAO, 2800, 2810)
LAND.spelt["长春"].append(Spelling("stem", ZONE))
FARM = LAND.add("国营农场", S, ERDAO, 2700, 2710)


def usable_in(within: Named | None, named: Named) -> bool:
    return within is None or named is within or within.holds(named) or named.held(within)


def read(text: str, within: Named | None = None, *, misspelt: bool = True) -> list[Base]:
    """The bases of a text, with all of the land to look through for misspelt names."""
    words = clean(text)
    found = matches(words, LAND.spelt)
    made = chains(
        words,
        found,
        usable=lambda one: usable_in(within, one),
        trusted=lambda one: within is not None and (one is within or one.held(within)),
    )
    everything = [Nearby(bare(one.name, one.level), one) for one in LAND.named.values() if not one.ended and one.level not in {B, P, C}]
    below: dict[UUID | None, list[Nearby]] = {None: everything}
    for named in (CITY, CHAOYANG, ERDAO):  # streets are looked through by way of what is above them
        below[named.id] = [near for near in everything if named.holds(near.named)]
    return bases(words, made, Surroundings(within, LAND.named, below if misspelt else {}, found))


def said(text: str, within: Named | None = None, *, misspelt: bool = True) -> str:
    """Bases in words: the name, notes in brackets, words left."""
    return " | ".join(
        (base.named.name if base.named else "-")
        + "".join(f" [{note}]" + "!" * (note.weight - 1) for note in base.notes)
        + (f" +{base.words.leftover}" if base.words.leftover else "")
        for base in sorted(read(text, within, misspelt=misspelt), key=lambda base: base.named.ranges if base.named else ())
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("吉林省长春市朝阳区永昌街道惠民社区3-2-501", "惠民社区"),
        ("吉林长春朝阳永昌惠民3-2-501", "惠民社区"),
        ("长春市惠民社区", "惠民社区"),
        ("大院", "惠民社区"),
        ("自由社区", "惠民社区 [自由社区 → 惠民社区]"),
        ("惠民村", "惠民社区 [惠民村 → 惠民社区]"),
        ("永昌镇", "永昌街道 [永昌镇 → 永昌街道]"),
        ("永昌街道办事处", "永昌街道"),
        ("永昌街道办", "永昌街道"),
        ("和平社区", "和平社区居委会 | 和平社区"),
        ("和平村", "和平村委会"),
        ("永昌街道和平社区", "和平社区居委会"),
        ("永昌街道新月路社区", "新月路社区 [永昌街道 → 南湖街道]"),
        ("朝阳区银河小区3-2-501", "银河小区"),
        ("幸福三期3栋", "幸福三期"),
        ("幸福3栋", "幸福"),
        ("二十号村3号", "二十号村"),
        ("国营农场", "国营农场"),
        ("长春", "长春市 [… → 长春市]"),
        ("光复街道惠民社区", "惠民社区 [光复街道 → –]!"),
        ("长春市光复街道", "长春市 +光复街道"),
        ("二道区惠民社区", "惠民社区 [二道区 → –]!"),
        ("朝阳区人民大街123号惠民社区", "惠民社区 [人民大街123号 → –]"),
        ("人民大街123号", "- +人民大街"),
        ("朝阳区人民大街123号", "朝阳区 +人民大街"),
        ("星惠民社区", "惠民社区 [星惠民社区 → 惠民社区]"),
        ("和平大街3号", "- +和平大街"),
        ("长村市惠民社区", "惠民社区 [长村市 → 长春市]"),
        ("长春市朝杨区惠民社区", "惠民社区 [朝杨区 → 朝阳区]"),
        ("长春市朝阴区永昌街道惠民社区", "惠民社区 [朝阴区 → 朝阳区]"),
        ("长春市长春市惠民社区", "惠民社区"),
        ("长春市月亮区惠民社区", "惠民社区 [月亮区 → –]!"),
        ("王示例家", "- +王示例家"),
        ("", "-"),
    ],
)
def test_names_as_written(text: str, answer: str) -> None:
    assert said(text, misspelt=False) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("惠明社区", "惠民社区 [惠明社区 → 惠民社区]"),
        ("新月社区3-2-501", "新月路社区 [新月社区 → 新月路社区]"),
        ("新月新路社区", "新月路社区 [新月新路社区 → 新月路社区]"),
        ("新悦路社区", "新月路社区 [新悦路社区 → 新月路社区]"),
        ("永倡街道惠明社区3-2-501", "惠民社区 [永倡街道 → 永昌街道] [惠明社区 → 惠民社区]"),
        ("朝阳区永倡街道惠明社区银合小区", "银河小区 [永倡街道 → 永昌街道] [惠明社区 → 惠民社区] [银合小区 → 银河小区]"),
        ("朝阳区人民大街123号惠明社区3栋", "惠民社区 [人民大街123号 → –] [惠明社区 → 惠民社区]"),
        ("英俊镇合平村", "和平村委会 [合平村 → 和平村委会]"),
        ("英俊镇和乎村", "和平村委会 [和乎村 → 和平村委会]!"),
        ("英俊镇合平社区", "和平村委会 [合平社区 → 和平村委会]"),
        ("英俊镇和平社区", "和平村委会 [和平社区 → 和平村委会]"),
        ("英俊镇月亮村", "英俊镇 +月亮村"),
        ("和坪社区", "和平社区居委会 [和坪社区 → 和平社区居委会] | 和平社区 [和坪社区 → 和平社区]"),
        ("王示例家", "- +王示例家"),
    ],
)
def test_misspelt_names(text: str, answer: str) -> None:
    assert said(text) == answer


@pytest.mark.parametrize(
    ("text", "within", "answer"),
    [
        ("3-2-501", HUIMIN, "惠民社区"),
        ("惠民3-2-501", HUIMIN, "惠民社区"),
        ("惠民银河家园3-2-501", HUIMIN, "惠民社区 +银河家园"),
        ("长春市惠民社区银河小区3栋", HUIMIN, "银河小区"),
        ("惠明社区3-2-501", HUIMIN, "惠民社区 [惠明社区 → 惠民社区]"),
        ("惠人社区3-2-501", HUIMIN, "惠民社区 [惠人社区 → 惠民社区]"),
        ("永昌街道惠明社区3-2-501", HUIMIN, "惠民社区 [惠明社区 → 惠民社区]"),
        ("永昌街道", HUIMIN, "惠民社区"),
        ("新月路社区3-2-501", HUIMIN, "惠民社区 +新月路社区"),
        ("自由路3-2-501", HUIMIN, "惠民社区 +自由路"),
        ("惠民社区3-2-501", CHAOYANG, "惠民社区"),
        ("和平村", CHAOYANG, "和平社区居委会 [和平村 → 和平社区居委会] | 和平社区 [和平村 → 和平社区]"),
        ("银合小区3栋", HUIMIN, "银河小区 [银合小区 → 银河小区]"),
        ("大厦1203", HALL, "银河大厦 +大厦"),
    ],
)
def test_names_where_the_place_is_known(text: str, within: Named, answer: str) -> None:
    assert said(text, within) == answer


def test_a_name_that_is_right_elsewhere_in_the_city_is_not_taken_for_misspelt() -> None:
    rival = LAND.add("惠明社区", M, TOWN, 2150, 2160)
    try:
        assert said("永昌街道惠明社区", HUIMIN) == "惠民社区 +惠明社区"
        assert said("惠明社区", CHAOYANG).endswith("!")
    finally:
        del LAND.named[rival.id]
        LAND.spelt["惠明社区"].clear()
        LAND.spelt["惠明"].clear()


def test_pieces_of_a_text_that_may_be_names() -> None:
    assert pieces("3-2-501") == set()
    assert "银河小区3栋" in pieces("银河小区3栋2单元501")
    assert not any("501" in piece for piece in pieces("银河小区3栋2单元501"))
    assert "110街社区" in pieces("110街社区")
    assert beginnings("永倡街道惠明社区") >= {"永倡街道", "永倡街道惠明社区"}


def test_words_for_a_kind() -> None:
    assert not says_other_kind("惠民", HUIMIN)
    assert not says_other_kind("惠民社区居委会", HUIMIN)
    assert says_other_kind("惠民村", HUIMIN)
    assert not says_other_kind("银河小区", SILVER)
    assert says_other_kind("国营镇", replace(FARM, name="国营乡"))
    assert not says_other_kind("国营镇", FARM)
    assert not says_other_kind("大众村", replace(VILLAGE, name="大众", kind=Kind.VILLAGE.value))


def test_inside_today_and_formerly() -> None:
    assert CITY.holds(HUIMIN)
    assert not HUIMIN.holds(CITY)
    assert not HUIMIN.holds(HUIMIN)
    assert SILVER.holds(replace(HALL, ranges=(Range(1012, 1013),)))
    assert not HALL.holds(replace(SILVER, ranges=()))
    assert YONGCHANG.held(NEW_MOON)
    assert not NANHU.held(HUIMIN)
    assert not HUIMIN.held(YONGCHANG)


@pytest.mark.parametrize(
    ("one", "other", "level", "how"),
    [
        ("新月路社区", "新月路居委会", M, Likeness.SAME),
        ("新悦路社区", "新月路社区", M, Likeness.HEARD),
        ("四合村", "十合村", M, Likeness.HEARD),
        ("蓝湖街道", "南湖街道", S, Likeness.HEARD),
        ("新月社区", "新月路社区", M, Likeness.ONE_OFF),
        ("新路月社区", "新月路社区", M, Likeness.ONE_OFF),
        ("太平村", "和平村", M, Likeness.WEAK),
        ("银合小区", "银河小区", None, Likeness.HEARD),
        ("月亮小区", "银河小区", None, None),
        ("新月路", "新月路十八", M, None),
        ("甲", "乙", None, None),
    ],
)
def test_likeness(one: str, other: str, level: Level | None, how: Likeness | None) -> None:
    assert likeness(one, other, level=level) is how


def test_likeness_needs_two_characters() -> None:
    assert likeness_of_cores("一", "二") is None
    assert bare("银河小区", None) == "银河"
    assert bare("小区", None) == "小区"


# --- answers ----------------------------------------------------------------------------------------------------------


def built(name: str, doors: int, *units: str) -> Building:
    building = Building.called(uuid4(), name, "building")
    for unit_name in units or ("",):
        unit = Unit.named(uuid4(), unit_name) if unit_name else None
        building.units += [unit] if unit else []
        building.doors += [Door.labelled(uuid4(), f"{floor}01", floor, unit) for floor in range(1, doors + 1)]
    return building


COMPOUNDS = {
    HUIMIN.id: Compound([built("3栋", 5, "1单元", "2单元"), built("4栋", 5, "1单元", "2单元")]),
    PEACE.id: Compound([built("1栋", 2, "1单元")]),
    PEACE_SOUTH.id: Compound([built("1栋", 2, "1单元"), built("2栋", 2, "1单元")]),
    VILLAGE.id: Compound([]),
    SILVER.id: Compound([built("3栋", 5, "1单元", "2单元")]),
}


def judged(text: str, within: Named | None = None) -> tuple[str, str, str, int]:
    """Certainty, the class of the reason, its words, the number of alternatives."""

    verdict: Verdict = Judge(Surroundings(within, LAND.named), COMPOUNDS).verdict(read(text, within))
    return str(verdict.certainty), type(verdict.why).__name__, str(verdict.why), len(verdict.alternatives)


@pytest.mark.parametrize(
    ("text", "within", "answer"),
    [
        ("惠民社区3-2-501", None, ("exact", "AddressFits", "Every part of the address was found as written.", 0)),
        ("永昌街道", None, ("exact", "AddressFits", "Every part of the address was found as written.", 0)),
        ("惠明社区3-2-501", CHAOYANG, ("likely", "AddressReadAs", "Read as 永昌街道 惠民社区 3栋 2单元 501: 惠明社区 → 惠民社区.", 0)),
        ("3-501", HUIMIN, ("unsure", "AddressManyFit", "2 places fit, for example 3栋 1单元 501 and 3栋 2单元 501.", 2)),
        ("3-2-901", HUIMIN, ("unsure", "AddressOnlyUpTo", "Found 3栋 2单元, but not “901” in it.", 0)),
        ("3-2-5楼", HUIMIN, ("unsure", "AddressOnlyUpTo", "Found 3栋 2单元, but not “5楼” in it.", 1)),
        ("3-2-501王示例", HUIMIN, ("unsure", "AddressOnlyUpTo", "Found 3栋 2单元 501, but not “王示例” in it.", 0)),
        ("月亮小区3-2-501", HUIMIN, ("unsure", "AddressOnlyUpTo", "Found 惠民社区, but not “月亮小区” in it.", 1)),
        ("惠民社区9-2-501", HUIMIN, ("unsure", "AddressOnlyUpTo", "Found 惠民社区, but not “9-2-501” in it.", 0)),
        ("9-2-501", HUIMIN, ("none", "AddressNothingFits", "No place of that name was found: “9-2-501”.", 0)),
        ("501", HUIMIN, ("none", "AddressNeedsPlace", "“501” stands in many buildings. Say in which community or building.", 0)),
        (
            "惠民社区501室",
            HUIMIN,
            ("unsure", "AddressNeedsPlace", "“501室” stands in many buildings. Say in which community or building.", 0),
        ),
        ("3-2-501", None, ("none", "AddressNeedsPlace", "“3-2-501” stands in many buildings. Say in which community or building.", 0)),
        (
            "朝阳区3-2-501",
            None,
            ("unsure", "AddressNeedsPlace", "“3-2-501” stands in many buildings. Say in which community or building.", 0),
        ),
        ("王示例家", None, ("none", "AddressNothingFits", "No place of that name was found: “王示例家”.", 0)),
        ("王示例家13800001234", None, ("none", "AddressNothingFits", "No place of that name was found: “王示例家138****”.", 0)),
        ("二道区惠民社区", None, ("unsure", "AddressOnlyUpTo", "Found 长春市 朝阳区 永昌街道 惠民社区, but not “二道区” in it.", 1)),
        ("二道区惠民社区9-9-9", None, ("unsure", "AddressOnlyUpTo", "Found 长春市 朝阳区 永昌街道 惠民社区, but not “二道区” in it.", 1)),
        ("英俊镇和乎村", None, ("unsure", "AddressOnlyUpTo", "Found 长春市 二道区 英俊镇 和平村委会, but not “和乎村” in it.", 1)),
        ("和平社区1栋101", None, ("unsure", "AddressManyFit", "", 2)),
        ("和平社区2栋101", None, ("likely", "AddressReadAs", "Read as 长春市 朝阳区 南湖街道 和平社区 2栋 1单元 101: … → 和平社区.", 0)),
        ("和平1栋101", None, ("unsure", "AddressManyFit", "", 2)),
        ("银河小区3-2-501", HUIMIN, ("exact", "AddressFits", "Every part of the address was found as written.", 0)),
        ("银河小区", HUIMIN, ("unsure", "AddressOnlyUpTo", "Found 惠民社区, but not “银河小区” in it.", 0)),
        ("银河小区9-9-9", HUIMIN, ("unsure", "AddressOnlyUpTo", "Found 银河小区, but not “9-9-9” in it.", 1)),
        ("幸福三期", None, ("unsure", "AddressOnlyUpTo", "Found 长春市 朝阳区 南湖街道 新月路社区, but not “幸福三期” in it.", 0)),
    ],
)
def test_answers(text: str, within: Named | None, answer: tuple[str, str, str, int]) -> None:
    found = judged(text, within)
    assert found == answer or (not answer[2] and (found[:2], found[3]) == (answer[:2], answer[3])), found


ALPHABET = "吉林省长春市朝阳区二道永昌街道惠民惠明社区村和平新月路银河小区大院居委会乡镇人民大街3栋2单元501室-号 第九王示例家"


@given(st.text(alphabet=st.sampled_from(ALPHABET), max_size=30), st.sampled_from([None, CITY, CHAOYANG, YONGCHANG, HUIMIN]))
@settings(max_examples=examples(200), deadline=None)
def test_any_words_get_an_answer(text: str, within: Named | None) -> None:
    certainty, _why, words, alternatives = judged(text, within) if clean(text) else ("none", "", "", 0)
    assert certainty in {"exact", "likely", "unsure", "none"}
    assert "{" not in words
    assert certainty == "unsure" or alternatives == 0


@given(st.permutations([0, 1, 2, 3]), st.booleans(), st.sampled_from(["", "居委会", "居民委员会"]))
def test_any_prefix_of_the_path_gives_the_same_place(order: list[int], bare_names: bool, end: str) -> None:
    steps = [("吉林省", "吉林"), ("长春市", "长春"), ("朝阳区", "朝阳"), ("永昌街道", "永昌")]
    kept = sorted(order[:2])
    text = "".join(steps[step][bare_names] for step in kept) + "惠民社区" + end
    assert said(text, misspelt=False) == "惠民社区"


def test_a_chain_without_names() -> None:
    [chain] = [made for made in chains("3栋", [], usable=lambda _: True, trusted=lambda _: False) if not made.matches]
    assert isinstance(chain, Chain)
    assert (chain.end, chain.last) == (0, None)
