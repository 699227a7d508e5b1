"""Addresses read against the database: the real divisions, known surroundings, many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.ground.places import commands, queries
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import (
    AddressEmpty,
    AddressFits,
    AddressManyFit,
    AddressMatch,
    AddressNeedsPlace,
    AddressNothingFits,
    AddressOnlyUpTo,
    AddressReadAs,
    AreaKind,
    Certainty,
    Level,
)
from lianfang.kernel import db
from lianfang.kernel.ranges import EVERYWHERE
from tests.fuzzing import examples
from tests.ground.places import address_town as town

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        town.town(tmp_path_factory.mktemp("town"))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def huimin() -> Place:
    return queries.by_code("220104005001")


def building(name: str, of: Place) -> Place:
    return next(place for place in queries.children(of) if place.name == name)


def test_the_reason_says_how_it_was_read(huimin: Place) -> None:
    read = {text: queries.parse_address(text, huimin) for text in ("3-2-501", "惠明社区3-2-501", "5-1102", "3-2-2501", "99栋", "501", "")}
    classes = [AddressFits, AddressReadAs, AddressManyFit, AddressOnlyUpTo, AddressNothingFits, AddressNeedsPlace, AddressEmpty]
    assert [type(match.why) for match in read.values()] == classes
    assert read["惠明社区3-2-501"].why.facts == {"path": "银河小区 3栋 2单元 501", "what": "惠明社区 → 惠民社区"}
    assert read["3-2-2501"].why.facts == {"path": "银河小区 3栋 2单元", "rest": "2501"}
    assert read["5-1102"].why.facts == {"count": 3, "first": "银河小区 5栋 1单元 1102", "second": "银河小区 5栋 2单元 1102"}
    assert [town.words(place) for place in read["5-1102"].alternatives] == [f"惠民社区 5栋 {n}单元 1102" for n in (1, 2, 3)]


def test_two_communities_of_one_name_are_both_offered() -> None:
    match = queries.parse_address("和平社区1栋1单元101", None)
    assert (match.certainty, match.place) == (Certainty.UNSURE, None)
    assert {town.words(place) for place in match.alternatives} == {"和平社区 1栋 1单元 101"}
    assert len(match.alternatives) == 2
    assert "永昌街道" in str(match.why)
    assert "南湖街道" in str(match.why)


def test_a_village_that_is_not_laid_out_may_have_the_house_too() -> None:
    match = queries.parse_address("和平村12号", None)
    assert [place.at_level for place in match.alternatives] == [Level.DOOR, Level.COMMUNITY]


def test_a_misspelt_compound_is_found_in_the_whole_nation() -> None:
    match = queries.parse_address("银合小区3-2-501", None)
    assert (match.certainty, town.words(match.place)) == (Certainty.LIKELY, "惠民社区 3栋 2单元 501")


def test_inside_a_building_unit_or_door(huimin: Place) -> None:
    third = building("3栋", huimin)
    unit = next(place for place in queries.children(third) if place.name == "2单元")
    door = next(place for place in queries.children(unit) if place.name == "501")
    for within in (third, unit, door):
        for text in ("3-2-501", "2-501", "2单元501", "惠民社区3栋2单元501"):
            match = queries.parse_address(text, within)
            assert (match.certainty, match.place) == (Certainty.EXACT, door), (within.name, text)
    assert queries.parse_address("501", unit).place == door
    assert queries.parse_address("501", door).place == door
    assert queries.parse_address("502", door).certainty is Certainty.NONE
    assert queries.parse_address("1单元501", unit).place is None or queries.parse_address("1单元501", unit).certainty is Certainty.UNSURE
    other = queries.parse_address("4-2-501", third)
    assert (other.certainty, other.place) == (Certainty.UNSURE, third)
    assert queries.parse_address("3栋", unit).place == unit


def test_nothing_outside_is_answered(huimin: Place) -> None:
    for text in (
        "新月路社区3-2-501",
        "英俊镇和平村12号",
        "南湖街道和平社区1-1-101",
        "和平社区1-1-101",
        "长春市",
        "永昌街道",
        "阳光花园1-2-501",
    ):
        match = queries.parse_address(text, huimin)
        assert match.certainty not in {Certainty.EXACT, Certainty.LIKELY} or match.place == huimin, text
        assert all(huimin.range.holds(place.range) for place in (*match.alternatives, *([match.place] if match.place else []))), text


def test_an_area_by_itself_is_no_place(huimin: Place) -> None:
    match = queries.parse_address("银河小区", huimin)
    assert (match.certainty, match.place, type(match.why)) == (Certainty.UNSURE, huimin, AddressOnlyUpTo)


def test_an_area_of_single_doors_is_a_ground(huimin: Place) -> None:
    third = building("3栋", huimin)
    commands.found_area(
        AreaKind.TEN_HOUSEHOLDS, "十户三组", huimin.place_id, [place.place_id for place in queries.doors_of(third)[:10]], by=None
    )
    match = queries.parse_address("十户三组3栋1单元101", huimin)
    assert town.words(match.place) == "惠民社区 3栋 1单元 101"


def test_ended_buildings_and_doors_are_not_read(huimin: Place) -> None:
    unit = next(place for place in queries.children(building("6栋", huimin)) if place.name == "1单元")
    door = next(place for place in queries.children(unit) if place.name == "101")
    commands.end(door.place_id, by=None)
    match = queries.parse_address("6-1-101", huimin)
    assert (match.certainty, match.place) == (Certainty.UNSURE, unit)


def test_many_are_read_in_as_many_queries_as_one(huimin: Place) -> None:
    texts = [f"{b}栋{u}单元{f}0{d}" for b in range(1, 7) for u in (1, 2, 3) for f in (2, 3) for d in (1, 2)]
    with CaptureQueriesContext(connection) as few:
        [one] = queries.parse_addresses(texts[:1], huimin)
    with CaptureQueriesContext(connection) as many:
        found = queries.parse_addresses(texts, huimin)
    assert len(many) == len(few) <= 8
    assert _plain(found[0]) == _plain(one)
    assert len({match.place.pk for match in found if match.place}) == len(texts)
    assert {match.certainty for match in found} == {Certainty.EXACT}


def test_together_or_alone_the_answers_are_the_same(huimin: Place) -> None:
    texts = [
        "3-2-501",
        "惠明社区3-2-501",
        "银合小区3-2-501",
        "5-1102",
        "",
        "王示例家",
        "新月路社区3-2-501",
        "永昌农茂市场",
        "A座1203",
        "和平村12号",
    ]
    for within in (huimin, queries.by_code("220104000000"), None):
        together = queries.parse_addresses(texts, within)
        alone = [queries.parse_address(text, within) for text in texts]
        assert [_plain(match) for match in together] == [_plain(match) for match in alone]


def _plain(match: AddressMatch) -> tuple[object, ...]:
    return match.place, match.certainty, str(match.why), match.alternatives


def test_a_reader_with_the_rights_of_the_web_reads_the_same(huimin: Place) -> None:
    for text in ("惠明社区3-2-501", "长春市朝阳区银河小区3-2-501", "5-1102"):
        before = _plain(queries.parse_address(text, huimin))
        with db.scope([EVERYWHERE], None):
            assert _plain(queries.parse_address(text, huimin)) == before


WORDS = [
    "惠民社区",
    "惠明",
    "永昌街道",
    "长春市",
    "银河小区",
    "银合小区",
    "3栋",
    "2单元",
    "501",
    "-",
    "3",
    "A座",
    "号",
    "室",
    "和平村",
    "王示例",
    "人民大街",
    "12号",
    "　",
    "地下",
    "第",
]


@given(st.lists(st.sampled_from(WORDS), max_size=7), st.booleans())
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_get_an_answer(words: list[str], known: bool) -> None:
    within = queries.by_code("220104005001") if known else None
    match = queries.parse_address("".join(words), within)
    assert (match.place is not None) or match.certainty in {Certainty.NONE, Certainty.UNSURE}
    assert (match.certainty is Certainty.NONE) <= (match.place is None and not match.alternatives)
    assert "{" not in str(match.why)
