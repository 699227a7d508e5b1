"""The one answer to "may this person do this here": by role, place, area, organisation, day, and while a request runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts.models import Account, Grant
from lianfang.ground.accounts.rules.roles import Ability, Role
from lianfang.ground.accounts.types import (
    AccountNotFound,
    NotToYourself,
    OutranksYou,
    OverArea,
    OverOrganisation,
    OverPlace,
)
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations import queries as organisation_queries
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.people.types import PersonNotFound
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import AccountId, PersonId, new_id
from lianfang.kernel.ranges import EVERYWHERE, Range
from tests.factories.accounts import account_of, actor_with, grant_to
from tests.factories.cast import Cast


def test_who_acts(cast: Cast) -> None:
    account = Account.objects.get(login="secretary.a")
    assert access.actor_of(account) == access.actor_of_id(AccountId(account.pk)) == access.actor_of_login(" Secretary.A ") == cast.secretary
    assert access.actor_of(AnonymousUser()).grants == ()
    with pytest.raises(AccountNotFound):
        access.actor_of_login("nobody")
    with pytest.raises(AccountNotFound):
        access.actor_of_id(AccountId(new_id()))


def test_a_closed_account_acts_no_more(cast: Cast) -> None:
    commands.close_account(cast.account("grid.a"), by=cast.secretary)
    assert access.actor_of(Account.objects.get(login="grid.a")).grants == ()
    assert access.renewed(cast.grid_worker).grants == ()
    with pytest.raises(AccountNotFound):
        access.actor_of_login("grid.a")


def test_an_ability_holds_where_the_grant_holds(cast: Cast) -> None:
    assert access.ranges(cast.secretary, "people.see") == [cast.a.range]
    assert access.ranges(cast.grid_worker, "people.see") == [cast.a_building.range]
    assert access.ranges(cast.grid_worker, "accounts.see") == []
    assert access.ranges(cast.administrator, "people.see") == []
    assert access.may(cast.secretary, "records.write", cast.a_door)
    assert not access.may(cast.secretary, "records.write", cast.b_door)
    assert not access.may(cast.secretary, "records.write", cast.street)


def test_several_grants_are_one_reach(cast: Cast) -> None:
    grant_to(cast.account("grid.a"), Role.BUILDING_LEADER, OverPlace(cast.b_building.place_id))
    both = cast.actor("grid.a")
    assert access.ranges(both, "people.see") == sorted([cast.a_building.range, cast.b_building.range])
    assert access.ranges(both, "people.reveal") == [cast.a_building.range]
    assert access.abilities(both) > access.abilities(cast.grid_worker) - {"x"} - {Ability.PEOPLE_REVEAL}
    assert access.all_ranges(both) == access.ranges(both, "people.see")


def test_the_local_administrator_does_all_but_look_at_full_values(cast: Cast) -> None:
    local = access.local_administrator()
    assert (
        access.ranges(local, "places.edit") == access.all_ranges(local) == access.organisation_ranges(local, "grants.give") == [EVERYWHERE]
    )
    assert access.ranges(local, "people.reveal") == access.organisation_ranges(local, "people.reveal") == []
    assert access.abilities(local) == frozenset(Ability) - {Ability.PEOPLE_REVEAL}
    assert access.renewed(local) is local
    access.require(local, "places.edit", cast.a)
    access.require_account(local, "accounts.edit", cast.account("city"))


def test_out_of_sight_is_not_found_and_in_sight_is_denied(cast: Cast) -> None:
    access.require(cast.secretary, "people.see", cast.a_door)
    with pytest.raises(NotFound):
        access.require(cast.secretary, "people.see", cast.b_door)
    with pytest.raises(Denied):
        access.require(cast.grid_worker, "records.settle", cast.a_door)
    with pytest.raises(Denied):
        access.require(cast.administrator, "people.see", cast.a_door)


def test_a_grant_holds_from_its_first_day_until_before_its_last(cast: Cast) -> None:
    today = clock.today()
    account = account_of("钱示期")
    grant_to(account, Role.GRID_WORKER, OverPlace(cast.b.place_id), since=today + timedelta(days=1), until=today + timedelta(days=3))
    actor = access.actor_of_id(account)
    reach = []
    for days in range(5):
        with clock.frozen(clock.now() + timedelta(days=days)):
            reach.append(bool(access.ranges(actor, "people.see")))
    assert reach == [False, True, True, False, False]


def test_a_grant_revoked_while_a_request_runs_writes_no_more(cast: Cast) -> None:
    """The actor was read when the request began; between its check and its write the secretary revokes."""
    with cast.as_web(cast.grid_worker):
        access.require(cast.grid_worker, "people.edit", cast.a_door)
        grant = Grant.objects.get(account_id=cast.account("grid.a"))
        commands.revoke(grant.id, by=cast.secretary)
        with pytest.raises(Denied):
            access.require(cast.grid_worker, "people.edit", cast.a_door)
        with pytest.raises(Denied):
            access.require_person(cast.grid_worker, "people.reveal", cast.resident)
    assert access.all_ranges(cast.actor("grid.a")) == []


def test_a_grant_that_expires_at_midnight_is_gone_for_a_request_that_runs_past_it(cast: Cast) -> None:
    actor = actor_with(Role.GRID_WORKER, OverPlace(cast.b.place_id))
    Grant.objects.filter(account_id=actor.account_id).update(valid_to=clock.today() + timedelta(days=1))
    actor = access.renewed(actor)
    midnight = clock.day_bounds(clock.today())[1]
    with clock.frozen(midnight - timedelta(seconds=1)):
        access.require(actor, "people.edit", cast.b_door)
    with clock.frozen(midnight), pytest.raises(NotFound):
        access.require(actor, "people.edit", cast.b_door)


def test_former_positions_are_read_but_not_written(cast: Cast) -> None:
    before = cast.a.range
    laying.move(cast.a.place_id, cast.other_street.place_id, by=None)
    after = places.place(cast.a.place_id)
    assert not after.range.meets(before)
    assert access.ranges(cast.secretary, "records.see") == sorted([before, after.range])
    assert access.ranges(cast.secretary, "records.see", reading=False) == [after.range]
    assert access.ranges(cast.secretary, "records.write") == [after.range]
    assert access.all_ranges(cast.secretary) == sorted([before, after.range])


def test_where_a_community_went_its_history_is_read_and_where_it_was_too(cast: Cast) -> None:
    here = actor_with(Role.STREET_DUTY, OverPlace(cast.street.place_id), name="郑示街")
    there = actor_with(Role.STREET_DUTY, OverPlace(cast.other_street.place_id), name="冯示邻")
    old = cast.a.range
    laying.move(cast.a.place_id, cast.other_street.place_id, by=None)
    after = places.place(cast.a.place_id)
    assert access.may(there, "records.settle", after)
    assert old in access.ranges(there, "records.see")
    assert not access.may(here, "places.see", after)
    assert cast.street.range in access.ranges(here, "records.see")


def test_an_area_is_what_it_is_today(cast: Cast) -> None:
    second = laying.add_building(cast.a.place_id, "2栋", by=None)
    assert not access.may(cast.grid_worker, "people.see", places.place(second))
    laying.include(cast.a_grid, [second], by=None)
    assert access.may(cast.grid_worker, "people.see", places.place(second))
    laying.exclude(cast.a_grid, [cast.a_door.place_id], by=None)
    assert not access.may(cast.grid_worker, "people.see", cast.a_door)


def test_a_place_that_has_ended_is_read_and_not_written(cast: Cast) -> None:
    empty = laying.add_building(cast.a.place_id, "3栋", by=None)
    leader = actor_with(Role.BUILDING_LEADER, OverPlace(empty), name="韩示栋")
    laying.end(empty, by=None)
    assert access.ranges(leader, "records.write") == []
    assert access.ranges(leader, "records.see") == [places.place(empty).range]


def test_people_are_asked_for_by_where_they_live(cast: Cast) -> None:
    with cast.as_web(cast.secretary):
        access.require_person(cast.secretary, "people.see", cast.resident)
        access.require_person(cast.secretary, "people.edit", cast.resident)
        for person_id in (cast.stranger, PersonId(new_id())):
            with pytest.raises(PersonNotFound):
                access.require_person(cast.secretary, "people.see", person_id)
    with pytest.raises(PersonNotFound):
        access.require_person(cast.administrator, "people.see", cast.resident)


def test_scope_is_the_transaction_of_what_may_be_read(cast: Cast) -> None:
    with access.scoped(cast.grid_worker), connection.cursor() as cursor:
        cursor.execute("select current_user::text, current_setting('lianfang.lo1')::bigint, current_setting('lianfang.actor')")
        assert cursor.fetchone() == ("lianfang_web", cast.a_building.lo, str(cast.account("grid.a")))


def test_accounts_are_seen_inside_ones_reach_and_changed_below_ones_rank(cast: Cast) -> None:
    access.require_account(cast.secretary, "accounts.edit", cast.account("grid.a"))
    access.require_account(cast.secretary, "accounts.see", cast.account("secretary.a"))
    access.require_account(cast.city_command, "accounts.edit", cast.account("secretary.b"))
    access.require_account(cast.administrator, "accounts.edit", cast.account("city"))
    for unseen in ("secretary.b", "city", "admin"):
        with pytest.raises(AccountNotFound):
            access.require_account(cast.secretary, "accounts.see", cast.account(unseen))
    with pytest.raises(AccountNotFound):
        access.require_account(cast.secretary, "accounts.see", AccountId(new_id()))
    with pytest.raises(NotToYourself):
        access.require_account(cast.secretary, "accounts.edit", cast.account("secretary.a"))
    with pytest.raises(OutranksYou):
        access.require_account(cast.city_command, "accounts.edit", cast.account("admin"))
    with pytest.raises(AccountNotFound):
        access.require_account(cast.grid_worker, "accounts.see", cast.account("secretary.a"))


def test_an_account_with_a_grant_elsewhere_is_beyond_a_secretary(cast: Cast) -> None:
    grant_to(cast.account("grid.a"), Role.BUILDING_LEADER, OverPlace(cast.b_building.place_id))
    access.require_account(cast.secretary, "accounts.see", cast.account("grid.a"))
    with pytest.raises(OutranksYou):
        access.require_account(cast.secretary, "accounts.edit", cast.account("grid.a"))


def test_who_watches_sees_accounts_and_changes_none(cast: Cast) -> None:
    watcher = actor_with(Role.DATA_PROTECTION, OverPlace(cast.city.place_id), name="卫示护")
    access.require_account(watcher, "accounts.see", cast.account("grid.a"))
    with pytest.raises(Denied):
        access.require_account(watcher, "accounts.edit", cast.account("grid.a"))


def test_an_account_without_grants_is_its_makers(cast: Cast) -> None:
    made = account_of("蒋示新", by=cast.secretary)
    access.require_account(cast.secretary, "accounts.edit", made)
    with pytest.raises(AccountNotFound):
        access.require_account(cast.outsider, "accounts.edit", made)
    ended = account_of("沈示旧")
    grant_to(ended, Role.GRID_WORKER, OverPlace(cast.a.place_id))
    Grant.objects.filter(account_id=ended).update(valid_from=clock.today() - timedelta(days=2), valid_to=clock.today())
    access.require_account(cast.secretary, "accounts.edit", ended)
    with pytest.raises(AccountNotFound):
        access.require_account(cast.outsider, "accounts.edit", ended)


def test_organisations_are_a_reach_of_their_own(cast: Cast) -> None:
    above = organisations.found_organisation("示例街道党工委", OrganisationKind.PARTY_COMMITTEE, by=None)
    below = organisations.found_organisation("甲社区党支部", OrganisationKind.PARTY_BRANCH, by=None, parent=above)
    other = organisations.found_organisation("别处党委", OrganisationKind.PARTY_COMMITTEE, by=None)
    head = actor_with(Role.STREET_DUTY, organisation_queries.scope_of(above), name="杨示组")
    member = account_of("朱示员")
    grant_to(member, Role.GRID_WORKER, organisation_queries.scope_of(below))
    stranger = account_of("秦示外")
    grant_to(stranger, Role.GRID_WORKER, organisation_queries.scope_of(other))
    assert access.organisation_ranges(head, "grants.give") == [organisation_queries.organisation(above).range]
    assert access.ranges(head, "people.see") == access.all_ranges(head) == []
    access.require_account(head, "accounts.edit", member)
    with pytest.raises(AccountNotFound):
        access.require_account(head, "accounts.edit", stranger)
    assert access.organisation_ranges(cast.secretary, "grants.give") == []
    assert access.scope_ranges(OverOrganisation(above, Range(1, 2)), reading=True) == []


def test_authors_are_told_with_their_times_for_a_whole_batch(cast: Cast) -> None:
    now, today = clock.now(), clock.today()
    worker = cast.account("grid.a")
    leaver = account_of("尤示离")
    grant_to(
        leaver, Role.BUILDING_LEADER, OverPlace(cast.a_building.place_id), since=today - timedelta(days=5), until=today + timedelta(days=5)
    )
    closed = account_of("许示闭")
    grant_to(closed, Role.VOLUNTEER, OverArea(cast.a_grid), since=today - timedelta(days=5))
    commands.revoke(Grant.objects.get(account_id=leaver).id, by=access.local_administrator())
    commands.close_account(closed, by=access.local_administrator())
    unknown = AccountId(new_id())
    found = access.authors([worker, leaver, closed, unknown, worker])
    assert set(found) == {worker, leaver, closed, unknown}
    assert found[unknown] == []
    [held] = found[worker]
    assert (held.range, held.ends) == (cast.a_building.range, None)
    assert held.covers(cast.a_door.lo, "records.write", now)
    assert not held.covers(cast.a_door.lo, "records.write", clock.day_bounds(today)[0] - timedelta(seconds=1))
    assert not held.covers(cast.b_door.lo, "records.write", now)
    assert not held.covers(cast.a_door.lo, "grants.give", now)
    for account_id in (leaver, closed):
        [ended] = found[account_id]
        assert ended.covers(cast.a_door.lo, "records.write", now - timedelta(days=1))
        assert not ended.covers(cast.a_door.lo, "records.write", clock.now())
