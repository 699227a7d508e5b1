"""Accounts from Excel: a verdict and a reason for every row, nothing guessed in silence, thousands in seconds."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from lianfang.ground.accounts import access, commands, queries
from lianfang.ground.accounts.commands import ListOptions, sheets
from lianfang.ground.accounts.list_types import (
    HeadingsMissing,
    ImportAnswer,
    ListTooLong,
    RowAlreadyThere,
    RowAnswer,
    RowDayUnreadable,
    RowNameMissing,
    RowPhoneMissing,
    RowPhoneOfAnother,
    RowPhoneTwice,
    RowPlaceMissing,
    RowPlaceOutside,
    RowPlaceWrongLevel,
    RowRoleMissing,
    RowRoleUnknown,
    RowVerdict,
)
from lianfang.ground.accounts.models import Account, Grant, Joining
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import LongerThanYours, OverPlace, PeriodWrong, ScopeEnded
from lianfang.ground.people.types import PhoneLengthWrong
from lianfang.ground.places import commands as laying
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, Refused
from lianfang.kernel.sheets import SheetRefused
from tests.factories.accounts import PASSWORD, account_of, grant_to
from tests.factories.cast import Cast
from tests.factories.people import phone_number

HEADINGS = ["序号", "姓名", "联系电话", "职务", "社区", "楼栋", "单元", "截止日期"]
Row = tuple[object, ...]


def workbook(*rows: Row, headings: list[str] = HEADINGS) -> bytes:
    """A list as a street office keeps it: a title over all columns, a line of unit and date, headings, rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "楼栋长名册"
    sheet.append(["甲社区楼栋长、单元长名册"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
    sheet.append(["单位：甲社区", None, None, "2022年1月"])
    sheet.append(headings)
    for number, row in enumerate(rows, start=1):
        sheet.append([number, *row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def bring(cast: Cast, *rows: Row, by: str = "secretary.a", options: ListOptions | None = None) -> ImportAnswer:
    return commands.import_accounts(workbook(*rows), options or ListOptions(), by=cast.actor(by))


def leader(name: str, order: int, role: str = "楼栋长", community: object = "甲社区", building: object = "1栋", unit: object = None) -> Row:
    return (name, int(phone_number(order)), role, community, building, unit)


def test_a_list_makes_accounts_with_their_grants_and_links(cast: Cast) -> None:
    answer = bring(cast, leader("王示楼", 501), leader("李示元", 502, "单元长", unit=1), leader("张示网", 503, "网格员", "甲一网格", None))
    assert answer.counts == {"added": 3, "granted": 0, "repeated": 0, "doubtful": 0, "refused": 0}
    assert [(row.line, row.login, row.role, row.read_as) for row in answer.rows] == [
        (4, "wangshilou", "building_leader", "甲社区 1栋"),
        (5, "lishiyuan", "unit_leader", "甲社区 1栋 1单元"),
        (6, "zhangshiwang", "grid_worker", "甲一网格"),
    ]
    [grant] = queries.grants_of(cast.account("wangshilou"))
    assert (grant.scope_name, grant.given_by) == ("1栋", cast.account("secretary.a"))
    link = answer.links[0]
    assert commands.join(link.token, "0501", PASSWORD) == cast.account("wangshilou")
    assert commands.sign_in(phone_number(501), PASSWORD)


def test_a_dry_run_says_the_same_and_writes_nothing(cast: Cast) -> None:
    rows = [leader("王示楼", 501), leader("", 502), leader("陈示格", 902)]
    before = (Account.objects.count(), Grant.objects.count(), Joining.objects.count())
    dry = bring(cast, *rows, options=ListOptions(dry_run=True))
    assert (Account.objects.count(), Grant.objects.count(), Joining.objects.count()) == before
    assert dry.links == ()
    real = bring(cast, *rows)
    assert [(row.verdict, row.login, type(row.reason)) for row in real.rows] == [
        (row.verdict, row.login, type(row.reason)) for row in dry.rows
    ]


def test_sent_twice_is_done_once(cast: Cast) -> None:
    rows = [leader("王示楼", 501), leader("李示元", 502, "单元长", unit=1)]
    bring(cast, *rows)
    again = bring(cast, *rows)
    assert again.counts["repeated"] == 2
    assert {type(row.reason) for row in again.rows} == {RowAlreadyThere}
    assert again.links == ()


def test_somebody_known_by_telephone_number_gets_one_more_grant(cast: Cast) -> None:
    answer = bring(
        cast, leader("陈示格", 902), leader("陈示格", 902, "单元长", unit=2), leader("王示楼", 501), leader("王示楼", 501, "单元长", unit=1)
    )
    assert [row.verdict for row in answer.rows] == [RowVerdict.GRANTED, RowVerdict.GRANTED, RowVerdict.ADDED, RowVerdict.GRANTED]
    assert len(answer.links) == 1
    assert {grant.role for grant in queries.grants_of(cast.account("grid.a"))} == {"grid_worker", "building_leader", "unit_leader"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("", 15400000501, "楼栋长", "甲社区", "1栋"), RowNameMissing),
        (("王示楼", "", "楼栋长", "甲社区", "1栋"), RowPhoneMissing),
        (("王示楼", "1540000050", "楼栋长", "甲社区", "1栋"), PhoneLengthWrong),
        (("王示楼", 15400000501, "保洁", "甲社区", "1栋"), RowRoleUnknown),
        (("王示楼", 15400000501, "", "甲社区", "1栋"), RowRoleMissing),
        (("王示楼", 15400000501, "楼栋长", "", ""), RowPlaceMissing),
        (("王示楼", 15400000501, "楼栋长", "甲社区", "1栋", "1"), RowPlaceWrongLevel),
        (("王示楼", 15400000501, "楼栋长", "乙社区", "1栋"), RowPlaceOutside),
        (("王示楼", 15400000501, "区指挥部", "甲社区", "1栋"), RowRoleUnknown),
        (("王示楼", 15400000501, "district_command", "绿园区", ""), RowPlaceWrongLevel),
        (("王示楼", 15400000501, "社区书记", "丙社区", ""), RowPlaceOutside),
        (("王示楼", 15400000501, "楼栋长", "甲社区", "1栋", None, "长期"), RowDayUnreadable),
        (("王示楼", 15400000501, "楼栋长", "甲社区", "1栋", None, "2020-01-01"), PeriodWrong),
        (("陈示改", 15400000902, "楼栋长", "甲社区", "1栋"), RowPhoneOfAnother),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_changes_nothing(cast: Cast, row: Row, why: type[Refused]) -> None:
    before = (Account.objects.count(), Grant.objects.count())
    [answer] = bring(cast, row).rows
    assert (answer.verdict, type(answer.reason)) == (RowVerdict.REFUSED, why)
    assert answer.login == ""
    assert (Account.objects.count(), Grant.objects.count()) == before


def test_a_place_that_nobody_knows_is_refused_in_words(cast: Cast) -> None:
    [answer] = bring(cast, leader("王示楼", 501, building="99栋")).rows
    assert answer.verdict is RowVerdict.REFUSED
    assert answer.reason is not None
    assert "99" in str(answer.reason)


def test_one_bad_row_does_not_hold_up_the_others(cast: Cast) -> None:
    answer = bring(cast, leader("王示楼", 501), leader("李示元", 502, building="99栋"), leader("张示三", 501), leader("赵示四", 504))
    assert [row.verdict for row in answer.rows] == [RowVerdict.ADDED, RowVerdict.REFUSED, RowVerdict.REFUSED, RowVerdict.ADDED]
    twice = answer.rows[2].reason
    assert isinstance(twice, RowPhoneTwice)
    assert twice.facts == {"line": 4}


def test_a_place_not_as_written_is_taken_only_when_the_reader_has_said_so(cast: Cast) -> None:
    misspelt = leader("王示楼", 501, community="甲社驱")
    [doubtful] = bring(cast, misspelt, options=ListOptions(within=cast.street)).rows
    assert doubtful.verdict in (RowVerdict.DOUBTFUL, RowVerdict.REFUSED)
    assert not Account.objects.filter(name="王示楼").exists()
    if doubtful.verdict is RowVerdict.DOUBTFUL:
        [taken] = bring(cast, misspelt, options=ListOptions(within=cast.street, accept_doubtful=True)).rows
        assert (taken.verdict, taken.read_as) == (RowVerdict.ADDED, "甲社区 1栋")
        assert taken.reason is not None


def test_a_list_may_leave_the_community_and_the_role_out(cast: Cast) -> None:
    content = workbook(("王示楼", 15400000501, "1"), headings=["序号", "姓名", "电话", "负责楼栋"])
    options = ListOptions(role=Role.BUILDING_LEADER, within=cast.a)
    [answer] = commands.import_accounts(content, options, by=cast.secretary).rows
    assert (answer.verdict, answer.read_as) == (RowVerdict.ADDED, "甲社区 1栋")


def test_a_merged_cell_holds_for_all_its_rows(cast: Cast) -> None:
    book = load_workbook(
        BytesIO(workbook(leader("王示楼", 501), leader("李示元", 502, "单元长", None, None, 1), leader("赵示四", 503, building=None)))
    )
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("E4:E6")
    sheet.merge_cells("F4:F6")
    out = BytesIO()
    book.save(out)
    answer = commands.import_accounts(out.getvalue(), ListOptions(), by=cast.secretary)
    assert [row.read_as for row in answer.rows] == ["甲社区 1栋", "甲社区 1栋 1单元", "甲社区 1栋"]


def test_a_grant_of_a_list_ends_no_later_than_the_givers(cast: Cast) -> None:
    ends = clock.today() + timedelta(days=30)
    account = account_of("吕示暂", login="lv.a")
    grant_to(account, Role.COMMUNITY_SECRETARY, OverPlace(cast.a.place_id), until=ends)
    rows = [(*leader("王示楼", 501), None), (*leader("李示元", 502), ends.isoformat())]
    answer = bring(cast, *rows, by="lv.a")
    assert [type(row.reason) for row in answer.rows] == [LongerThanYours, type(None)]
    assert queries.grants_of(cast.account(answer.rows[1].login))[0].valid_to == ends


def test_an_area_that_has_ended_is_no_scope(cast: Cast) -> None:
    laying.end_area(cast.a_grid, by=None)
    [answer] = bring(cast, leader("张示网", 503, "网格员", "甲一网格", None)).rows
    assert answer.verdict is RowVerdict.REFUSED
    assert not isinstance(answer.reason, ScopeEnded)


def test_who_may_not_make_accounts_imports_none(cast: Cast) -> None:
    with pytest.raises(Denied):
        bring(cast, leader("王示楼", 501), by="grid.a")
    assert bring(cast, leader("王示楼", 501), by="secretary.b").counts["refused"] == 1


@pytest.mark.parametrize(
    ("content", "why"), [(b"", SheetRefused), (b"not a workbook", HeadingsMissing), (b"PK\x03\x04 broken", SheetRefused)]
)
def test_what_is_no_workbook_is_refused(cast: Cast, content: bytes, why: type[Refused]) -> None:
    with pytest.raises(why):
        commands.import_accounts(content, ListOptions(), by=cast.secretary)


def test_a_workbook_without_names_or_too_large_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HeadingsMissing):
        commands.import_accounts(workbook(headings=["序号", "电话"]), ListOptions(), by=cast.secretary)
    with pytest.raises(HeadingsMissing):
        commands.import_accounts(workbook(headings=["序号", "姓名"]), ListOptions(), by=cast.secretary)
    monkeypatch.setattr(sheets, "ROWS_AT_MOST", 1)
    with pytest.raises(ListTooLong):
        bring(cast, leader("王示楼", 501), leader("李示元", 502))


def test_the_answer_file_is_the_list_with_verdict_reason_and_login(cast: Cast) -> None:
    content = workbook(leader("王示楼", 501), leader("李示元", 502, building="99栋"))
    answer = commands.import_accounts(content, ListOptions(), by=cast.secretary)

    def words(row: RowAnswer) -> tuple[str, str, str]:
        return row.verdict, str(row.reason or ""), row.login

    book = load_workbook(BytesIO(commands.answer_file(content, answer, ("结果", "原因", "登录名"), words)))
    sheet = book["楼栋长名册"]
    assert sheet["A1"].value == "甲社区楼栋长、单元长名册"
    assert [sheet.cell(3, column).value for column in (8, 9, 10, 11)] == ["截止日期", "结果", "原因", "登录名"]
    assert [sheet.cell(4, column).value for column in (2, 9, 11)] == ["王示楼", "added", "wangshilou"]
    assert sheet.cell(5, 9).value == "refused"
    assert "99" in str(sheet.cell(5, 10).value)


def test_the_sheet_of_links_is_for_printing(cast: Cast) -> None:
    answer = bring(cast, leader("王示楼", 501), leader("陈示格", 902))
    headings = ("姓名", "岗位", "登录名", "链接", "有效期")
    made = commands.joining_sheet(
        answer, headings, lambda token: f"https://example.org/join/{token}", lambda row: f"{row.read_as} {row.role}"
    )
    [titles, first] = list(load_workbook(BytesIO(made)).active.values)
    assert titles == headings
    assert first[:4] == ("王示楼", "甲社区 1栋 building_leader", "wangshilou", f"https://example.org/join/{answer.links[0].token}")


def test_three_thousand_leaders_are_taken_in_at_once(cast: Cast) -> None:
    laying.lay_out(cast.a.place_id, laying.parse_layout("2-61栋，6个单元，2层，每层2户"), by=None)
    rows = []
    for number in range(3000):
        building, unit = 2 + number % 60, number // 60 % 7
        role = "楼栋长" if unit == 0 else "单元长"
        rows.append(
            leader(
                f"示{'甲乙丙丁戊己庚辛'[number % 8]}{'子丑寅卯辰'[number % 5]}", 10_000 + number, role, building=building, unit=unit or None
            )
        )
    content = workbook(*rows)
    answer = commands.import_accounts(content, ListOptions(), by=cast.secretary)
    assert answer.counts["added"] == 3000
    assert len(answer.links) == 3000
    assert Account.objects.filter(created_by_id=cast.account("secretary.a")).count() == 3000
    assert access.all_ranges(cast.actor(answer.rows[-1].login))
