"""A secretary's roster at the desk: brought, tried, doors laid out, loaded, rows mended, questions settled and undone, fetched back."""

from __future__ import annotations

import re
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianfang.ground.people import queries as people
from lianfang.ground.rosters import commands, queries
from lianfang.ground.rosters.loading_types import QuestionKind, State, Verdict
from lianfang.kernel import sheets
from lianfang.ledger import chores
from lianfang.ledger import queries as ledger
from tests.doors.conftest import Desk, words_of
from tests.factories.cast import Cast, cast
from tests.factories.loaded_rosters import Line, line, roster_of
from tests.factories.people import paper_number, phone_number

__all__ = ["cast"]

ROWS = (
    line("钱示一", "1-1-102", paper=paper_number(101), phone=phone_number(101), relation="户主"),
    line("孙示二", "2-1-101"),
    line("王示例", "1-1-101", paper=paper_number(55)),
    line("李示三", "1-9-x"),
)


def bring(desk: Desk, cast: Cast, *rows: Line) -> str:
    file = SimpleUploadedFile("名册.xlsx", roster_of(*(rows or ROWS)))
    answer = desk.client.post(reverse("desk:rosters", args=[cast.a.id]), {"file": file})
    assert answer.status_code == 302
    found = re.search(r"/desk/rosters/([0-9a-f-]+)/", answer["Location"])
    assert found
    return found[1]


def test_without_a_roster_the_page_says_what_to_do(secretary: Desk, cast: Cast) -> None:
    assert "还没有名册" in words_of(secretary.get("rosters", cast.a.id))


def test_a_file_that_is_no_table_is_refused_in_words(secretary: Desk, cast: Cast) -> None:
    roster_id = bring(secretary, cast)
    answer = secretary.client.post(
        reverse("desk:rosters", args=[cast.a.id]), {"file": SimpleUploadedFile("名册.xlsx", b"%PDF-1.4 no table")}
    )
    broken = answer["Location"].split("/")[-2]
    assert commands.work_off() == 2
    assert queries.roster(broken).state is State.REFUSED
    assert queries.roster(roster_id).state is State.TRIED
    page = words_of(secretary.get("roster", broken))
    assert "无法读取" in page


def test_from_the_file_to_the_door(secretary: Desk, cast: Cast) -> None:
    roster_id = bring(secretary, cast)
    assert "等待读取" in words_of(secretary.get("roster", roster_id))
    assert commands.work_off() == 1
    page = words_of(secretary.get("roster", roster_id))
    assert "导入后会怎样" in page
    assert "2栋" in page
    assert ("{" in page, "这里还没有建这个门牌：…" in page) == (False, True), "what is of one row is left out where many are counted"
    assert people.counts([cast.a.range]).living == 2
    secretary.post("roster_again", roster_id, doors="add")
    commands.work_off()
    secretary.post("roster_load", roster_id)
    commands.work_off()
    found = queries.roster(roster_id)
    assert found.state is State.LOADED
    assert (found.summary.added, found.summary.waiting, found.summary.questions) == (2, 2, 1)
    assert people.counts([cast.a.range]).living == 4
    assert "导入结果" in words_of(secretary.get("roster", roster_id))


def loaded(desk: Desk, cast: Cast, *rows: Line) -> str:
    roster_id = bring(desk, cast, *rows)
    commands.work_off()
    desk.post("roster_load", roster_id)
    commands.work_off()
    return roster_id


def test_a_waiting_row_is_mended_in_place(secretary: Desk, cast: Cast) -> None:
    roster_id = loaded(secretary, cast, line("李示三", "1-1-999"))
    [row] = queries.rows_of(roster_id, Verdict.WAITING)
    assert "李" in words_of(secretary.get("roster_rows", roster_id))
    secretary.get("roster_row", row.row_id)
    secretary.post("roster_row", row.row_id, step="mend", address="1-1-102")
    assert queries.row(row.row_id).verdict is Verdict.ADDED
    assert people.counts([cast.a.range]).living == 3


