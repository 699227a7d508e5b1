"""What each office may do and give, as pure rules."""

from __future__ import annotations

import pytest

from lianfang.ground.accounts.rules.roles import ABILITIES, CHAIN, READING, Ability, Role, may_give, needs_second_factor

PEOPLE = {Ability.PEOPLE_SEE, Ability.PEOPLE_EDIT, Ability.PEOPLE_REVEAL}


def test_every_role_sees_places_and_has_only_known_abilities() -> None:
    assert set(ABILITIES) == set(Role)
    for abilities in ABILITIES.values():
        assert Ability.PLACES_SEE in abilities
        assert abilities <= set(Ability)


def test_whoever_makes_accounts_for_all_sees_no_people_and_who_watches_changes_nothing() -> None:
    assert not ABILITIES[Role.ADMINISTRATOR] & PEOPLE
    assert ABILITIES[Role.DATA_PROTECTION] <= READING | {Ability.INCIDENTS_ERASE}


@pytest.mark.parametrize("role", [Role.CITY_COMMAND, Role.DISTRICT_COMMAND, Role.BUILDING_LEADER, Role.UNIT_LEADER, Role.VOLUNTEER])
def test_full_values_are_for_those_who_work_at_the_doors(role: Role) -> None:
    assert Ability.PEOPLE_REVEAL not in ABILITIES[role]


def test_nobody_gives_a_role_above_their_own() -> None:
    for giver in CHAIN:
        for given in CHAIN:
            if may_give(giver, given):
                assert CHAIN.index(given) >= CHAIN.index(giver)
                assert Ability.GRANTS_GIVE in ABILITIES[giver]


def test_only_an_administrator_makes_administrators_and_watchers() -> None:
    for outside in (Role.ADMINISTRATOR, Role.DATA_PROTECTION):
        assert [giver for giver in Role if may_give(giver, outside)] == [Role.ADMINISTRATOR]


def test_who_sees_accounts_to_give_grants_needs_a_second_factor() -> None:
    needing = {role for role in Role if needs_second_factor(ABILITIES[role])}
    assert needing == {Role.ADMINISTRATOR, Role.CITY_COMMAND, Role.DISTRICT_COMMAND, Role.STREET_DUTY, Role.COMMUNITY_SECRETARY}
