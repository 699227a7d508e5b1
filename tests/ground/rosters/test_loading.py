"""A roster on its way: every person row gets a verdict, the same file changes nothing, nothing is guessed."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.ground.rosters import commands, queries
from lianfang.ground.rosters.loading_types import Verdict
from tests.factories.cast import Cast, cast
from tests.factories.loaded_rosters import brought, line, loaded, roster_of
from tests.factories.people import paper_number, phone_number

__all__ = ["cast"]

FAMILY = (
    line("钱示一", "1-1-102", paper=paper_number(101), phone=phone_number(101), relation="户主"),
    line("周示二", "1-1-102", paper=paper_number(102), relation="配偶"),
    line("钱示三", "1-1-102", relation="子女"),
)


def verdicts(roster_id: UUID) -> list[str]:
    return [row.verdict.value for row in queries.rows_of(roster_id, limit=10_000)]


def test_a_family_is_added_at_its_door_as_one_household(cast: Cast) -> None:
    _, found = loaded(cast.a, roster_of(*FAMILY), cast.secretary)
    assert (found.rows, found.doors, found.added) == (3, 1, 3)
    with cast.as_web(cast.secretary):
        door = places.parse_address("1-1-102", cast.a).place
        assert door is not None
        assert [one.relation for one in people.people_of_door(door.place_id)] == ["head", "child", "spouse"]
        assert [one.people for one in people.households_of_door(door.place_id)] == [3]


def test_a_trial_changes_nothing(cast: Cast) -> None:
    before = people.counts([cast.a.range])
    roster_id = brought(cast.a, roster_of(*FAMILY), cast.secretary)
    assert queries.summary(roster_id).added == 3
    assert people.counts([cast.a.range]) == before


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    content = roster_of(*FAMILY)
    loaded(cast.a, content, cast.secretary)
    before = people.counts([cast.a.range])
    roster_id, found = loaded(cast.a, content, cast.secretary)
    assert (found.unchanged, found.same_file) == (3, True)
    assert people.counts([cast.a.range]) == before
    assert verdicts(roster_id) == ["unchanged"] * 3


def test_who_is_known_is_not_added_again(cast: Cast) -> None:
    """王示例 and 张示范 live at 1-1-101 with papers 11 and 12."""
    rows = (
        line("王示例", paper=paper_number(11).lower()),
        line("张示范", phone=phone_number(12)),
        line("王示例", "1-1-101"),
        line("张示范", phone=phone_number(99)),
        line("新示人", paper=paper_number(11)),
        line("王示例", paper=paper_number(44)),
    )
    roster_id, found = loaded(cast.a, roster_of(*rows), cast.secretary)
    assert verdicts(roster_id) == ["unchanged", "unchanged", "merged", "merged", "waiting", "added"]
    assert Counter(found.reasons)["paper_of_another"] == 1
    assert people.counts([cast.a.range]).living == 3


def test_a_new_phone_is_taken_over_and_another_paper_is_a_question(cast: Cast) -> None:
    roster_id, found = loaded(
        cast.a, roster_of(line("王示例", phone=phone_number(77)), line("张示范", paper=paper_number(55))), cast.secretary
    )
    assert verdicts(roster_id) == ["changed", "waiting"]
    assert found.questions == 1


def test_unreadable_rows_wait_and_never_stop_the_others(cast: Cast) -> None:
    rows = (
        line("王1示"),
        line("钱示一", "1-1-102"),
        line("孙示二", "9-9-909"),
        line("李示三", "1-1-201", paper="2.2010119E+17", phone="12345"),
    )
    roster_id, found = loaded(cast.a, roster_of(*rows), cast.secretary)
    assert verdicts(roster_id) == ["waiting", "added", "waiting", "added"]
    assert (found.rows, found.missing_doors) == (4, 1)
    [row] = queries.rows_of(roster_id, Verdict.WAITING, reason="door_unknown")
    assert "9栋" in str(row.reasons[0])


def test_missing_doors_are_laid_out_at_a_word(cast: Cast) -> None:
    rows = (line("钱示一", "1-1-301"), line("孙示二", "2-1-101"), line("孙示三", "2-2-102"))
    roster_id = brought(cast.a, roster_of(*rows), cast.secretary)
    assert queries.summary(roster_id).missing_doors == 3
    assert [(one.building, one.units, one.doors) for one in queries.missing_of(roster_id)] == [("1栋", 1, 1), ("2栋", 2, 2)]
    laid = commands.add_missing_doors(roster_id, cast.secretary)
    assert (len(laid.buildings), laid.units, laid.doors) == (1, 2, 3)
    commands.compare_again(roster_id, cast.secretary)
    assert commands.load(roster_id, cast.secretary).added == 3


def test_one_person_at_two_doors_is_registered_at_one_or_a_question(cast: Cast) -> None:
    headings = ("序号", "姓名", "身份证号", "楼栋", "单元", "房号", "居住情况")
    twice = (
        ["钱示一", paper_number(101), "1", "1", "102", ""],
        ["钱示一", paper_number(101), "1", "1", "201", "户在人不在"],
        ["孙示二", paper_number(102), "1", "1", "102", ""],
        ["孙示二", paper_number(102), "1", "2", "101", ""],
    )
    roster_id, found = loaded(cast.a, roster_of(*twice, headings=headings), cast.secretary)
    assert verdicts(roster_id) == ["added", "merged", "added", "waiting"]
    assert found.reasons["same_as_row_other_sense"] == 1
    assert found.reasons["at_two_doors"] == 1


def test_a_newer_file_says_who_was_left_out_and_nobody_is_deleted(cast: Cast) -> None:
    loaded(cast.a, roster_of(*FAMILY), cast.secretary)
    _, found = loaded(cast.a, roster_of(*FAMILY[:2], line("钱示四", "1-1-102")), cast.secretary)
    assert (found.unchanged, found.added, found.left_out) == (2, 1, 1)
    assert people.counts([cast.a.range]).living == 2 + 4


def test_nobody_of_another_community_is_named(cast: Cast) -> None:
    """赵示远 of community B has paper 21: for A's roster they are somebody new, and the database notes the pair."""
    _, found = loaded(cast.a, roster_of(line("赵示远", "1-1-102", paper=paper_number(21))), cast.secretary)
    assert found.added == 1
    assert len(people.matches()) == 1
    assert access.actor_of_login("secretary.a").account_id