def test_a_row_is_set_aside_and_taken_up_again(secretary: Desk, cast: Cast) -> None:
    roster_id = loaded(secretary, cast, line("李示三", "1-1-999"))
    [row] = queries.rows_of(roster_id, Verdict.WAITING)
    secretary.post("roster_row", row.row_id, step="aside")
    assert queries.row(row.row_id).verdict is Verdict.REFUSED
    secretary.post("roster_row", row.row_id, step="again")
    assert queries.row(row.row_id).verdict is Verdict.WAITING


def test_questions_are_settled_and_undone(secretary: Desk, cast: Cast) -> None:
    roster_id = loaded(
        secretary, cast, line("王示例", "1-1-102", paper=paper_number(11)), line("张示范", "1-1-101", paper=paper_number(77))
    )
    asked = {one.kind: one for one in queries.questions(roster_id)}
    assert set(asked) == {QuestionKind.TWO_DOORS, QuestionKind.DIFFERS}
    assert "一人两户" in words_of(secretary.get("roster_questions", roster_id))

    def homes() -> set[object]:
        return {(home.door_id, home.kind) for home in people.person(cast.resident).homes if home.until is None}

    before = homes()
    for answer in ("moved", "both", "other"):
        secretary.post("roster_settle", asked[QuestionKind.TWO_DOORS].question_id, answer=answer)
        assert queries.question(asked[QuestionKind.TWO_DOORS].question_id).settlement == answer
        assert homes() != before or answer == "other"
        secretary.post("roster_settle", asked[QuestionKind.TWO_DOORS].question_id, answer="undo")
        assert homes() == before
    secretary.post("roster_settle", asked[QuestionKind.TWO_DOORS].question_id, answer="other")
    chores.do_what_is_due()
    raised = [one for one in ledger.history([cast.a.range]) if one.kind == "matter_raised"]
    assert raised == [], "who was said to be somebody else is no matter for the secretary"
    known = people.person(cast.neighbour).paper
    secretary.post("roster_settle", asked[QuestionKind.DIFFERS].question_id, answer="take")
    assert people.person(cast.neighbour).paper != known
    secretary.post("roster_settle", asked[QuestionKind.DIFFERS].question_id, answer="undo")
    assert people.person(cast.neighbour).paper == known


def test_the_answer_is_the_same_file_with_two_columns_more(secretary: Desk, cast: Cast) -> None:
    roster_id = loaded(secretary, cast)
    answer = secretary.get("roster_answer", roster_id)
    [sheet] = sheets.read(answer.content, "answer.xlsx").sheets
    assert sheet.rows[0][-2:] == ["结果", "原因"] or len(sheet.rows[0]) == 11
    assert [row[-2] for row in sheet.rows[1:]].count("待处理") == len(queries.rows_of(roster_id, Verdict.WAITING))


def test_the_export_is_marked_and_logged(secretary: Desk, cast: Cast) -> None:
    roster_id = loaded(secretary, cast)
    before = len(people.looks([cast.a.range], limit=500))
    answer = secretary.post("roster_export", roster_id, reason="核对名册")
    [sheet] = sheets.read(BytesIO(answer.content).getvalue(), "export.xlsx").sheets
    assert "secretary.a" in str(sheet.rows[0][0])
    assert sheet.rows[1][1] == "姓名"
    assert "王示例" in [row[1] for row in sheet.rows if len(row) > 1]
    assert len(people.looks([cast.a.range], limit=500)) == before + people.counts([cast.a.range]).living


def test_columns_are_said_and_remembered(secretary: Desk, cast: Cast) -> None:
    roster_id = bring(secretary, cast)
    commands.work_off()
    secretary.post("roster_columns", roster_id, sheet="0", c4="none")
    commands.work_off()
    assert queries.layouts_of(roster_id)[0]["columns"][4] == "none"
    again = bring(secretary, cast, *ROWS[:2])
    commands.work_off()
    assert queries.layouts_of(again)[0]["columns"][4] == "none"


def test_somebody_else_finds_nothing(outsider: Desk, secretary: Desk, cast: Cast) -> None:
    roster_id = bring(secretary, cast)
    assert outsider.get("roster", roster_id).status_code == 404
    assert outsider.get("rosters", cast.a.id).status_code == 404
