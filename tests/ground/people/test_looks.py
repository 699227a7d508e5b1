"""A full value is given with a reason, within limits, and leaves a line that the person can see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from lianfang.ground.accounts import access
from lianfang.ground.people import commands, queries
from lianfang.ground.people.models import Look
from lianfang.ground.people.rules.looking import LIMITS
from lianfang.ground.people.types import Channel, NothingThere, PersonNotFound, ReasonMissing, RevealField, TooManyLooks
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import AccountId, PersonId, new_id
from tests.factories.cast import Cast
from tests.factories.people import new_person, paper_number, phone_number

FULL = {
    RevealField.NAME: "王示例",
    RevealField.PHONE: phone_number(11),
    RevealField.PAPER: paper_number(11),
    RevealField.BIRTH: "1980-05-04",
}


@pytest.fixture
def grid(cast: Cast) -> AccountId:
    return cast.account("grid.a")


@pytest.mark.parametrize("field", list(RevealField))
def test_a_full_value_with_a_reason(cast: Cast, grid: AccountId, field: RevealField) -> None:
    with cast.as_web(cast.grid_worker):
        access.require_person(cast.grid_worker, "people.reveal", cast.resident)
        assert commands.reveal(cast.resident, field, " 核对  身份 ", by=grid) == FULL[field]
        [look] = queries.looks_at(cast.resident)
    assert (look.account_id, look.field, look.reason, look.channel) == (grid, field, "核对 身份", Channel.DESK)
    assert Look.objects.get().position == cast.a_door.lo


@pytest.mark.parametrize("reason", ["", "   ", "。。。", "x"])
def test_no_reason_no_value_no_line(cast: Cast, grid: AccountId, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        commands.reveal(cast.resident, RevealField.PHONE, reason, by=grid)
    assert not Look.objects.exists()


def test_who_cannot_see_the_person_gets_nothing_and_leaves_nothing(cast: Cast) -> None:
    with cast.as_web(cast.outsider):
        with pytest.raises(PersonNotFound):
            access.require_person(cast.outsider, "people.reveal", cast.resident)
        with pytest.raises(PersonNotFound):
            commands.reveal(cast.resident, RevealField.PHONE, "回电", by=cast.account("secretary.b"))
    assert not Look.objects.exists()


def test_city_command_sees_masked_lists_and_no_full_values(cast: Cast) -> None:
    with cast.as_web(cast.city_command), pytest.raises(Denied):
        access.require_person(cast.city_command, "people.reveal", cast.resident)


def test_a_value_that_is_not_there(cast: Cast, grid: AccountId) -> None:
    commands.correct_person(cast.resident, by=None, phone="")
    with pytest.raises(NothingThere):
        commands.reveal(cast.resident, RevealField.PHONE, "回电", by=grid)
    assert not Look.objects.exists()


def test_looks_are_limited_by_the_hour_and_the_day_for_each_account(cast: Cast, grid: AccountId) -> None:
    limit, hour = LIMITS[0]
    start = clock.now()
    people = [PersonId(new_id()) for _ in range(limit)]
    with clock.frozen(start):
        commands.log_export(people[:5], [RevealField.PHONE], "导出名册", by=grid)  # exports have their own ability and do not count
        Look.objects.bulk_create(
            [
                Look(
                    id=new_id(),
                    at=start,
                    account_id=grid,
                    person_id=person,
                    field="phone",
                    reason="回电",
                    position=0,
                    channel=Channel.FIELD,
                )
                for person in people
            ]
        )
        with pytest.raises(TooManyLooks) as refused, transaction.atomic():
            commands.reveal(cast.resident, RevealField.PHONE, "回电", by=grid)
        assert refused.value.facts == {"limit": limit, "hours": 1, "again": clock.local(start + hour).strftime("%H:%M")}
        assert commands.reveal(cast.resident, RevealField.PHONE, "回电", by=cast.account("secretary.a")) == phone_number(11)
    with clock.frozen(start + hour + timedelta(seconds=1)):
        assert commands.reveal(cast.resident, RevealField.PHONE, "回电", by=grid) == phone_number(11)


def test_an_export_leaves_a_line_for_each_person(cast: Cast) -> None:
    secretary = cast.account("secretary.a")
    with cast.as_web(cast.secretary):
        values = commands.reveal_for_export(
            [cast.resident, cast.neighbour, cast.stranger], [RevealField.PHONE, RevealField.NAME], "打印名册", by=secretary
        )
    assert values == {
        cast.resident: {RevealField.PHONE: phone_number(11), RevealField.NAME: "王示例"},
        cast.neighbour: {RevealField.PHONE: phone_number(12), RevealField.NAME: "张示范"},
    }
    assert [(look.field, look.channel) for look in queries.looks_at(cast.resident)] == [("name,phone", Channel.EXPORT)]
    assert queries.looks_at(cast.stranger) == []


def test_those_who_watch_see_the_looks_of_their_scope_newest_first(cast: Cast, grid: AccountId) -> None:
    start = clock.now()
    for minute, field in enumerate((RevealField.PHONE, RevealField.PAPER)):
        with clock.frozen(start + timedelta(minutes=minute)):
            commands.reveal(cast.resident, field, "核对", by=grid)
    commands.reveal(cast.stranger, RevealField.PHONE, "核对", by=cast.account("secretary.b"))
    with cast.as_web(cast.secretary):
        reach = access.ranges(cast.secretary, "looks.see")
        assert [look.field for look in queries.looks(reach)] == ["paper", "phone"]
        assert [look.field for look in queries.looks(reach, before=start + timedelta(seconds=30))] == ["phone"]
        assert queries.looks(reach, account_id=cast.account("secretary.a")) == []
        assert queries.looks([]) == []


def test_a_look_at_somebody_without_a_door_is_kept_and_seen_by_whoever_looked(cast: Cast) -> None:
    secretary = cast.account("secretary.a")
    added = commands.add_person(new_person("钱示例", 71), by=None)
    from lianfang.ground.accounts import commands as accounts

    accounts.correct_account(cast.account("grid.a"), by=access.local_administrator(), person_id=added.person_id)
    with cast.as_web(cast.secretary):
        assert commands.reveal(added.person_id, RevealField.PHONE, "回电", by=secretary) == phone_number(71)
        assert Look.objects.filter(position=0).count() == 1
    with cast.as_web(cast.grid_worker):
        assert Look.objects.filter(position=0).count() == 0
