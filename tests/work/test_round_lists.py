"""Lists of open doors: out as a workbook and on paper, filled in, typed back as paper records; and the command line of rounds."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lianfang.doors.cli import frame
from lianfang.doors.cli import rounds as part
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.ledger.kinds import questions
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import commands, lists, queries
from lianfang.work.rounds.lists import ListUnreadable
from lianfang.work.rounds.lists.headings import answer_of
from lianfang.work.rounds.types import NewRound, RoundSeen
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.recount import table


@pytest.fixture
def told(town: Cast) -> RoundSeen:
    now = clock.now()
    new = NewRound("示例轮", "headcount", now + timedelta(hours=5), place=town.a.place_id, opens_at=now - timedelta(hours=1))
    return commands.open_round(new, by=town.secretary)


def filled(content: bytes, words: dict[int, tuple[Any, Any, Any]]) -> bytes:
    """The list with outcome, people and remark written into some rows of doors, from 0."""
    book = load_workbook(BytesIO(content))
    sheet = book.active
    heads = next(row for row in sheet.iter_rows() if "结果" in [cell.value for cell in row])
    columns = {cell.value: cell.column for cell in heads}
    for number, said in words.items():
        for name, value in zip(("结果", "见到人数", "备注"), said, strict=True):
            sheet.cell(heads[0].row + 1 + number, columns[name], value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_list_goes_out_and_comes_back_as_paper_records(town: Cast, told: RoundSeen) -> None:
    blank = lists.blank(told, [town.a.range])
    written = filled(
        blank,
        {0: ("见面", 2, "狗很凶（示例）"), 1: ("暗", None, None), 2: ("不知道", None, None), 3: ("电话", 3, None), 4: ("空", "两人", None)},
    )
    found = lists.take_back(told, written, "清单.xlsx", by=town.secretary)
    fold_all()
    assert found.counts == {"added": 2, "unchanged": 0, "waiting": 0, "refused": 3, "empty": 3}
    assert {row.code for row in found.rows if row.code} == {"outcome_not_understood", "nobody_was_seen", "count_not_understood"}
    records = [row for row in table("ledger_record") if row["kind"] == "visit"]
    assert {row["channel"] for row in records} == {"paper"}
    assert len(table("ledger_remark")) == 1
    covered = queries.coverage(told.id, [town.a.range])
    assert (covered.by_outcome, covered.open, covered.people_seen) == ({Outcome.SEEN: 1}, 7, 2)
    again = lists.take_back(told, written, "清单.xlsx", by=town.secretary)
    assert (again.counts["added"], again.counts["unchanged"]) == (0, 2)
    assert len([row for row in table("ledger_record") if row["kind"] == "visit"]) == 2
    answer = load_workbook(BytesIO(lists.answered(written, found))).active
    assert {"已记录", "未收录", "没有填结果"} <= {cell.value for row in answer.iter_rows() for cell in row}
    with pytest.raises(ListUnreadable):
        lists.take_back(told, "姓名,电话\n王示例,1\n".encode(), "x.csv", by=town.secretary)


def test_a_list_carries_where_people_went_and_the_answers_of_the_form(town: Cast) -> None:
    now = clock.now()
    new = NewRound("返乡", "returnees", now + timedelta(hours=5), place=town.a.place_id, opens_at=now - timedelta(hours=1))
    told = commands.open_round(new, by=town.secretary)
    book = load_workbook(BytesIO(lists.blank(told, [town.a.range])))
    sheet = book.active
    heads = next(row for row in sheet.iter_rows() if "结果" in [cell.value for cell in row])
    columns = {cell.value: cell.column for cell in heads}
    assert [cell.value for cell in heads][-4:] == ["近14天返回人数", "来自", "近期有人返回", "门号"]
    written = [
        {"结果": "外出", "去向": "吉林省长春市"},
        {"结果": "迁", "去向": "日本"},
        {"结果": "外出", "去向": town.street.code, "近期有人返回": "是"},
        {"结果": "见面", "见到人数": 2, "登记未见到": 1, "近14天返回人数": 2, "来自": "省外", "近期有人返回": "否"},
        {"结果": "见面", "来自": "火星"},
        {"结果": "外出", "去向": "朝阳区不存在"},
        {"结果": "见面", "去向": "us"},
        {"结果": "见面", "近14天返回人数": "两个"},
    ]
    for number, said in enumerate(written, start=1):
        for name, value in said.items():
            sheet.cell(heads[0].row + number, columns[name], value)
    out = BytesIO()
    book.save(out)
    found = lists.take_back(told, out.getvalue(), "清单.xlsx", by=town.secretary)
    assert [row.code for row in found.rows if row.code] == ["not_an_answer", "where_to_not_understood", "went_nowhere", "not_an_answer"]
    assert found.counts["added"] == 4
    kept = [row["payload"] for row in table("ledger_record") if row["kind"] == "visit"]
    assert {row.get("away_to") for row in kept} == {"220100000000", "JP", town.street.code, None}
    answers = [row["answers"] for row in kept if "answers" in row]
    assert answers == [{"expected": True}, {"arrived": 2, "from": "other_province", "expected": False}]
    assert {row["form"] for row in kept if "answers" in row} == {"returnees/1"}
    assert [row["unseen"] for row in kept if "unseen" in row] == [1]
    assert lists.take_back(told, out.getvalue(), "清单.xlsx", by=town.secretary).counts["unchanged"] == 4
    text = PdfReader(BytesIO(lists.blank(told, [town.a.range], form="pdf"))).pages[0].extract_text()
    assert "近14天返回人数" in text.replace(" ", "")
    assert "去向" in text


@pytest.mark.parametrize(
    ("form", "key", "cell", "expected"),
    [
        ("temperature", "highest", "37.5", 37.5), ("temperature", "highest", 38, 38), ("temperature", "symptoms", "无", False),
        ("temperature", "measured", "３", 3), ("returnees", "from", "abroad", "abroad"), ("returnees", "expected", "√", True),
        ("temperature", "highest", "", None),
    ],
)  # fmt: skip
def test_answers_are_read_as_they_are_written(form: str, key: str, cell: object, expected: object) -> None:
    question = next(one for one in questions.form(form).questions if one.key == key)
    assert answer_of(question, cell) == expected


def test_doors_are_also_found_by_what_is_written_on_them(town: Cast, told: RoundSeen) -> None:
    door = places.doors_of(town.a_building)[0]
    unit = next(one for one in places.children(town.a_building) if one.range.has(door.lo))
    text = f"楼栋,单元,门牌,结果,上门时间\n1栋,{unit.name},{door.name},外出,{clock.local(clock.now() - timedelta(minutes=5)):%Y-%m-%d %H:%M}\n1栋,{unit.name},999,外出,\n"
    found = lists.take_back(told, text.encode(), "x.csv", by=town.secretary)
    assert (found.counts["added"], [row.code for row in found.rows if row.code]) == (1, ["no_such_door_in_round"])


def test_paper_has_a_page_for_each_unit(town: Cast, told: RoundSeen) -> None:
    pages = PdfReader(BytesIO(lists.blank(told, [town.a.range], form="pdf"))).pages
    assert len(pages) == 2
    text = pages[0].extract_text()
    assert "示例轮" in text.replace(" ", "")
    assert "1栋" in text.replace(" ", "")


def run(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    parser = argparse.ArgumentParser()
    part.register(parser.add_subparsers(required=True))
    assert frame.perform(parser.parse_args([*words, "--json"]), parser) == status
    return json.loads(capsys.readouterr().out)


def test_rounds_at_the_command_line(town: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    until = f"{clock.local(clock.now() + timedelta(days=1)):%Y-%m-%dT%H:%M}"
    opened = run(
        capsys, "round", "open", "敲门", "--area", town.a.code or "", "--form", "人数核对", "--until", until, "--as", "secretary.a"
    )
    assert (opened["doors"], opened["form"], opened["state"]) == (8, "headcount/1", "open")
    commands.record_visit(town.a_door.place_id, Outcome.SEEN, by=town.secretary)
    missing = run(capsys, "round", "missing", "敲门", "--place", town.a.code or "", "--as", "secretary.a")
    assert (missing["doors"], missing["settled"], missing["missing"], len(missing["rows"])) == (8, 1, 7, 7)
    out = tmp_path / "x.xlsx"
    run(capsys, "round", "missing", opened["id"], "--out", str(out), "--as", "secretary.a")
    out.write_bytes(filled(out.read_bytes(), {0: ("拒访", None, None)}))
    assert run(capsys, "round", "load", opened["id"], str(out), "--answer", str(tmp_path / "y.xlsx"), "--as", "secretary.a")["added"] == 1
    assert run(capsys, "round", "coverage", "敲门", "--as", "secretary.a")["by_reason"] == {"refused": 1, "not_yet": 6}
    second = run(capsys, "round", "open", "再敲", "--area", "area:甲一网格", "--form", "gas", "--until", until, "--as", "secretary.a")
    assert run(capsys, "round", "compare", opened["id"], second["id"], "--as", "secretary.a")["open_in_both"] == 7
    assert [one["name"] for one in run(capsys, "round", "list", "--as", "secretary.a")["rounds"]] == ["再敲", "敲门"]
    assert run(capsys, "round", "list", "--as", "secretary.b")["rounds"] == []
    assert run(capsys, "round", "missing", opened["id"], "--as", "secretary.b", status=1)["code"] == "round_not_found"
    assert run(capsys, "round", "close", opened["id"], "--as", "secretary.b", status=1)["code"] == "round_not_found"
    assert run(capsys, "round", "close", opened["id"], "--as", "secretary.a")["state"] == "closed"
    assert (
        run(capsys, "round", "open", "x", "--area", town.a.code or "", "--form", "nonsense", "--until", until, status=1)["code"]
        == "unknown_form"
    )
