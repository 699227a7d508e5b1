"""The tree of organisations and its numbers."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.queries import soundness
from lianfang.ground.organisations.rules import WHOLE, next_part
from lianfang.ground.organisations.types import (
    DayWrong,
    NameMissing,
    OrganisationEnded,
    OrganisationKind,
    OrganisationNotFound,
    StillHasParts,
    TooDeep,
)
from lianfang.kernel import clock
from lianfang.kernel.ids import OrganisationId, new_id
from lianfang.kernel.ranges import Range
from tests.factories.accounts import actor_with
from tests.factories.cast import Cast

COMMITTEE, BRANCH = OrganisationKind.PARTY_COMMITTEE, OrganisationKind.PARTY_BRANCH

ENDED_ABOVE = (
    "update organisations_organisation set valid_to = valid_from where parent_id is null; "
    "update organisations_organisation set valid_to = null where name = '甲'"
)


def parts(inside: Range, count: int) -> list[Range]:
    found, given_up_to = [], 0
    for _ in range(count):
        part = next_part(inside, given_up_to)
        assert part is not None
        found.append(part)
        given_up_to = part.hi
    return found


def test_there_is_room_for_thousands_of_branches_and_for_depth() -> None:
    many = parts(parts(WHOLE, 1)[0], 6000)
    assert all(one.hi == other.lo for one, other in pairwise(many))
    assert many[0].hi - many[0].lo > 10**9
    assert parts(many[-1], 1000)
    deepest, depth = WHOLE, 0
    while (inner := next_part(deepest, 0)) is not None:
        deepest, depth = inner, depth + 1
    assert depth == 7


@given(st.lists(st.integers(0, 30), max_size=40))
def test_numbers_are_nested_apart_and_never_given_twice(choices: list[int]) -> None:
    tree: list[tuple[Range, int]] = [(WHOLE, 0)]
    given_up_to = [0]
    for choice in choices:
        above = choice % len(tree)
        part = next_part(tree[above][0], given_up_to[above])
        if part is None:
            continue
        assert tree[above][0].holds(part)
        assert all(not part.meets(other) for other, parent in tree[1:] if parent == above)
        given_up_to[above] = part.hi
        tree.append((part, above))
        given_up_to.append(0)


def test_a_tree_is_founded_renamed_and_ended_from_below(cast: Cast) -> None:
    above = commands.found_organisation(" 示例街道党工委 ", COMMITTEE, by=None, place=cast.street.place_id)
    below = commands.found_organisation("甲社区党支部", BRANCH, by=None, parent=above)
    assert [each.name for each in queries.organisations_below(None)] == ["示例街道党工委"]
    assert [each.organisation_id for each in queries.organisations_below(above)] == [below]
    assert [each.organisation_id for each in queries.organisations_within([queries.organisation(above).range])] == [above, below]
    assert queries.organisations_within([]) == []
    assert [each.organisation_id for each in queries.organisations_at(cast.street.place_id)] == [above]
    commands.rename_organisation(below, "甲社区第一党支部", by=None)
    assert [each.organisation_id for each in queries.find("甲社区第")] == [below]
    assert queries.find("") == []
    with pytest.raises(StillHasParts) as refused:
        commands.end_organisation(above, by=None)
    assert refused.value.facts == {"count": 1}
    commands.end_organisation(below, by=None)
    commands.end_organisation(above, by=None)
    with pytest.raises(OrganisationEnded):
        commands.rename_organisation(above, "x", by=None)
    assert queries.organisations_below(None) == []
    assert [each.valid_to for each in queries.organisations_below(None, ended=True)] == [clock.today()]
    third = commands.found_organisation("新党工委", COMMITTEE, by=None)
    assert queries.organisation(third).range.lo >= queries.organisation(above).range.hi


def test_what_is_wrong_is_said(cast: Cast) -> None:
    unknown = OrganisationId(new_id())
    tomorrow = clock.today() + timedelta(days=1)
    above = commands.found_organisation("党工委", COMMITTEE, by=None)
    for why, attempt in (
        (NameMissing, lambda: commands.found_organisation(" ", COMMITTEE, by=None)),
        (NameMissing, lambda: commands.rename_organisation(above, " ", by=None)),
        (DayWrong, lambda: commands.found_organisation("x", COMMITTEE, by=None, since=tomorrow)),
        (DayWrong, lambda: commands.end_organisation(above, tomorrow, by=None)),
        (OrganisationNotFound, lambda: commands.end_organisation(unknown, by=None)),
        (OrganisationNotFound, lambda: queries.organisation(unknown)),
    ):
        with pytest.raises(why), transaction.atomic():
            attempt()


def test_the_tree_says_when_it_cannot_go_deeper(cast: Cast) -> None:
    above: OrganisationId | None = None
    for depth in range(7):
        above = commands.found_organisation(f"第{depth}级", COMMITTEE, by=None, parent=above)
    with pytest.raises(TooDeep), transaction.atomic():
        commands.found_organisation("再下一级", COMMITTEE, by=None, parent=above)


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        (
            "organisations.nested",
            "update organisations_organisation set lo = 9000000000000000000, hi = 9000000000000000001 where name = '甲'",
        ),
        ("organisations.apart", "update organisations_organisation set hi = hi + 99 where name = '甲'"),
        ("organisations.ended", ENDED_ABOVE),
        ("organisations.grants", "update accounts_grant set organisation_hi = organisation_hi + 1 where organisation_id is not null"),
    ],
)
def test_soundness_finds_a_damage(cast: Cast, check: str, damage: str) -> None:
    above = commands.found_organisation("党工委", COMMITTEE, by=None)
    for name in ("甲", "乙"):
        below = commands.found_organisation(name, BRANCH, by=None, parent=above)
    actor_with(Role.GRID_WORKER, queries.scope_of(below))
    assert [finding.check for finding in soundness.checks() if not finding.ok] == []
    with connection.cursor() as cursor:
        cursor.execute(damage)
    assert check in [finding.check for finding in soundness.checks() if not finding.ok]
