"""Messages to workers: to whom they go, what they may say, receipts, who sees them, and their end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.kernel import clock, erasers
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import MessageId, new_id
from lianfang.work.outreach import commands, queries
from lianfang.work.outreach.models import Message
from lianfang.work.outreach.rules import MOST, RECIPIENTS, fits, names_somebody
from lianfang.work.outreach.types import MessageNotFound, NamesSomebody, NewMessage, NobodyThere, TooManyThere, WordsWrong
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast


def test_what_a_message_may_say() -> None:
    assert fits("标题", "正文")
    for title, words in (("", "正文"), ("标题", ""), ("标" * 41, "正文"), ("标题", "文" * 501)):
        assert not fits(title, words)
    assert names_somebody("请找 110101 1990 0101 123X 核对")
    assert names_somebody("110101900101123")
    assert not names_somebody("3栋2单元1801，电话12345678901，编号20200312")
    assert Role.COMMUNITY_SECRETARY in RECIPIENTS
    assert Role.STREET_DUTY not in RECIPIENTS


def test_a_message_reaches_who_works_there_and_its_desk_sees_who_has_it(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    leader = account_of("何示员", order=400)
    grant_to(leader, Role.UNIT_LEADER, OverPlace(town.a_building.place_id))
    new = NewMessage("核对门牌", "今天把3栋没有门牌的门报上来。", town.a.place_id)
    sent = commands.send(new, by=town.secretary)
    receipts = queries.told(sent.id)
    assert town.secretary.account_id not in {one.account_id for one in receipts}
    assert {leader, town.account("grid.a")} <= {one.account_id for one in receipts}
    assert (sent.told, sent.got, sent.read, sent.sender) == (len(receipts), 0, 0, town.secretary.account_id)
    grid = commands.send(NewMessage("到岗", "十点到岗。", town.a.place_id, area=town.a_grid), by=town.secretary)
    assert grid.told >= 1
    # Read under row security: a recipient sees their own receipt of a message to a wider place, the other community nothing.
    mine = access.actor_of_id(leader)
    with access.scoped(mine):
        [first] = [one for one in queries.for_account(leader) if one.id == sent.id]
        assert (first.title, first.words, first.sender, first.read_at) == (new.title, new.words, town.secretary.account_id, None)
        assert [one.account_id for one in queries.told(sent.id)] == [leader]
        commands.got(leader)
        commands.read(sent.id, leader, ago=60_000_000_000)
        commands.read(sent.id, leader)
        with pytest.raises((NotFound, Denied)):
            commands.take_back(sent.id, by=mine)
    stranger = access.actor_of_login("secretary.b")
    with access.scoped(stranger):
        assert queries.messages([town.a.range]) == []
        with pytest.raises(MessageNotFound):
            commands.read(sent.id, town.account("secretary.b"))
        with pytest.raises(NotFound):
            commands.send(new, by=stranger)
    with access.scoped(town.secretary):
        latest, before = queries.messages([town.a.range])
        assert (latest.id, before.id, before.got, before.read) == (grid.id, sent.id, 1, 1)
        assert queries.messages([town.a.range], before=latest.id) == [before]
        [told] = [one for one in queries.told(sent.id) if one.account_id == leader]
        assert told.read_at == sent.sent_at  # not before it was sent, whatever the phone counts
        assert commands.take_back(sent.id, by=town.secretary).withdrawn_at is not None
    assert sent.id not in {one.id for one in queries.for_account(leader)}
    # What is refused.
    for refusal, wrong in (
        (WordsWrong, NewMessage(" ", "正文", town.a.place_id)),
        (NamesSomebody, NewMessage("核对", "110101199001011234", town.a.place_id)),
        (NamesSomebody, NewMessage("110101199001011234", "核对", town.a.place_id)),
    ):
        with pytest.raises(refusal):
            commands.send(wrong, by=town.secretary)
    with pytest.raises(MessageNotFound):
        queries.message(MessageId(new_id()))
    monkeypatch.setattr("lianfang.work.outreach.commands.MOST", 0)
    assert MOST
    with pytest.raises(TooManyThere):
        commands.send(new, by=town.secretary)


def test_messages_end_with_their_book_and_leave_phones_after_a_month(town: Cast) -> None:
    sent = commands.send(NewMessage("示例", "示例", town.a.place_id), by=town.secretary)
    worker = town.account("grid.a")
    assert [one.id for one in queries.for_account(worker)] == [sent.id]
    old = new_id(clock.now() - timedelta(days=31))
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into outreach_message select %s, book, place, position, area, sender, title, words, sent_at, null from outreach_message",
            [old],
        )
        cursor.execute(
            "insert into outreach_receipt select account, position, role, place_in_list, null, null, %s from outreach_receipt", [old]
        )
    assert [one.id for one in queries.for_account(worker)] == [sent.id]
    [book] = set(Message.objects.values_list("book", flat=True))
    assert erasers.erasers()["messages"](book) == 2
    assert queries.for_account(worker) == []
    with pytest.raises(NobodyThere):
        commands.send(NewMessage("示例", "示例", town.a.place_id), by=_only_one(town))


def _only_one(town: Cast) -> access.Actor:
    """Somebody who may send at a place where nobody but them works: everybody else there is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update accounts_grant set valid_from = valid_from - 9, valid_to = valid_from - 5 where role <> %s",
            [Role.COMMUNITY_SECRETARY.value],
        )
    return town.secretary
