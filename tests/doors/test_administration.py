"""Accounts, grants, joining links, lists from Excel, the log of looks."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianfang.ground.accounts import access, queries
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import RevealField
from lianfang.kernel import clock
from tests.doors.conftest import Desk, signed_in, words_of
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast
from tests.factories.people import phone_number


def test_a_secretary_lists_the_accounts_of_the_own_community_only(secretary: Desk, cast: Cast) -> None:
    page = words_of(secretary.get("accounts"))
    assert "陈示格" in page
    assert "孙示乙" not in page
    assert "154****0902" in page


def test_names_are_looked_for_by_posting_them(secretary: Desk, cast: Cast) -> None:
    found = secretary.post("accounts", text="csg").context["accounts"]
    assert [one["seen"].login for one in found] == ["grid.a"]


def test_a_new_account_leads_to_its_first_role(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post("account_new", name="冯示新", login="", phone=phone_number(55))
    assert answer.status_code == 302
    account = queries.account_id_of_login("fengshixin")
    assert answer["Location"].endswith(f"?account={account}")
    given = secretary.client.post(
        answer["Location"], {"role": "unit_leader", "where": "1-2", "valid_from": clock.today().isoformat(), "reason": "楼组会推选"}
    )
    assert given.status_code == 302, words_of(given)
    [grant] = queries.grants_of(account)
    assert (grant.role, grant.scope_name) == ("unit_leader", "2单元")


def test_faults_of_a_new_account_stand_beside_their_fields(secretary: Desk, cast: Cast) -> None:
    page = secretary.post("account_new", name="冯5", login="grid.a", phone="12")
    assert set(page.context["form"].errors) & {"name", "login", "phone"}
    taken = secretary.post("account_new", name="冯示新", login="grid.a", phone="")
    assert "登录名grid.a已有人用" in taken.context["form"].errors["login"][0]


@pytest.mark.parametrize(("role", "where", "field"), [("city_command", "1-1", "role"), ("grid_worker", "220106001002", "where")])
def test_nobody_gives_more_than_they_hold(secretary: Desk, cast: Cast, role: str, where: str, field: str) -> None:
    page = secretary.post(
        "grant_new", query=f"?account={cast.account('grid.a')}", role=role, where=where, valid_from=clock.today().isoformat()
    )
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert len(queries.grants_of(cast.account("grid.a"))) == 1


def test_a_role_just_given_can_be_taken_back_at_once(secretary: Desk, cast: Cast) -> None:
    account = account_of("冯示新", login="feng")
    grant_to(account, Role.UNIT_LEADER, OverPlace(cast.a_building.place_id))
    query = f"?account={account}"
    given = secretary.post(
        "grant_new", query=query, role="building_leader", where=str(cast.a_building.id), valid_from=clock.today().isoformat(), follow=True
    )
    [notice] = [notice for notice in given.context["frame"].notices if notice.undo]
    secretary.client.post(notice.undo)
    assert [grant.role for grant in queries.grants_of(account)] == ["unit_leader"]
    assert "撤销" in words_of(secretary.get("account", account))


def test_a_grant_of_another_community_is_not_revoked(outsider: Desk, cast: Cast) -> None:
    [grant] = queries.grants_of(cast.account("grid.a"))
    assert outsider.post("grant_revoke", grant.grant_id).status_code == 404
    assert queries.grants_of(cast.account("grid.a"))


def test_a_reset_gives_a_link_to_print_and_ends_all_sessions(town: Cast) -> None:
    worker, secretary = Desk(signed_in("grid.a")), Desk(signed_in("secretary.a"))
    page = secretary.post("account_link", town.account("grid.a"))
    [card] = page.context["links"]
    assert f"/desk/join/{card['link'].token}/" in card["address"]
    assert "<svg" in page.content.decode()
    assert worker.get("home").status_code == 302


def test_a_closed_account_is_out_at_once(town: Cast) -> None:
    worker = Desk(signed_in("grid.a"))
    Desk(signed_in("secretary.a")).post("account_close", town.account("grid.a"))
    assert worker.get("home").status_code == 302


@pytest.mark.parametrize("action", ["account_link", "account_close", "account_sessions"])
def test_nobody_changes_the_account_of_a_superior(secretary: Desk, cast: Cast, action: str) -> None:
    assert secretary.post(action, cast.account("city")).status_code in {403, 404}
    assert queries.account(cast.account("city")).state == "active"


def workbook(rows: Sequence[Sequence[str]]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("名单.xlsx", out.getvalue())


ROWS = (("姓名", "电话", "角色", "地方"), ("冯示一", phone_number(61), "楼栋长", "1栋"), ("冯示二", "1381234", "楼栋长", "1栋"))


def test_a_list_is_tried_first_with_a_verdict_and_a_reason_for_each_row(secretary: Desk, cast: Cast) -> None:
    page = secretary.post("accounts_import", file=workbook(ROWS), step="try")
    assert [(row["row"], str(row["verdict"])) for row in page.context["rows"]] == [(2, "新账号"), (3, "未收")]
    assert "手机号" in page.context["rows"][1]["reason"]
    assert len(secretary.get("accounts").context["accounts"]) == 2, "nothing was saved"


def test_saving_a_list_answers_with_the_joining_links(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post("accounts_import", file=workbook(ROWS[:2]), step="save")
    assert answer["Content-Disposition"] == 'attachment; filename="joining.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert "/desk/join/" in " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_a_file_that_is_no_workbook_is_said_beside_the_field(secretary: Desk, cast: Cast) -> None:
    page = secretary.post("accounts_import", file=SimpleUploadedFile("a.xlsx", b"\x89PNG"), step="try")
    assert "这不是表格文件" in page.context["form"].errors["file"][0]


def test_the_log_of_looks_is_read_by_those_who_watch_over_it(desk_of: Callable[[str], Desk], secretary: Desk, cast: Cast) -> None:
    with access.scoped(cast.grid_worker):
        people.reveal(cast.resident, RevealField.PHONE, "care", by=cast.account("grid.a"))
    page = words_of(secretary.get("looks_all"))
    assert "陈示格" in page
    assert "要帮助、护送本人" in page
    assert "陈示格" not in words_of(desk_of("secretary.b").get("looks_all"))
    assert desk_of("grid.a").get("looks_all").status_code == 403


def test_filters_of_the_log_stand_in_the_address(secretary: Desk, cast: Cast) -> None:
    with access.scoped(cast.grid_worker):
        people.reveal(cast.resident, RevealField.PHONE, "care", by=cast.account("grid.a"))
    assert secretary.get("looks_all", query={"field": "paper"}).context["looks"] == []
    assert len(secretary.get("looks_all", query={"field": "phone", "account": str(cast.account("grid.a"))}).context["looks"]) == 1
    assert secretary.get("looks_all", query={"until": "2020-01-01"}).context["looks"] == []


def test_a_device_is_cut_off_by_its_owner_and_by_whoever_answers_for_the_account(desk_of: Callable[[str], Desk], cast: Cast) -> None:
    from lianfang.ground.accounts import commands

    first, second = (commands.add_device(cast.account("grid.a"), name, by=cast.grid_worker).device_id for name in ("手机", "平板"))
    assert desk_of("secretary.b").post("cut_off", first).status_code == 404
    desk_of("grid.a").post("cut_off", first)
    desk_of("secretary.a").post("cut_off", second, stolen="yes")
    assert [(device.cut_off_at is not None, device.stolen) for device in queries.devices_of(cast.account("grid.a"))] == [
        (True, True),
        (True, False),
    ]
