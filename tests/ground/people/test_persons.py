"""Persons are added once, corrected with a trace, and matched without a word to anybody outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from lianfang.ground.changes.queries import changes_of_row
from lianfang.ground.people import commands, queries
from lianfang.ground.people.models import Match, Person
from lianfang.ground.people.types import (
    AgeGroup,
    BirthAhead,
    BirthDiffers,
    NameLengthWrong,
    NewPerson,
    PaperCheckWrong,
    PaperKind,
    PersonInvalid,
    PersonNotFound,
    PhoneLengthWrong,
    ResidenceKind,
    SamePaper,
    Sex,
    SexDiffers,
)
from lianfang.kernel import clock
from lianfang.kernel.ids import PersonId, new_id
from tests.factories.cast import Cast
from tests.factories.people import new_person, paper_number, phone_number


def test_what_the_paper_says_need_not_be_typed(cast: Cast) -> None:
    added = commands.add_person(new_person("钱示例", 31), by=None)
    seen = queries.person(added.person_id)
    assert (seen.name, seen.sex, seen.age_group, seen.paper_kind) == ("钱*", Sex.MALE, AgeGroup.ADULT, PaperKind.RESIDENT_ID)
    assert (seen.phone, seen.place_id, seen.homes) == ("154****0031", None, ())


def test_every_wrong_field_is_named_at_once(db: None) -> None:
    new = NewPerson(PersonId(new_id()), "", paper=paper_number()[:-1] + "?", phone="1381234123", birth=clock.today() + timedelta(days=1))
    with pytest.raises(PersonInvalid) as refused:
        commands.add_person(replace(new, paper=paper_number(2)[:-1] + ("0" if paper_number(2)[-1] != "0" else "1")), by=None)
    assert {field: type(why) for field, why in refused.value.fields.items()} == {
        "name": NameLengthWrong,
        "paper": PaperCheckWrong,
        "phone": PhoneLengthWrong,
        "birth": BirthAhead,
    }
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("more", "field", "why"), [({"birth": date(1980, 5, 5)}, "birth", BirthDiffers), ({"sex": Sex.FEMALE}, "sex", SexDiffers)]
)
def test_what_contradicts_the_paper_is_refused(db: None, more: dict[str, object], field: str, why: type[Exception]) -> None:
    with pytest.raises(PersonInvalid) as refused:
        commands.add_person(replace(new_person(), **more), by=None)  # type: ignore[arg-type]  # one field by name
    assert isinstance(refused.value.fields[field], why)


def test_a_newborn_without_paper_and_a_homeless_without_phone_are_persons_too(db: None) -> None:
    added = commands.add_person(NewPerson(PersonId(new_id()), "示", birth=clock.today()), by=None)
    seen = queries.person(added.person_id)
    assert (seen.name, seen.paper, seen.phone, seen.age_group, seen.sex) == ("*", "", "", AgeGroup.INFANT, Sex.UNKNOWN)


def test_the_same_paper_in_the_scope_is_a_conflict_that_names_the_person(cast: Cast) -> None:
    with cast.as_web(cast.secretary), pytest.raises(SamePaper) as refused:
        commands.add_person(new_person("王示例", 11), by=cast.secretary.account_id)
    assert refused.value.facts == {"person_id": cast.resident}


def test_who_knows_better_may_add_the_same_paper_and_is_told_who_is_alike(cast: Cast) -> None:
    with cast.as_web(cast.secretary):
        added = commands.add_person(new_person("王示例", 11), by=None, though_known=True)
    assert [(each.person_id, each.by) for each in added.alike] == [(cast.resident, "paper")]


def test_the_same_phone_and_name_is_told_but_no_conflict_and_a_shared_phone_is_nothing(cast: Cast) -> None:
    with cast.as_web(cast.secretary):
        same = commands.add_person(new_person("王示例", 41, phone=phone_number(11)), by=None)
        child = commands.add_person(new_person("王示儿", 42, phone=phone_number(11)), by=None)
    assert [(each.person_id, each.by) for each in same.alike] == [(cast.resident, "phone")]
    assert child.alike == ()


def test_a_person_of_another_scope_is_never_named_but_the_pair_is_noted(cast: Cast) -> None:
    with cast.as_web(cast.outsider):
        added = commands.add_person(new_person("王示例", 11), by=cast.outsider.account_id)
        household = commands.add_household(cast.b_door.place_id, by=None)
        commands.settle(added.person_id, household, ResidenceKind.ACTUAL, by=None)
        assert added.alike == ()
        with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("savepoint s; select count(*) from people_match")
        connection.cursor().execute("rollback to savepoint s")
    [pair] = queries.matches()
    assert {pair.one, pair.other} == {cast.resident, added.person_id}
    assert pair.basis == "paper"
    assert queries.matches(after=pair.number) == []


def test_a_pair_by_phone_and_name_is_noted_too_and_only_once(cast: Cast) -> None:
    commands.add_person(new_person("王示例", 43, phone=phone_number(11)), by=None)
    commands.add_person(new_person("王示例", 44, paper="", phone=phone_number(11)), by=None)
    assert [pair.basis for pair in queries.matches()] == ["phone"] * 3
    Person.objects.update(sex="unknown")
    assert Match.objects.count() == 3


def test_a_correction_changes_only_what_it_names_and_leaves_a_trace_without_values(cast: Cast) -> None:
    before = Person.objects.get(pk=cast.resident)
    commands.correct_person(cast.resident, by=cast.secretary.account_id, reason="换了号码", phone=phone_number(77))
    after = Person.objects.get(pk=cast.resident)
    assert queries.person(cast.resident).phone == "154****0077"
    assert bytes(after.paper_sealed or b"") == bytes(before.paper_sealed or b"")
    change = changes_of_row("people_person", cast.resident)[0]
    assert (change.actor, change.reason) == (cast.secretary.account_id, "换了号码")
    assert change.new == {"phone_sealed": "…", "phone_index": "…"}


def test_a_new_number_of_the_paper_takes_birth_and_sex_along(cast: Cast) -> None:
    commands.correct_person(cast.resident, by=None, paper=paper_number(2, date(1940, 1, 2)))
    seen = queries.person(cast.resident)
    assert (seen.sex, seen.age_group) == (Sex.FEMALE, AgeGroup.AGED)


def test_a_correction_without_a_difference_is_no_change(cast: Cast) -> None:
    before = len(changes_of_row("people_person", cast.resident))
    commands.correct_person(cast.resident, by=None, name=" 王示例 ", phone=phone_number(11))
    assert len(changes_of_row("people_person", cast.resident)) == before


def test_a_correction_may_take_a_value_away(cast: Cast) -> None:
    commands.correct_person(cast.resident, by=None, phone="", paper="", paper_kind=PaperKind.NONE)
    seen = queries.person(cast.resident)
    assert (seen.phone, seen.paper, seen.paper_kind) == ("", "", PaperKind.NONE)


def test_a_correction_to_somebodys_paper_is_a_conflict(cast: Cast) -> None:
    with pytest.raises(SamePaper):
        commands.correct_person(cast.neighbour, by=None, paper=paper_number(11))
    alike = commands.correct_person(cast.neighbour, by=None, paper=paper_number(11), though_known=True)
    assert [each.person_id for each in alike] == [cast.resident]


def test_a_correction_that_does_not_read_changes_nothing(cast: Cast) -> None:
    with pytest.raises(PersonInvalid) as refused:
        commands.correct_person(cast.resident, by=None, paper="123", paper_kind=PaperKind.RESIDENT_ID, name="新示名")
    assert set(refused.value.fields) == {"paper"}
    assert Person.objects.get(pk=cast.resident).name == "王示例"


def test_nobody_corrects_or_ends_whom_they_cannot_see(cast: Cast) -> None:
    with cast.as_web(cast.outsider):
        for attempt in (
            lambda: commands.correct_person(cast.resident, by=None, name="改示名"),
            lambda: commands.end_person(cast.resident, clock.today(), by=None),
            lambda: queries.person(cast.resident),
        ):
            with pytest.raises(PersonNotFound):
                attempt()
    assert Person.objects.get(pk=cast.resident).name == "王示例"


def test_who_has_died_leaves_every_home_and_is_matched_no_more(cast: Cast) -> None:
    commands.end_person(cast.resident, clock.today(), by=None, reason="去世")
    assert [each.person_id for each in queries.people_of_door(cast.a_door.place_id)] == [cast.neighbour]
    assert commands.add_person(new_person("王示例", 11), by=None).alike == ()


@pytest.mark.parametrize("typed", ["王", "王示", "ws", "wangsh", "WSL"])
def test_people_are_found_by_the_beginning_of_a_name(cast: Cast, typed: str) -> None:
    assert [each.person_id for each in queries.find_by_name(typed, [cast.a.range])] == [cast.resident]
    assert queries.find_by_name(typed, [cast.b.range]) == []


def test_a_search_ends_when_there_are_enough(cast: Cast) -> None:
    everywhere = [cast.city.range]
    assert [each.person_id for each in queries.find_by_name("w", everywhere, limit=1)] == [cast.resident]
    assert [each.name for each in queries.find_by_name("z", everywhere, limit=9)] == ["张*", "赵*"]


def test_people_are_found_by_phone_and_paper_however_written(cast: Cast) -> None:
    with cast.as_web(cast.secretary):
        for found in (
            queries.find_by_phone("154 0000-0011", [cast.a.range]),
            queries.find_by_paper(paper_number(11).lower(), [cast.a.range]),
        ):
            assert [(each.person_id, each.name, each.door_id) for each in found] == [(cast.resident, "王*", cast.a_door.place_id)]
        assert queries.find_by_phone(phone_number(21), [cast.city.range]) == []


@pytest.mark.parametrize("typed", ["", "  ", "??"])
def test_nothing_typed_finds_nobody(cast: Cast, typed: str) -> None:
    everywhere = [cast.city.range]
    assert (
        queries.find_by_name(typed, everywhere)
        == queries.find_by_phone(typed, everywhere)
        == queries.find_by_paper(typed, everywhere)
        == []
    )


def test_masked_names_are_given_for_lists(cast: Cast) -> None:
    with cast.as_web(cast.secretary):
        assert queries.names_masked([cast.resident, cast.stranger]) == {cast.resident: "王*"}
