"""A body out of action: another takes over everything that is open, is seen doing so, and gives it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts import queries as offices
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NotToYourself, OverPlace
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations import queries as bodies
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.models import StandIn
from lianfang.headquarters.playbooks.takeover_types import DeputyAmongThem, DeputyMissing, TakingOver, UntilWrong
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import AccountId, MatterId, OrganisationId
from lianfang.ledger.kinds.errands import About
from lianfang.work.matters import commands as matters
from lianfang.work.matters import queries as open_matters
from tests.doors.conftest import Cast, Desk, fold_all, signed_in, words_of
from tests.factories.accounts import account_of, grant_to


def two_bodies(cast: Cast) -> tuple[OrganisationId, OrganisationId, AccountId]:
    """The committee of A, the office of its street, and somebody on duty there."""
    committee = organisations.found_organisation("甲社区居委会", OrganisationKind.COMMITTEE, by=None, place=cast.a.place_id)
    street = organisations.found_organisation("示例街道办", OrganisationKind.DEPARTMENT, by=None, place=cast.street.place_id)
    deputy = account_of("周示街", login="street.duty", order=951, password=True)
    grant_to(deputy, Role.STREET_DUTY, OverPlace(cast.street.place_id))
    organisations.sponsor(committee, cast.a.place_id, by=None)
    return committee, street, deputy


def raised(cast: Cast, *, owner: AccountId | None = None) -> MatterId:
    due = clock.now() + timedelta(hours=3)
    saved = matters.raise_matter(cast.a_door.place_id, About.OTHER, due, by=cast.city_command, owner=owner)
    fold_all()
    return MatterId(saved.record_id)


def secretaries(cast: Cast) -> list[str]:
    return [one.name for one in offices.answering_for(cast.a) if one.role is Role.COMMUNITY_SECRETARY]


def owned(account: AccountId) -> int:
    return open_matters.waiting_for(account).open


def test_offices_are_told_apart_and_those_that_do_not_fit_the_form_are_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    committee, *_ = two_bodies(cast)
    [unit, *_] = places.children(cast.a_building)
    grant_to(account_of("单示元", order=955), Role.UNIT_LEADER, OverPlace(unit.place_id))
    city = Desk(signed_in("city"))
    assert "单元长 · 单示元 · 1栋1单元" in words_of(city.get("takeover_new", committee))
    monkeypatch.setattr("lianfang.doors.desk.views.takeovers._SHOWN", 1)
    form = words_of(city.get("takeover_new", committee))
    assert "社区书记 · 刘示甲 · 甲社区" in form
    assert "单示元" not in form
    assert "下级还有2个职务没有列出" in form


def test_everything_open_goes_to_the_other_body_and_comes_back(town: Cast) -> None:
    cast = town

    def desk_of(login: str) -> Desk:
        return Desk(signed_in(login))

    committee, street, deputy = two_bodies(cast)
    own, city = cast.account("secretary.a"), desk_of("city")
    raised(cast)
    assert owned(own) == 1
    form = words_of(city.get("takeover_new", committee))
    for word in ("示例街道办", "周示街 · 街道值班 · 示例街道", "社区书记 · 刘示甲 · 甲社区"):
        assert word in form
    [office] = [one.holder.grant_id for one in queries.offices_at(cast.a) if one.whole]
    told = {"taken_by": str(street), "document": "街办〔2022〕8号", "deputy": str(deputy), "offices": [str(office)]}
    assert city.post("takeover_new", committee, **told | {"until": clock.today().isoformat()}).status_code == 422
    assert secretaries(cast) == ["刘示甲"], "refused is unchanged"
    until = clock.today() + timedelta(days=5)
    page = words_of(city.post("takeover_new", committee, **told | {"until": until.isoformat()}, follow=True))
    assert "移交" in page
    assert "由示例街道办接管" in page
    fold_all()
    # The chain has one secretary, the matter one owner; both bodies see it, and who answers says for whom.
    assert secretaries(cast) == ["周示街"]
    assert (owned(own), owned(deputy)) == (0, 1)
    assert "甲社区居委会 刘示甲" in words_of(desk_of("street.duty").get("answering", cast.a.id))
    for login in ("secretary.a", "street.duty"):
        assert "周示街" in words_of(desk_of(login).get("home"))
        assert "街办〔2022〕8号" in words_of(desk_of(login).get("home"))
    # What comes in meanwhile is the deputy's; what was raised for the one out of action is handed on, once however often it is looked at.
    raised(cast)
    with access.scoped(access.local_administrator()):
        by = access.local_administrator()
        matters.raise_matter(cast.a_door.place_id, About.OTHER, clock.now() + timedelta(hours=1), by=by, owner=own)
    fold_all()
    assert commands.look_after_takeovers() == 1
    assert commands.look_after_takeovers() == 0, "not folded yet, and handed over all the same"
    fold_all()
    assert (owned(own), owned(deputy)) == (0, 3)
    # On the day it says everything goes back by itself: the office, and all that is open.
    with clock.frozen(clock.now() + timedelta(days=5)):
        assert commands.look_after_takeovers() == 1
        fold_all()
    with clock.frozen(clock.now() + timedelta(days=5, minutes=1)):
        assert secretaries(cast) == ["刘示甲"]
        assert (owned(own), owned(deputy)) == (3, 0)
        assert [one.name for one in bodies.sponsors_of([cast.a.place_id])] == ["甲社区居委会"]
        assert commands.look_after_takeovers() == 0
        assert queries.stood_in(deputy) == []
    # Any day before still tells who answered on it.
    with clock.frozen(clock.now() + timedelta(days=9)):
        day = clock.today() - timedelta(days=7)
        assert [one.name for one in offices.holders([cast.a.range], day) if one.role is Role.COMMUNITY_SECRETARY] == ["周示街"]


def test_it_is_taken_back_by_hand_and_what_cannot_come_back_stays_gone(cast: Cast, desk_of: Callable[[str], Desk]) -> None:
    committee, street, deputy = two_bodies(cast)
    grid = next(one.holder for one in queries.offices_at(cast.a) if not one.whole)
    [office] = [one.holder.grant_id for one in queries.offices_at(cast.a) if one.whole]
    grant_to(deputy, Role.COMMUNITY_SECRETARY, OverPlace(cast.a.place_id))
    asked = TakingOver(committee, street, "1号", deputy, (office, grid.grant_id))
    assert commands.take_over(asked, by=cast.city_command).offices == 2
    assert StandIn.objects.get(grant_before=office).grant_now is None, "the deputy held it anyway"
    accounts.close_account(grid.account_id, by=cast.actor("city"))
    accounts.revoke(StandIn.objects.get(grant_before=grid.grant_id).grant_now, by=cast.actor("city"))
    page = words_of(desk_of("city").post("takeover_end", committee, follow=True))
    assert "归还" in page
    assert secretaries(cast).count("刘示甲") == 1
    assert offices.grants_of(grid.account_id) == [], "a closed account gets nothing back"
    assert "没有这项接管" in words_of(desk_of("city").post("takeover_end", committee, follow=True)), "nothing is taken over any more"


def test_who_may_hand_over_and_what_is_wrong_is_said(cast: Cast) -> None:
    committee, street, deputy = two_bodies(cast)
    [office] = [one.holder.grant_id for one in queries.offices_at(cast.a) if one.whole]
    own = cast.account("secretary.a")
    nowhere = organisations.found_organisation("无驻地", OrganisationKind.DEPARTMENT, by=None)
    for refused, asked, by in (
        (DeputyMissing, TakingOver(committee, street, "1号", None, (office,)), cast.city_command),
        (DeputyAmongThem, TakingOver(committee, street, "1号", own, (office,)), cast.city_command),
        (UntilWrong, TakingOver(committee, street, "1号", until=clock.today()), cast.city_command),
        (Denied, TakingOver(committee, nowhere, "1号"), cast.city_command),
        (NotFound, TakingOver(committee, street, "1号", deputy, (office,)), cast.secretary),
        (NotToYourself, TakingOver(committee, street, "1号", deputy, (office,)), cast.actor("street.duty")),
    ):
        with pytest.raises(refused):
            commands.take_over(asked, by=by)
    assert bodies.takeover_of(committee) is None
    assert not StandIn.objects.exists()
    with pytest.raises(NotFound):
        commands.give_back(UUID(int=1), by=cast.city_command)
