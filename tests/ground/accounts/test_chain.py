"""The chain of responsibility over the cast: gaps and overlaps to the door, by day."""

from __future__ import annotations

from datetime import timedelta

from lianfang.ground.accounts import queries
from lianfang.ground.accounts.chain_types import Flaw
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast


def groups_of(cast: Cast) -> list[tuple[str, str, str, int, int]]:
    return [
        (group.flaw.value, group.role.value, group.within + group.name, group.doors, group.out_of)
        for group in queries.flaw_groups([cast.a.range])
    ]


def test_gaps_are_named_as_people_name_them(cast: Cast) -> None:
    whole = queries.coverage([cast.a.range])
    assert (whole.doors, whole.covered, whole.gaps, whole.overlaps) == (8, 0, 8, 0)
    assert groups_of(cast) == [
        ("gap", "unit_leader", "1栋1单元", 4, 4),
        ("gap", "unit_leader", "1栋2单元", 4, 4),
        ("gap", "building_leader", "1栋", 8, 8),
    ]


def test_a_whole_chain_has_no_gap(cast: Cast) -> None:
    grant_to(account_of("韩示栋"), Role.BUILDING_LEADER, OverPlace(cast.a_building.place_id))
    for unit in places.children(cast.a_building):
        grant_to(account_of("杨示元"), Role.UNIT_LEADER, OverPlace(unit.place_id))
    whole = queries.coverage([cast.a.range])
    assert (whole.doors, whole.covered, whole.gaps, whole.overlaps) == (8, 8, 0, 0)
    assert queries.flaw_groups([cast.a.range]) == []
    yesterday = clock.today() - timedelta(days=1)
    assert queries.coverage([cast.a.range], yesterday).doors == 0  # the building was laid out today


def test_two_holders_are_an_overlap_and_no_error(cast: Cast) -> None:
    for name in ("韩示栋", "秦示栋"):
        grant_to(account_of(name), Role.BUILDING_LEADER, OverPlace(cast.a_building.place_id))
    whole = queries.coverage([cast.a.range])
    assert whole.overlaps == 8
    [overlap] = [group for group in queries.flaw_groups([cast.a.range]) if group.flaw is Flaw.OVERLAP]
    assert (overlap.role, overlap.name, overlap.doors, overlap.holders) == (Role.BUILDING_LEADER, "1栋", 8, ("秦示栋", "韩示栋"))


def test_the_chain_of_one_door(cast: Cast) -> None:
    chain = queries.chain_of(cast.a_door.range)
    assert [(link.role.value, link.expected, [one.name for one in link.holders]) for link in chain] == [
        ("unit_leader", True, []),
        ("building_leader", True, []),
        ("grid_worker", True, ["陈示格"]),
        ("community_secretary", True, ["刘示甲"]),
        ("city_command", True, ["周示市"]),
    ]


def test_offices_of_many_places_are_asked_at_once(cast: Cast) -> None:
    grant_to(account_of("韩示书"), Role.COMMUNITY_SECRETARY, OverPlace(cast.street.place_id))
    asked = [cast.b.range, cast.a.range, cast.street.range, cast.other_street.range, cast.city.range]
    for role in (Role.COMMUNITY_SECRETARY, Role.CITY_COMMAND, Role.STREET_DUTY):
        each = [
            next((one.account_id for one in queries.answering_for(place) if one.role is role), None)
            for place in (cast.b, cast.a, cast.street, cast.other_street, cast.city)
        ]
        assert queries.in_office(role, asked) == each, role
    assert queries.in_office(Role.COMMUNITY_SECRETARY, []) == []
