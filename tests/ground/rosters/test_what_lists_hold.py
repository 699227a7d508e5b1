"""Lists as people keep them that are not plainly a sheet of residents: several phones in a cell, workers, village houses, sheets without names."""

from __future__ import annotations

from lianfang.ground.people import commands as people_commands
from lianfang.ground.people import queries as people
from lianfang.ground.people.types import RevealField
from lianfang.ground.places import queries as places
from lianfang.ground.rosters import commands, queries
from lianfang.ground.rosters.loading_types import Settlement, Verdict
from lianfang.kernel.sheets import Page, read, write
from tests.factories.cast import Cast, cast
from tests.factories.loaded_rosters import brought, line, loaded, roster_of
from tests.factories.people import paper_number, phone_number

__all__ = ["cast"]

ONE, TWO, THREE = phone_number(201), phone_number(202), phone_number(203)


def test_every_telephone_number_of_a_cell_is_kept(cast: Cast) -> None:
    both = roster_of(line("钱示一", "1-1-102", paper=paper_number(101), phone=f"{ONE}、{TWO}"))
    roster_id, found = loaded(cast.a, both, cast.secretary)
    assert found.added == 1
    with cast.as_web(cast.secretary):
        [row] = queries.rows_of(roster_id)
        assert row.person_id is not None
        assert [one.person_id for one in people.find_by_phone(TWO, [cast.a.range])] == [row.person_id]
        seen = people.person(row.person_id).phone
        assert (seen.count("、"), TWO in seen, ONE in seen) == (1, False, False)
        assert cast.secretary.account_id is not None
        assert people_commands.reveal(row.person_id, RevealField.PHONE, "a test", by=cast.secretary.account_id) == f"{ONE}、{TWO}"
    with cast.as_web(cast.outsider):
        assert people.find_by_phone(TWO, [cast.a.range]) == []
    _, again = loaded(cast.a, both, cast.secretary)
    assert again.unchanged == 1
    _, newer = loaded(cast.a, roster_of(line("钱示一", "1-1-102", phone=f"{TWO} {THREE}")), cast.secretary)
    assert (newer.changed, newer.reasons) == (1, {"more_phones_taken": 1})
    with cast.as_web(cast.secretary):
        content, _count = commands.export_roster(roster_id, "a mark", "a test", by=cast.secretary.account_id)
    cells = {cell for row_of in read(content, "x.xlsx").sheets[0].rows for cell in row_of}
    assert f"{ONE}、{TWO}、{THREE}" in cells


def test_a_settled_question_gives_further_numbers_back_when_undone(cast: Cast) -> None:
    """张示范 of 1-1-101 is known with paper 12: another paper is a question."""
    roster_id, found = loaded(cast.a, roster_of(line("张示范", paper=paper_number(55), phone=f"{ONE}/{TWO}")), cast.secretary)
    assert found.questions == 1
    with cast.as_web(cast.secretary):
        [question] = queries.questions(roster_id)
        commands.settle(question.question_id, Settlement.TAKE, by=cast.secretary.account_id)
        assert len(people.find_by_phone(TWO, [cast.a.range])) == 1
        commands.undo(question.question_id, by=cast.secretary.account_id)
        assert people.find_by_phone(TWO, [cast.a.range]) == []


def test_workers_do_not_become_residents(cast: Cast) -> None:
    workers = [["银河社区网格员名单"], ["序号", "姓名", "联系电话", "负责楼栋"], [1, "钱示一", ONE, "1-1-102"]]
    mixed = [["姓名", "联系电话", "住址"], ["周示二", TWO, "1-1-102"], ["社区工作人员名单"], ["孙示三", THREE, "1-1-201"]]
    content = write([Page("名册", mixed), Page("Sheet2", workers), Page("说明", [["此表由社区填写", "不要改动格式"]])])
    roster_id, found = loaded(cast.a, content, cast.secretary)
    assert [row.verdict for row in queries.rows_of(roster_id)] == [Verdict.ADDED, Verdict.WAITING, Verdict.WAITING]
    assert found.reasons == {"new_here": 1, "workers_listed": 2}
    assert [(sheet, why.code) for sheet, why in queries.left_out_sheets(roster_id)] == [("说明", "sheet_no_persons")]
    [waiting, _] = queries.rows_of(roster_id, Verdict.WAITING)
    with cast.as_web(cast.secretary):
        assert commands.mend_row(waiting.row_id, {}, by=cast.secretary.account_id) is Verdict.ADDED  # lives here after all


def test_houses_of_a_village_are_laid_out_at_a_word(cast: Cast) -> None:
    rows = (["钱示一", "3组12号"], ["周示二", "三组12号"], ["孙示三", "西屯7号"], ["李示四", "1-1-102"])
    roster_id = brought(cast.a, roster_of(*([one, *rest] for one, *rest in rows), headings=("序号", "姓名", "住址")), cast.secretary)
    assert [(one.building, one.units, one.doors) for one in queries.missing_of(roster_id)] == [
        ("3组12号", 0, 1),
        ("三组12号", 0, 1),
        ("西屯7号", 0, 1),
    ]
    found = commands.load(roster_id, cast.secretary, add_doors=True)
    assert (found.added, found.waiting, found.missing_doors) == (4, 0, 0)
    with cast.as_web(cast.secretary):
        house = places.parse_address("3组12号", cast.a).place
        assert house is not None
        assert len(people.people_of_door(places.doors_of(house)[0].place_id if house.of_kind == "house" else house.place_id)) == 2


def test_a_list_by_groups_and_numbers_names_houses(cast: Cast) -> None:
    rows = (["3", "12", "钱示一"], ["", "13号", "周示二"], ["西屯", "1", "孙示三"])
    roster_id = brought(
        cast.a, roster_of(*([one, *rest] for one, *rest in rows), headings=("序号", "组", "门牌号", "姓名")), cast.secretary
    )
    assert [one.building for one in queries.missing_of(roster_id)] == ["3组12号", "3组13号", "西屯1号"]


def test_plain_numbers_lead_where_reading_leads(cast: Cast) -> None:
    """Of many addresses one a building is read in full; the others are found by their numbers, to the same doors."""
    from lianfang.ground.rosters.queries import standing
    from lianfang.ground.rosters.types import RosterRow, RowKind

    with cast.as_web(cast.secretary):
        rows = [
            RosterRow("x", 1, RowKind.PERSON, address=f"{front}{b}栋{u}单元{r}室", building=str(b), unit=str(u), room=str(r))
            for front in ("", cast.a.name)
            for b in (1, 2)
            for u in (1, 2, 3)
            for r in (101, 102, 201, 202, 901)
        ] + [RosterRow("x", 1, RowKind.PERSON, address="1栋101室", building="1", room="101")]
        quick = standing.Stands(cast.a, accept_likely=False)
        quick.read(rows)
        for row in rows:
            slow = standing.Stands(cast.a, accept_likely=False)
            slow.read([row])
            assert quick.of(row).door == slow.of(row).door
            assert [why.code for why in quick.of(row).reasons] == [why.code for why in slow.of(row).reasons]
