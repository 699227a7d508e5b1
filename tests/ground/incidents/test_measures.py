"""Measures in force: the strictest wins, two times, the order that did it, and a plain recount that shares nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lianfang.ground.incidents import commands, queries, types
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.incidents.rules.strictest import Claim, strictest
from lianfang.ground.incidents.types import Ground, MeasureStep
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import MeasureId, new_id
from lianfang.kernel.ranges import EVERYWHERE, Range
from tests.factories.cast import Cast
from tests.factories.incidents import LOCAL, ORDER, opened, raised
from tests.fuzzing import examples
from tests.ground.incidents import recount

V9 = clock.day_bounds(date(2022, 7, 1))[0]


@pytest.fixture
def town(cast: Cast) -> Cast:
    """The cast in a building each that stood already when these rules held."""
    with clock.frozen(V9 - timedelta(days=100)):
        a, b = (
            places.place(laying.lay_out(one.place_id, laying.parse_layout("8栋，2个单元，2层，每层2户"), by=None).buildings[0])
            for one in (cast.a, cast.b)
        )
    return replace(cast, a_building=a, b_building=b, a_door=places.doors_of(a)[0], b_door=places.doors_of(b)[0])


def keys(cast: Cast, place: object, at: datetime | None = None) -> dict[str, str]:
    """What holds over all of a place, by respect."""
    found = queries.in_force([place.range], at)
    return {one.aspect: one.meaning.key for one in found[0].holding} if len(found) == 1 and found[0].range == place.range else {}


def test_down_to_a_unit_in_a_sealed_building_in_a_controlled_compound(town: Cast) -> None:
    cast = town
    with clock.frozen(V9):
        incident = opened(place=cast.street.place_id, rule_set="CN-V9")
        [unit, other] = places.units_of(cast.a_building)
        sealed_but_one = laying.found_area(AreaKind.SEALED, "1栋封控", cast.a.place_id, [cast.a_building.place_id], by=None)
        laying.exclude(sealed_but_one, [other.place_id], by=None)
        raised(incident, "low", place=cast.street.place_id)
        raised(incident, "medium", place=cast.a.place_id)
        high = raised(incident, "high", area=sealed_but_one)
        raised(incident, "testing_daily", place=unit.place_id)
    now = V9 + timedelta(hours=1)
    assert keys(cast, cast.b_door, now) == {"zone": "low", "movement": "avoid_gathering", "gates": "gates_checked"}
    assert keys(cast, other, now)["zone"] == "medium"
    assert keys(cast, unit, now) == {
        "zone": "high", "movement": "stay_home", "gates": "gates_closed", "venues": "venues_suspended", "gathering": "gatherings_banned",
        "testing": "testing_daily",
    }  # fmt: skip
    under = {
        (one.holding.aspect, one.holding.meaning.key): one.dwellings
        for one in queries.doors_under(queries.in_force([cast.street.range], now))
    }
    assert (under["zone", "high"], under["zone", "medium"], under["zone", "low"]) == (
        4,
        4 + 8,
        8 + 8,
    )  # those laid out later stand there today
    doors = dict(queries.doors_in_force([cast.street.range], now))
    assert len(doors) == 16
    assert {one.meaning.key for one in doors[places.doors_of(unit)[0].place_id].holding} >= {"high", "testing_daily"}
    with clock.frozen(now):
        commands.lift_measure(high, ORDER, by=LOCAL)
    assert keys(cast, unit, now)["zone"] == "medium"
    assert queries.in_force([], now) == queries.in_force([cast.city.range], V9 - timedelta(days=1)) == queries.doors_under([]) == []


def test_taking_effect_and_being_published_are_two_times_of_raising_and_of_lifting(cast: Cast) -> None:
    now = clock.now()
    incident = opened(place=cast.street.place_id)
    tonight = now + timedelta(hours=6)
    measure = raised(incident, "one_gate", place=cast.a.place_id, begins_at=tonight, published_at=now)
    assert keys(cast, cast.a, now) == {}
    assert keys(cast, cast.a, tonight) == {"gates": "one_gate"}
    secret = raised(incident, "testing_daily", place=cast.a.place_id)
    assert queries.measure(secret).published_at is None
    commands.publish_measure(secret, ORDER, by=LOCAL)
    midnight = tonight + timedelta(days=1)
    with clock.frozen(tonight):
        commands.renew_measure(measure, tonight + timedelta(days=9), ORDER, by=LOCAL)
        with pytest.raises(types.MeasureNotFound), transaction.atomic():
            commands.publish_lifting(measure, ORDER, by=LOCAL)
        commands.lift_measure(measure, ORDER, by=LOCAL, at=midnight)
        commands.publish_lifting(measure, ORDER, by=LOCAL)
        assert keys(cast, cast.a, midnight - timedelta(seconds=1))["gates"] == "one_gate"
        assert "gates" not in keys(cast, cast.a, midnight)
    lines = queries.measure_decisions(measure)
    assert [line.step for line in lines] == [
        MeasureStep.RAISED, MeasureStep.PUBLISHED, MeasureStep.RENEWED, MeasureStep.LIFTED, MeasureStep.LIFTING_PUBLISHED,
    ]  # fmt: skip
    assert [line.at for line in lines] == [tonight, now, tonight, midnight, tonight]
    assert {line.ground.document for line in lines} == {ORDER.document}
    assert [one.measure_id for one in queries.measures_of(incident, tonight)] == [secret, measure]
    assert len(queries.measures_of(incident)) == 2


def test_what_goes_beyond_the_rules_is_said_and_reported(cast: Cast) -> None:
    with clock.frozen(V9):
        incident = opened(place=cast.street.place_id, rule_set="CN-V9", days=60)
        with pytest.raises(types.BeyondTheRules), transaction.atomic():
            raised(incident, "high", place=cast.a.place_id, days=20)
        zone = raised(incident, "high", place=cast.a.place_id, days=20, beyond="反复出现感染者")
        kept = raised(incident, "high", place=cast.b.place_id, days=7)
        assert [one.measure_id for one in queries.beyond_the_rules(incident)] == [zone]
    with clock.frozen(V9 + timedelta(days=5)):
        with pytest.raises(types.BeyondTheRules), transaction.atomic():
            commands.renew_measure(kept, V9 + timedelta(days=12), ORDER, by=LOCAL)
        commands.renew_measure(kept, V9 + timedelta(days=12), ORDER, by=LOCAL, beyond="示例")
        assert len(queries.beyond_the_rules(incident)) == 2


def test_what_is_wrong_is_said(cast: Cast) -> None:
    incident = opened(place=cast.a.place_id, days=10)
    measure = raised(incident, "one_gate", place=cast.a.place_id)
    later, above = clock.now() + timedelta(days=6), Ground("长春市人民政府", "长府发〔2022〕2号")
    here = {"place": cast.a.place_id}
    for why, attempt in (
        (types.UnknownMeasure, lambda: raised(incident, "sealed", **here)),
        (types.OutsideIncident, lambda: raised(incident, "one_gate", place=cast.b.place_id)),
        (types.ScopeMissing, lambda: raised(incident, "one_gate")),
        (types.PeriodBeyond, lambda: raised(incident, "one_gate", days=11, **here)),
        (types.PeriodWrong, lambda: raised(incident, "one_gate", days=-1, **here)),
        (types.MomentWrong, lambda: raised(incident, "one_gate", begins_at=clock.now() - timedelta(days=1), **here)),
        (types.NotTheAuthority, lambda: commands.lift_measure(measure, above, by=LOCAL)),
        (types.MomentWrong, lambda: commands.lift_measure(measure, ORDER, by=LOCAL, at=clock.now() - timedelta(days=1))),
        (types.PeriodWrong, lambda: commands.renew_measure(measure, clock.now(), ORDER, by=LOCAL)),
        (types.ReasonMissing, lambda: commands.renew_measure(measure, later, above, by=LOCAL)),
        (types.MeasureNotFound, lambda: commands.lift_measure(MeasureId(new_id()), ORDER, by=LOCAL)),
        (types.MeasureNotFound, lambda: queries.measure(MeasureId(new_id()))),
        (Denied, lambda: commands.lift_measure(measure, ORDER, by=cast.secretary)),
    ):
        with pytest.raises(why), transaction.atomic():
            attempt()
    commands.publish_measure(measure, ORDER, by=LOCAL)
    commands.lift_measure(measure, above, by=LOCAL, superior=True)
    commands.publish_lifting(measure, above, by=LOCAL)
    for why, attempt in (
        (types.AlreadyPublished, lambda: commands.publish_measure(measure, ORDER, by=LOCAL)),
        (types.AlreadyPublished, lambda: commands.publish_lifting(measure, ORDER, by=LOCAL)),
        (types.MeasureOver, lambda: commands.lift_measure(measure, ORDER, by=LOCAL)),
        (types.MeasureOver, lambda: commands.renew_measure(measure, later, replace(ORDER), by=LOCAL)),
    ):
        with pytest.raises(why), transaction.atomic():
            attempt()


def test_none_of_the_rule_sets_is_active_by_default_and_each_reads(cast: Cast) -> None:
    assert list(rulesets.rule_sets()) == ["CN-2020", "CN-V8", "CN-V9", "CN-20T", "CN-10N", "CN-B"]
    days = [date.fromisoformat(one.first_day) for one in rulesets.rule_sets().values()]
    for one, following in zip(rulesets.rule_sets().values(), [*days[1:], None], strict=True):
        assert one.source
        assert (one.last_day is None) == (following is None)
        assert following is None or date.fromisoformat(one.last_day) == following - timedelta(days=1)
        assert rulesets.held_on(one, date.fromisoformat(one.first_day))
        assert not rulesets.held_on(one, date(2019, 1, 1))
        for zone in one.zones:
            assert next(each.aspect for each in rulesets.meanings(one.id, zone.key)) == "zone"
    assert rulesets.choices("") == rulesets.measures()
    assert queries.incident(opened(place=cast.a.place_id)).rule_set == ""


PLACES = ("city", "street", "other_street", "a", "b", "a_building", "b_building", "unit", "other_unit", "a_door", "b_door")
pick = st.sampled_from(PLACES)
hours = st.integers(min_value=0, max_value=72)
area = st.tuples(st.lists(pick, min_size=1, max_size=3, unique=True), st.lists(pick, max_size=2, unique=True))
wish = st.tuples(
    st.sampled_from(("high", "medium", "low", "stay_in_building", "one_gate", "gates_closed", "testing_daily", "no_open_fire")),
    st.one_of(pick, area),
    hours,
    st.integers(min_value=1, max_value=72),
    st.one_of(st.none(), hours),
    st.booleans(),
)


@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
@given(wishes=st.lists(wish, min_size=1, max_size=8), asked=st.lists(hours, min_size=1, max_size=3))
def test_every_door_is_under_what_a_plain_recount_finds(town: Cast, wishes: list, asked: list[int]) -> None:
    cast = town
    with transaction.atomic():
        known = {name: getattr(cast, name) for name in PLACES if "unit" not in name}
        known["unit"], known["other_unit"] = places.units_of(cast.a_building)
        with clock.frozen(V9):
            real = opened(place=cast.city.place_id, rule_set="CN-V9")
            drill = opened("演练", place=cast.city.place_id, rule_set="CN-V9", drill=True)
        for number, (key, over, begins, lasts, lifted, practised) in enumerate(wishes):
            with clock.frozen(V9):
                if isinstance(over, str):
                    scope = {"place": known[over].place_id}
                else:
                    taken = [known[name].place_id for name in over[0]]
                    made = laying.found_area(AreaKind.OTHER, f"区{number}", cast.city.place_id, taken, by=None)
                    if left_out := [known[name].place_id for name in over[1] if name not in over[0]]:
                        laying.exclude(made, left_out, by=None)
                    scope = {"area": made}
                start = V9 + timedelta(hours=begins)
                wished = types.Raising(drill if practised else real, key, start + timedelta(hours=lasts), ORDER, begins_at=start, **scope)
                measure = commands.raise_measure(wished, by=LOCAL)
            if lifted is not None and lifted < lasts:
                with clock.frozen(start):
                    commands.lift_measure(measure, ORDER, by=LOCAL, at=start + timedelta(hours=lifted))
        stood = [door for building in (cast.a_building, cast.b_building) for door in places.doors_of(building)]
        # A city's measures are read one by one, those of a place by the places in it and over it.
        ways = ([cast.city.range], [cast.a.range, cast.b.range], [door.range for door in stood])
        for hour in asked:
            at = V9 + timedelta(hours=hour)
            for practised in (None, drill):
                right = {door.id: held for door in stood if (held := recount.holding(door.id, at, practised))}
                for ranges in ways:
                    found = {
                        door: {one.aspect: (one.meaning.key, one.measure.measure_id) for one in stretch.holding}
                        for door, stretch in queries.doors_in_force(ranges, at, drill=practised)
                    }
                    assert found == right
        transaction.set_rollback(True)


def test_stretches_are_disjoint_joined_and_in_order() -> None:
    claims = [
        Claim("a", "x", 1, 1, [Range(0, 10), Range(10, 20)]),
        Claim("b", "x", 2, 2, [Range(5, 6)]),
        Claim("c", "y", 1, 3, [EVERYWHERE]),
    ]
    assert strictest(claims[:2]) == [(Range(0, 5), {"x": "a"}), (Range(5, 6), {"x": "b"}), (Range(6, 20), {"x": "a"})]
    assert strictest(claims)[-1] == (Range(20, EVERYWHERE.hi), {"y": "c"})
    assert strictest([Claim("a", "x", 1, 1, [Range(0, 5), Range(7, 7), Range(8, 9)])]) == [
        (Range(0, 5), {"x": "a"}),
        (Range(8, 9), {"x": "a"}),
    ]


def test_every_measure_is_compared_in_a_respect_that_has_a_name() -> None:
    rulesets.measures.cache_clear()
    rulesets.aspects.cache_clear()
    assert {one.aspect for one in rulesets.measures().values()} <= set(rulesets.aspects())
