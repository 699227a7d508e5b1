"""The residents' pages: by the code on the door, without an account."""

from __future__ import annotations

import pytest
from django.test import Client

from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts.types import DoorSign
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import RevealField
from lianfang.work.matters import queries as matters
from tests.doors.conftest import Desk, fold_all, signed_in, words_of
from tests.factories.cast import Cast
from tests.factories.people import phone_number


@pytest.fixture
def sign(cast: Cast) -> DoorSign:
    [made] = commands.door_signs([cast.a_door.place_id], by=None)
    return made


def address(sign: DoorSign, page: str = "") -> str:
    return f"/r/{sign.token}/{page}"


def test_the_page_names_those_who_answer_and_nobody_who_lives_there(cast: Cast, sign: DoorSign) -> None:
    commands.set_duty_phone(cast.a.place_id, "0431-81234567", by=None)
    shown = Client().get(address(sign)).content.decode()
    assert "tel:0431-81234567" in shown
    assert "15400000902" not in shown  # nobody asked them yet
    commands.show_number(cast.account("grid.a"), public=True, by=cast.secretary)
    page = Client().get(address(sign))
    told = words_of(page)
    assert "陈示格" in told
    assert "tel:15400000902" in page.content.decode()
    for private in ("王", "张示", "101", phone_number(11)):
        assert private not in told.replace("联防", "")


def test_an_unknown_code_gets_a_page_with_a_way_out(db: None) -> None:
    answer = Client().get("/r/abcdefgh/")
    assert answer.status_code == 404
    assert "请向单元长要新的门卡" in words_of(answer)


def test_a_request_becomes_a_matter_for_the_secretary_with_its_words_sealed(town: Cast) -> None:
    [sign] = commands.door_signs([town.a_door.place_id], by=None)
    client = Client()
    sent = client.post(address(sign, "help/"), {"kind": "medicine", "words": "降压药没了", "phone": "15412345678"}, follow=True)
    assert "收到了" in words_of(sent)
    fold_all()
    [matter] = matters.matters([town.a.range])
    assert (matter.owner, matter.about) == (town.secretary.account_id, "help_wanted")
    told = words_of(Desk(signed_in("secretary.a")).get("matter", matter.id))
    assert "看病买药 · 降压药没了 · 15412345678" in told


def test_a_door_asks_seldom_and_is_told_that_it_was_heard(town: Cast) -> None:
    [sign] = commands.door_signs([town.a_door.place_id], by=None)
    answers = [Client().post(address(sign, "help/"), {"kind": "other", "words": "第几次"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert "我们都收到了" in words_of(answers[3])


def test_the_record_opens_with_six_digits_only(cast: Cast, sign: DoorSign) -> None:
    client = Client()
    with access.scoped(cast.secretary):
        people.reveal(cast.resident, RevealField.PAPER, "verify", by=cast.account("secretary.a"))
    wrong = client.post(address(sign, "record/"), {"code": "000000" if sign.code != "000000" else "111111"})
    assert wrong.status_code == 403
    assert "这不是门卡上的6位码" in words_of(wrong)
    opened = words_of(client.post(address(sign, "record/"), {"code": sign.code}))
    assert "王*" in opened
    assert "刘示甲 · 证件号码 · 核对身份" in opened
    assert "姓名、电话、证件号码" in opened
    for full in ("王示例", phone_number(11)):
        assert full not in opened


def test_after_five_wrong_tries_the_digits_are_locked(cast: Cast, sign: DoorSign) -> None:
    client = Client()
    for _ in range(5):
        client.post(address(sign, "record/"), {"code": "abcdef"})
    assert "输错太多次" in words_of(client.post(address(sign, "record/"), {"code": sign.code}))


def test_english_and_large_type_are_one_step_away(cast: Cast, sign: DoorSign) -> None:
    client = Client()
    client.post(address(sign, "language/"), {"language": "en"})
    client.post(address(sign, "size/"), {"elder": "on"})
    page = client.get(address(sign))
    assert "I need help" in words_of(page)
    assert 'data-mode="elder"' in page.content.decode()
    assert 'lang="en"' in page.content.decode()


def test_a_replaced_card_opens_nothing(cast: Cast, sign: DoorSign) -> None:
    commands.renew_door_sign(cast.a_door.place_id, by=None)
    assert Client().get(address(sign)).status_code == 404
