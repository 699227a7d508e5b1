"""Finding places by what people type, over all lists that are shipped, and areas and buildings in a small town."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.ground.places import queries
from lianfang.ground.places.models import Place
from lianfang.ground.places.rules.names import stem
from lianfang.ground.places.types import Found, Level
from lianfang.kernel import db
from lianfang.kernel.ranges import EVERYWHERE, Range

pytestmark = pytest.mark.django_db

NATION = [EVERYWHERE]


def names(found: list[Found]) -> list[str]:
    return [one.place.name if one.place else one.area.name if one.area else "" for one in found]


def first(text: str, within: list[Range] | None = None) -> tuple[str, str, str]:
    """Name, what is directly above, and why, of the best answer."""
    found = queries.find(text, within or NATION)
    return (names(found)[0], found[0].path[-1], found[0].why) if found else ("", "", "")


@pytest.fixture
def changchun(real_lists: Any) -> Place:
    return queries.by_code("220100000000")


@pytest.mark.parametrize(
    ("text", "name", "above", "why"),
    [
        ("新月路社区", "新月路社区", "新隆街道", "name"),
        ("新月路", "新月路社区", "新隆街道", "stem"),
        ("月路", "新月路社区", "新隆街道", "inside"),
        ("xinyuelu", "新月路社区", "新隆街道", "pinyin"),
        ("Xin Yue Lu", "新月路社区", "新隆街道", "pinyin"),
        ("xyl", "新月路社区", "新隆街道", "initials"),
        ("新月路社区居委会", "新月路社区", "新隆街道", "stem"),
        ("220103014005", "新月路社区", "新隆街道", "code"),
        ("2201030140050000000", "新月路社区", "新隆街道", "code"),
        ("新悦路社区", "新月路社区", "新隆街道", "similar"),
        ("心月路", "新月路社区", "新隆街道", "similar"),
        ("永倡街道", "永昌街道", "朝阳区", "similar"),
        ("新隆街道新月路", "新月路社区", "新隆街道", "address"),
        ("长春 新月路社区", "新月路社区", "新隆街道", "address"),
        ("朝阳区", "朝阳区", "长春市", "name"),
        ("经开区", "长春经济技术开发区", "长春市", "alias"),
        ("九台市", "九台区", "长春市", "alias"),
        ("长春", "长春市", "吉林省", "stem"),
        ("changchun", "长春市", "吉林省", "pinyin"),
        ("zhangchun", "长春市", "吉林省", "pinyin"),
        ("ccs", "长春市", "吉林省", "initials"),
    ],
)
def test_found_by(changchun: Place, text: str, name: str, above: str, why: str) -> None:
    assert first(text, [changchun.range]) == (name, above, why)


def test_former_names_are_found(changchun: Place) -> None:
    renamed = Place.objects.filter(level=Level.COMMUNITY, valid_to=None, pk__in=_former_name_holders()).order_by("lo").first()
    assert renamed is not None
    former = next(state.name for state in queries.states(renamed) if state.name != renamed.name)
    assert renamed.pk in {one.place.pk for one in queries.find(former, [renamed.range]) if one.place}


def _former_name_holders() -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute("select place_id from places_searchkey where kind = 'former' limit 50")
        return [row[0] for row in cursor.fetchall()]


def test_places_of_one_name_are_told_apart_by_their_paths(real_lists: Any) -> None:
    found = [one for one in queries.find("和平村", NATION, limit=50) if one.place and one.place.valid_to is None]
    in_five = [
        one for one in found if one.place and one.place.code and one.place.code.startswith(("2201", "2207", "4201", "220581", "621223"))
    ]
    assert len(in_five) >= 10
    assert len({one.path for one in found}) == len(found)
    assert all(one.place and "和平村" in one.place.name for one in found)
    assert all(one.path[0].endswith("省") and len(one.path) == 4 for one in in_five)


def test_only_what_meets_the_ranges_is_found(changchun: Place) -> None:
    district = queries.by_code("220105000000")
    found = queries.find("和平", [district.range])
    assert found
    assert all(one.place and one.place.range.meets(district.range) for one in found)
    assert first("二道区", [queries.by_code("220105100200").range])[0] == "二道区"  # it holds the range
    assert queries.find("朝阳区", [district.range]) == []
    assert queries.find("220104000000", [district.range]) == []
    assert queries.find(str(queries.by_code("220104000000").lo), [district.range]) == []
    assert queries.find("和平", []) == []


def test_many_small_ranges_are_kept_apart(changchun: Place) -> None:
    communities = list(
        Place.objects.filter(level=Level.COMMUNITY, lo__gte=changchun.lo, lo__lt=changchun.hi, valid_to=None).order_by("lo")[::60]
    )
    ranges = [community.range for community in communities]
    assert len(ranges) > 20
    for community in communities[:5]:
        found = {one.place.pk for one in queries.find(community.name, ranges) if one.place}
        assert community.pk in found
        allowed = {other.pk for other in communities} | {above.pk for other in communities for above in queries.ancestors(other)}
        assert found <= allowed


def test_the_best_stand_first_and_always_the_same_way(changchun: Place) -> None:
    once = names(queries.find("长春", [changchun.range]))
    assert once[0] == "长春市"
    assert once == names(queries.find("长春", [changchun.range]))
    assert len(queries.find("新", [changchun.range], limit=7)) == 7
    assert names(queries.find("朝阳", NATION))[0] in {"朝阳区", "朝阳市"}


def test_the_beginning_of_a_code_finds_what_lies_under_it(changchun: Place) -> None:
    found = queries.find("220103014", [changchun.range])
    assert all(one.place and one.place.code and one.place.code.startswith("220103014") for one in found)
    assert names(found)[0] == "新隆街道"
    assert queries.find("220", [changchun.range]) == []  # a number, but no code


def test_ended_places_come_last(real_lists: Any) -> None:
    found = queries.find("深井子", NATION, limit=50)
    ended = [one.place.valid_to is not None for one in found if one.place]
    assert True in ended
    assert ended == sorted(ended)
    assert next(one.place.valid_to for one in found if one.place and one.place.name == "深井子村委会") == date(2022, 10, 31)


@pytest.mark.parametrize(
    "text", ["", "  ", "。", "\u3000", "?", "%", "_", "'", "\\", "x" * 500, "新" * 200, "\x00新", "9" * 19, "9" * 30, "ü", "A'B"]
)
def test_odd_texts_find_nothing_and_break_nothing(changchun: Place, text: str) -> None:
    assert isinstance(queries.find(text, [changchun.range]), list)


def test_one_letter_over_a_nation_is_answered_briefly(real_lists: Any) -> None:
    for text in ("x", "xi", "新", "一"):
        assert len(queries.find(text, NATION)) <= 20


def test_a_scoped_reader_finds_the_same(changchun: Place) -> None:
    before = names(queries.find("和平村", [changchun.range]))
    with db.scope([changchun.range], None):
        assert names(queries.find("和平村", [changchun.range])) == before


def test_few_queries_whatever_is_found(changchun: Place) -> None:
    counts = []
    for text in ("新月路社区", "和平"):
        with CaptureQueriesContext(connection) as asked:
            queries.find(text, [changchun.range])
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize(
    ("name", "level", "called"),
    [
        ("前郭尔罗斯蒙古族自治县", Level.COUNTY, "前郭尔罗斯"),
        ("双江拉祜族佤族布朗族傣族自治县", Level.COUNTY, "双江"),
        ("蒙古街道", Level.STREET, "蒙古"),  # nothing would be left of it
        ("宕昌县", Level.COUNTY, "宕昌"),
    ],
)
def test_autonomous_places_are_called_without_the_name_of_their_people(name: str, level: Level, called: str) -> None:
    assert stem(name, level) == called
