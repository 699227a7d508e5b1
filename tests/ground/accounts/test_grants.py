"""Giving and revoking: only inside one's own scope, at or below one's own role, no longer than one's own, never to oneself."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.ground.accounts import access, commands, queries
from lianfang.ground.accounts.access.giving import Giving
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.models import Grant
from lianfang.ground.accounts.rules.roles import CHAIN, Role, may_give
from lianfang.ground.accounts.types import (
    AccountClosed,
    AccountNotFound,
    AlreadyHeld,
    AlreadyRevoked,
    GrantHeld,
    GrantNotFound,
    LongerThanYours,
    NotForYou,
    NotToYourself,
    OutranksYou,
    OverArea,
    OverOrganisation,
    OverPlace,
    PeriodWrong,
    ScopeEnded,
    ScopeKind,
)
from lianfang.ground.changes.queries import changes_of_row
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations import queries as organisation_queries
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import commands as laying
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.ids import AccountId, GrantId, OrganisationId, new_id
from lianfang.kernel.ranges import Range
from tests.committed import transactional_db
from tests.factories.accounts import account_of, actor_with, grant_to
from tests.factories.cast import Cast, make_cast

__all__ = ["transactional_db"]


@pytest.fixture
def newcomer(cast: Cast) -> AccountId:
    return account_of("何示新")


def grants_of(account_id: AccountId) -> int:
    return Grant.objects.filter(account_id=account_id).count()


def test_a_secretary_makes_a_grid_worker_of_the_community(cast: Cast, newcomer: AccountId) -> None:
    grant_id = commands.give(newcomer, NewGrant(Role.GRID_WORKER, OverArea(cast.a_grid), reason="新网格员"), by=cast.secretary)
    assert access.ranges(access.actor_of_id(newcomer), "records.write") == [cast.a_building.range]
    [seen] = queries.grants_of(newcomer)
    assert (seen.grant_id, seen.scope, seen.scope_name, seen.given_by) == (grant_id, ScopeKind.AREA, "甲一网格", cast.secretary.account_id)
    [change] = changes_of_row("accounts_grant", grant_id)
    assert (change.actor, change.reason, change.action) == (cast.secretary.account_id, "新网格员", "insert")


@pytest.mark.parametrize(
    ("role", "where", "why"),
    [
        (Role.CITY_COMMAND, "city", NotFound),
        (Role.CITY_COMMAND, "a", NotForYou),
        (Role.STREET_DUTY, "a", NotForYou),
        (Role.ADMINISTRATOR, "a", NotForYou),
        (Role.DATA_PROTECTION, "a", NotForYou),
        (Role.GRID_WORKER, "b", NotFound),
        (Role.UNIT_LEADER, "b_building", NotFound),
        (Role.COMMUNITY_SECRETARY, "street", NotFound),
    ],
)
def test_a_secretary_gives_nothing_above_or_beyond(cast: Cast, newcomer: AccountId, role: Role, where: str, why: type[Refused]) -> None:
    with pytest.raises(why), transaction.atomic():
        commands.give(newcomer, NewGrant(role, OverPlace(getattr(cast, where).place_id)), by=cast.secretary)
    assert grants_of(newcomer) == 0


def test_an_area_that_reaches_beyond_is_beyond(cast: Cast, newcomer: AccountId) -> None:
    both = laying.found_area(AreaKind.COMMAND, "两处", cast.street.place_id, [cast.a_building.place_id, cast.b_building.place_id], by=None)
    with pytest.raises(NotFound), transaction.atomic():
        commands.give(newcomer, NewGrant(Role.GRID_WORKER, OverArea(both)), by=cast.secretary)
    commands.give(newcomer, NewGrant(Role.GRID_WORKER, OverArea(both)), by=cast.city_command)
    assert len(access.all_ranges(access.actor_of_id(newcomer))) == 2


@pytest.mark.parametrize("login", ["grid.a", "admin"])
def test_who_may_not_give_gives_nothing(cast: Cast, newcomer: AccountId, login: str) -> None:
    role = Role.VOLUNTEER if login == "grid.a" else Role.CITY_COMMAND
    where = cast.a_door if login == "grid.a" else cast.city
    actor = cast.actor(login)
    if login == "admin":
        commands.give(newcomer, NewGrant(role, OverPlace(where.place_id)), by=actor)
        assert grants_of(newcomer) == 1
        return
    with pytest.raises(NotForYou), transaction.atomic():
        commands.give(newcomer, NewGrant(role, OverPlace(where.place_id)), by=actor)
    assert grants_of(newcomer) == 0


def test_nobody_gives_to_themselves_not_even_what_they_have(cast: Cast) -> None:
    for actor, role, where in (
        (cast.secretary, Role.GRID_WORKER, cast.a),
        (cast.administrator, Role.CITY_COMMAND, cast.city),
    ):
        assert actor.account_id is not None
        with pytest.raises(NotToYourself), transaction.atomic():
            commands.give(actor.account_id, NewGrant(role, OverPlace(where.place_id)), by=actor)


def test_a_grant_does_not_outlast_its_givers(cast: Cast, newcomer: AccountId) -> None:
    today = clock.today()
    ends = today + timedelta(days=10)
    account = account_of("吕示暂")
    grant_to(account, Role.COMMUNITY_SECRETARY, OverPlace(cast.a.place_id), until=ends)
    acting = access.actor_of_id(account)
    scope = OverPlace(cast.a_building.place_id)
    for until in (None, ends + timedelta(days=1)):
        with pytest.raises(LongerThanYours) as refused, transaction.atomic():
            commands.give(newcomer, NewGrant(Role.BUILDING_LEADER, scope, valid_to=until), by=acting)
        assert refused.value.facts == {"ends": ends}
    commands.give(newcomer, NewGrant(Role.BUILDING_LEADER, scope, valid_to=ends), by=acting)
    assert grants_of(newcomer) == 1


def test_a_scope_may_be_covered_by_several_grants_together(cast: Cast, newcomer: AccountId) -> None:
    both = laying.found_area(AreaKind.COMMAND, "两处", cast.street.place_id, [cast.a_building.place_id, cast.b_building.place_id], by=None)
    grant_to(cast.account("secretary.a"), Role.COMMUNITY_SECRETARY, OverPlace(cast.b.place_id))
    commands.give(newcomer, NewGrant(Role.GRID_WORKER, OverArea(both)), by=cast.actor("secretary.a"))
    assert grants_of(newcomer) == 1


def test_a_stale_actor_cannot_give_with_a_grant_that_is_gone(cast: Cast, newcomer: AccountId) -> None:
    stale = cast.secretary
    [own] = queries.grants_of(cast.account("secretary.a"))
    commands.revoke(own.grant_id, by=cast.city_command)
    with pytest.raises(NotFound), transaction.atomic():
        commands.give(newcomer, NewGrant(Role.GRID_WORKER, OverPlace(cast.a.place_id)), by=stale)
    forged = replace(stale, grants=tuple(replace(held, role=Role.CITY_COMMAND) for held in stale.grants))
    with pytest.raises(NotFound), transaction.atomic():
        commands.give(newcomer, NewGrant(Role.GRID_WORKER, OverPlace(cast.a.place_id)), by=forged)
    assert grants_of(newcomer) == 0


@pytest.mark.parametrize(("begins", "ends"), [(-1, None), (0, 0), (3, 2), (None, -1)])
def test_periods_that_are_none(cast: Cast, newcomer: AccountId, begins: int | None, ends: int | None) -> None:
    today = clock.today()
    grant = NewGrant(
        Role.GRID_WORKER,
        OverPlace(cast.a.place_id),
        None if begins is None else today + timedelta(days=begins),
        None if ends is None else today + timedelta(days=ends),
    )
    with pytest.raises(PeriodWrong), transaction.atomic():
        commands.give(newcomer, grant, by=cast.secretary)


def test_the_same_grant_twice_is_told_but_a_later_period_is_another(cast: Cast, newcomer: AccountId) -> None:
    today = clock.today()
    first = NewGrant(Role.GRID_WORKER, OverPlace(cast.a.place_id), valid_to=today + timedelta(days=5))
    commands.give(newcomer, first, by=cast.secretary)
    with pytest.raises(AlreadyHeld), transaction.atomic():
        commands.give(newcomer, replace(first, valid_from=today + timedelta(days=4), valid_to=None), by=cast.secretary)
    commands.give(newcomer, replace(first, valid_from=today + timedelta(days=5), valid_to=None), by=cast.secretary)
    commands.give(newcomer, replace(first, role=Role.VOLUNTEER), by=cast.secretary)
    commands.give(newcomer, replace(first, scope=OverArea(cast.a_grid)), by=cast.secretary)
    assert grants_of(newcomer) == 4
    with pytest.raises(AlreadyHeld), transaction.atomic():
        commands.give(newcomer, replace(first, scope=OverArea(cast.a_grid)), by=cast.secretary)


def test_nothing_is_given_over_what_has_ended_or_to_whom_is_gone(cast: Cast, newcomer: AccountId) -> None:
    empty = laying.add_building(cast.a.place_id, "9栋", by=None)
    area = laying.found_area(AreaKind.GRID, "空网格", cast.a.place_id, [empty], by=None)
    laying.end_area(area, by=None)
    laying.end(empty, by=None)
    for scope in (OverPlace(empty), OverArea(area)):
        with pytest.raises(ScopeEnded), transaction.atomic():
            commands.give(newcomer, NewGrant(Role.GRID_WORKER, scope), by=cast.secretary)
    with pytest.raises(AccountNotFound), transaction.atomic():
        commands.give(AccountId(new_id()), NewGrant(Role.GRID_WORKER, OverPlace(cast.a.place_id)), by=cast.secretary)
    commands.close_account(newcomer, by=access.local_administrator())
    with pytest.raises(AccountClosed), transaction.atomic():
        commands.give(newcomer, NewGrant(Role.GRID_WORKER, OverPlace(cast.a.place_id)), by=cast.secretary)


def test_organisations_are_given_over_inside_ones_own_subtree(cast: Cast, newcomer: AccountId) -> None:
    above = organisations.found_organisation("党工委", OrganisationKind.PARTY_COMMITTEE, by=None)
    below = organisations.found_organisation("党支部", OrganisationKind.PARTY_BRANCH, by=None, parent=above)
    head = actor_with(Role.STREET_DUTY, organisation_queries.scope_of(below), name="施示支")
    commands.give(newcomer, NewGrant(Role.GRID_WORKER, organisation_queries.scope_of(below)), by=head)
    with pytest.raises(NotForYou), transaction.atomic():
        commands.give(newcomer, NewGrant(Role.GRID_WORKER, organisation_queries.scope_of(above)), by=head)
    with pytest.raises(AlreadyHeld), transaction.atomic():
        commands.give(newcomer, NewGrant(Role.GRID_WORKER, organisation_queries.scope_of(below)), by=head)
    [seen] = queries.grants_of(newcomer)
    assert (seen.scope, seen.organisation_id, seen.place_id) == (ScopeKind.ORGANISATION, below, None)


def test_a_grant_names_an_organisation_that_exists(cast: Cast, newcomer: AccountId) -> None:
    nowhere = OverOrganisation(OrganisationId(new_id()), Range(5, 6))
    before = transaction.savepoint()
    commands.give(newcomer, NewGrant(Role.GRID_WORKER, nowhere), by=access.local_administrator())
    with pytest.raises(IntegrityError, match="grant_of_organisation"):
        connections["default"].check_constraints()
    transaction.savepoint_rollback(before)


def test_a_revoked_grant_holds_no_more_and_stays_on_record(cast: Cast) -> None:
    [grant] = queries.grants_of(cast.account("grid.a"))
    commands.revoke(grant.grant_id, by=cast.secretary, reason="调离")
    assert access.all_ranges(cast.actor("grid.a")) == []
    assert queries.grants_of(cast.account("grid.a")) == []
    [ended] = queries.grants_of(cast.account("grid.a"), ended=True)
    assert ended.revoked_at is not None
    assert queries.grant(grant.grant_id) == ended
    with pytest.raises(AlreadyRevoked), transaction.atomic():
        commands.revoke(grant.grant_id, by=cast.secretary)


def test_nobody_revokes_above_beyond_or_their_own(cast: Cast) -> None:
    grants = {
        login: queries.grants_of(cast.account(login))[0].grant_id for login in ("grid.a", "secretary.a", "secretary.b", "city", "admin")
    }
    for actor, login, why in (
        (cast.outsider, "grid.a", GrantNotFound),
        (cast.secretary, "city", GrantNotFound),
        (cast.secretary, "secretary.a", NotToYourself),
        (cast.grid_worker, "secretary.a", GrantNotFound),
        (cast.city_command, "admin", OutranksYou),
    ):
        with pytest.raises(why), transaction.atomic():
            commands.revoke(grants[login], by=actor)
    with pytest.raises(GrantNotFound), transaction.atomic():
        commands.revoke(GrantId(new_id()), by=cast.secretary)
    with pytest.raises(GrantNotFound):
        queries.grant(GrantId(new_id()))
    assert not Grant.objects.exclude(revoked_at=None).exists()


def test_giving_and_revoking_at_once_leave_no_grant_of_somebody_without_the_right(transactional_db: None) -> None:
    """A city revokes the secretary's grant while the secretary gives with it: whichever is first, the outcome is one of two."""
    cast = make_cast()
    newcomer = account_of("何示新")
    [own] = queries.grants_of(cast.account("secretary.a"))
    start = threading.Barrier(2)
    outcome: dict[str, object] = {}

    def run(name: str) -> None:
        try:
            start.wait(10)
            if name == "give":
                commands.give(newcomer, NewGrant(Role.GRID_WORKER, OverPlace(cast.a.place_id)), by=cast.secretary)
            else:
                commands.revoke(own.grant_id, by=cast.city_command)
            outcome[name] = "done"
        except Refused as refused:
            outcome[name] = type(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("give", "revoke")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcome["revoke"] == "done"
    given = list(Grant.objects.filter(account_id=newcomer))
    revoked = Grant.objects.get(pk=own.grant_id)
    assert revoked.revoked_at is not None
    if outcome["give"] == "done":
        assert given[0].given_at <= revoked.revoked_at
    else:
        assert given == []


RANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda pair: Range(pair[0], pair[0] + pair[1])), max_size=4)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine is no fault of the draw
@given(st.lists(st.tuples(RANGES, st.sampled_from(CHAIN)), max_size=4), RANGES, st.sampled_from(CHAIN))
def test_any_grants_cover_exactly_what_lies_in_them_by_rank(held: list[tuple[list[Range], Role]], wanted: list[Range], role: Role) -> None:
    """Against a plain count of positions, for any ranges of grants and of what is to be given."""
    grants = [
        GrantHeld(GrantId(new_id()), own, OverOrganisation(OrganisationId(new_id()), piece), date(2022, 1, 1), None, None)
        for pieces, own in held
        for piece in pieces
        if may_give(own, role)
    ]
    positions = {position for pieces, own in held if may_give(own, role) for piece in pieces for position in range(*piece)}
    for piece in wanted:
        assert Giving(access.local_administrator()).covered(grants, OverOrganisation(OrganisationId(new_id()), piece), []) == (
            set(range(*piece)) <= positions
        )
