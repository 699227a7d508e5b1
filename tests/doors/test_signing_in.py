"""Signing in: password, lockout in words, second step, joining links, what is owed first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from lianfang.ground.accounts import access, commands
from lianfang.kernel import clock
from tests.doors.conftest import Desk, signed_in, words_of
from tests.factories.accounts import PASSWORD
from tests.factories.cast import Cast

SIGN_IN = "/desk/sign-in/"


def enter(client: Client, login: str = "grid.a", password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


def second_factor(login: str, town: Cast) -> str:
    """Give an account a second factor; its secret."""
    account = town.account(login)
    offer = commands.offer_second_factor(account)
    commands.confirm_second_factor(account, pyotp.TOTP(offer.secret).at(clock.now() - timedelta(seconds=30)))
    return offer.secret


def test_every_page_of_the_desk_asks_a_stranger_to_sign_in(db: None) -> None:
    answer = Client().get("/desk/matters/?show=late")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/sign-in/?next=%2Fdesk%2Fmatters%2F%3Fshow%3Dlate")


def test_a_part_of_a_page_tells_the_stranger_where_to_go_as_a_whole(db: None) -> None:
    answer = Client().get("/desk/matters/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["X-Whole-Page"].startswith(SIGN_IN)


def test_a_password_leads_to_where_one_wanted_to_go(town: Cast) -> None:
    answer = enter(Client(), next="/desk/duty/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/duty/")


def test_nobody_is_led_to_another_house(town: Cast) -> None:
    assert enter(Client(), next="https://elsewhere.example/")["Location"] == "/desk/"


def test_a_wrong_password_is_said_without_saying_which_part_was_wrong(town: Cast) -> None:
    wrong, unknown = enter(Client(), password="wrong"), enter(Client(), login="nobody.here")
    assert wrong.status_code == unknown.status_code == 403
    assert "登录名、密码或验证码不对" in words_of(wrong)
    assert words_of(wrong).replace("grid.a", "") == words_of(unknown).replace("nobody.here", "")


def test_after_five_wrong_tries_the_lock_is_told_in_words(town: Cast) -> None:
    client = Client()
    for _ in range(5):
        enter(client, password="wrong")
    locked = words_of(enter(client))
    assert "输错太多次" in locked
    assert "社区书记可以马上重置" in locked


def test_the_second_step_takes_a_code_and_the_password_is_not_typed_twice(town: Cast) -> None:
    secret, client = second_factor("secretary.a", town), Client()
    step = enter(client, "secretary.a")
    ticket = step.context["ticket"]
    assert PASSWORD not in step.content.decode()
    wrong = client.post(reverse("desk:code"), {"ticket": ticket, "code": "000000"})
    assert wrong.status_code == 403
    answer = client.post(reverse("desk:code"), {"ticket": ticket, "code": pyotp.TOTP(secret).now(), "next": "/desk/duty/"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/duty/")


def test_a_forged_or_old_ticket_begins_again(town: Cast) -> None:
    second_factor("secretary.a", town)
    client = Client()
    ticket = enter(client, "secretary.a").context["ticket"]
    assert client.post(reverse("desk:code"), {"ticket": "nonsense", "code": "1"})["Location"] == SIGN_IN
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert client.post(reverse("desk:code"), {"ticket": ticket, "code": "1"})["Location"] == SIGN_IN


def test_a_role_that_administers_sets_up_the_second_step_before_anything_else(town: Cast, settings: Any) -> None:
    settings.LIANFANG_DEMO = ""
    desk = Desk(signed_in("secretary.a"))
    assert desk.get("place", town.a.id)["Location"] == reverse("desk:second_factor")
    page = desk.get("second_factor")
    secret = page.context["offer"].secret
    assert "<svg" in page.content.decode()
    assert "验证码不对" in words_of(desk.post("second_factor", code="000000"))
    codes = desk.post("second_factor", code=pyotp.TOTP(secret).now()).context["codes"]
    assert len(codes) == 10
    assert desk.get("place", town.a.id).status_code == 200


def test_who_only_records_needs_no_second_step(town: Cast, settings: Any) -> None:
    settings.LIANFANG_DEMO = ""
    assert Desk(signed_in("grid.a")).get("home").status_code == 200


def test_a_joining_link_asks_for_four_digits_and_works_once(town: Cast) -> None:
    link = commands.reset(town.account("grid.a"), by=access.actor_of_login("secretary.a"))
    address, client = reverse("desk:join", args=[link.token]), Client()
    chosen = {"password": "三个不相干的词语就好了", "again": "三个不相干的词语就好了"}
    assert "手机号后四位不对" in words_of(client.post(address, {"digits": "0000", **chosen}))
    assert "密码至少10个字符" in words_of(client.post(address, {"digits": "0902", "password": "短", "again": "短"}))
    assert "两次输入不一样" in words_of(client.post(address, {"digits": "0902", "password": "一二三四五六七八九十", "again": "x"}))
    assert client.post(address, {"digits": "0902", **chosen})["Location"] == "/desk/"
    used = Client().get(address)
    assert used.status_code == 410
    assert "这个链接用过了" in words_of(used)


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(town: Cast) -> None:
    here, elsewhere = Desk(signed_in("grid.a")), Desk(signed_in("grid.a"))
    wrong = here.post("password", present="wrong", password="三个不相干的词语就好了", again="三个不相干的词语就好了")
    assert "现在的密码不对" in words_of(wrong)
    changed = here.post("password", present=PASSWORD, password="三个不相干的词语就好了", again="三个不相干的词语就好了")
    assert changed.status_code == 302
    assert here.get("me").status_code == 200
    assert elsewhere.get("me").status_code == 302


def test_signing_out_is_posted(town: Cast) -> None:
    desk = Desk(signed_in("grid.a"))
    assert desk.get("sign_out").status_code == 405
    desk.post("sign_out")
    assert desk.get("home").status_code == 302


@pytest.mark.parametrize("page", ["sign_in", "style"])
def test_pages_for_strangers_show_nobody(db: None, page: str) -> None:
    answer = Client().get(reverse(f"desk:{page}"))
    assert answer.status_code == 200
    assert "退出" not in words_of(answer)
