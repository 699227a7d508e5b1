"""Every verb of accounts has the rights it needs as the web role, and that role none beyond."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from lianfang.ground.accounts import commands, queries
from lianfang.ground.accounts.commands import ListOptions, NewGrant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, OverPlace, SignInRefused
from lianfang.kernel import clock
from tests.factories.accounts import PASSWORD
from tests.factories.cast import Cast
from tests.ground.accounts.test_importing import leader, workbook


@pytest.fixture
def as_web(cast: Cast) -> Iterator[Cast]:
    """Logged in as the web role, as serving processes are, without any scope."""
    with connection.cursor() as cursor:
        cursor.execute("set role lianfang_web")
        yield cast
        cursor.execute("reset role")


def test_from_making_an_account_to_closing_it(as_web: Cast) -> None:
    secretary = as_web.secretary
    made = commands.add_account(NewAccount("何示新", phone="15400000950"), by=secretary)
    grant = commands.give(made, NewGrant(Role.GRID_WORKER, OverPlace(as_web.a.place_id)), by=secretary)
    link = commands.invite(made, by=secretary)
    commands.join(link.token, "0950", PASSWORD)
    assert commands.sign_in("15400000950", PASSWORD).account_id == made
    with pytest.raises(SignInRefused):
        commands.sign_in("heshixin", "not the password")
    offer = commands.offer_second_factor(made)
    [code, *_] = commands.confirm_second_factor(made, pyotp.TOTP(offer.secret).at(clock.now()))
    commands.sign_in("heshixin", PASSWORD, code)
    assert commands.change_password(made, PASSWORD, "松柏 长青 2026 夏")
    device = commands.add_device(made, "手机", by=secretary)
    commands.many_seen({device.device_id: None})
    commands.cut_off(device.device_id, by=secretary, stolen=True)
    commands.revoke(grant, by=secretary)
    commands.reset(made, by=secretary)
    commands.correct_account(made, by=secretary, name="何示改")
    commands.end_sessions(made, by=secretary)
    commands.close_account(made, by=secretary)
    assert queries.grants_of(made) == []


def test_a_list_and_the_signs_of_doors(as_web: Cast) -> None:
    content = workbook(leader("王示楼", 501), leader("李示元", 502, "单元长", unit=1))
    assert commands.import_accounts(content, ListOptions(), by=as_web.secretary).counts["added"] == 2
    [sign] = commands.door_signs([as_web.a_door.place_id], by=None)
    commands.open_with_code(as_web.a_door.place_id, sign.code)
    assert queries.door_of_link(commands.renew_door_sign(as_web.a_door.place_id, by=None).token) == as_web.a_door.place_id
    assert queries.answering(as_web.a_building)


@pytest.mark.parametrize("table", ["account", "grant", "device", "joining", "doorlink", "recoverycode"])
def test_nothing_of_accounts_is_ever_deleted_by_the_web(as_web: Cast, table: str) -> None:
    for statement in ("delete from", "truncate"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} accounts_{table}")


@pytest.mark.parametrize("login", ["lianfang_intake", "lianfang_folder"])
@pytest.mark.parametrize("table", ["joining", "doorlink", "recoverycode"])
def test_systems_see_no_links_and_no_codes(cast: Cast, login: str, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local role {login}")
        cursor.execute(f"select * from accounts_{table}")
