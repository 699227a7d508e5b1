"""Incidents: what opening one must state, that everything lapses unless renewed, and who decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from lianfang.ground.incidents import commands, queries, types
from lianfang.ground.incidents.queries import soundness
from lianfang.ground.incidents.types import Case, IncidentKind, Phase, ResponseLevel, Running, Step
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import IncidentId, new_id
from tests.factories.cast import Cast
from tests.factories.incidents import LOCAL, ORDER, opened, raised


def test_incidents_are_over_a_place_or_an_area(cast: Cast) -> None:
    street = opened(" 示例街道疫情 ", place=cast.street.place_id, by=cast.city_command)
    grid = opened("燃气泄漏", kind=IncidentKind.GAS, area=cast.a_grid)
    drill = opened("全市演练", kind=IncidentKind.FLOOD, place=cast.city.place_id, drill=True)
    assert [each.incident_id for each in queries.open_incidents()] == [street, grid, drill]
    assert [each.incident_id for each in queries.incidents_over(cast.a_door)] == [street, grid, drill]
    assert [each.incident_id for each in queries.incidents_over(cast.b)] == [street, drill]
    assert [each.incident_id for each in queries.incidents_over(cast.city)] == [drill]
    assert [each.incident_id for each in queries.incidents_within([cast.b.range])] == [drill, street]
    told = queries.incident(street)
    assert (told.name, told.level, told.authority, told.document) == ("示例街道疫情", ResponseLevel.TWO, ORDER.authority, ORDER.document)
    assert [each.drill for each in queries.incidents()] == [True, False, False]


def test_one_that_runs_is_not_lost_behind_later_ones(cast: Cast) -> None:
    running = opened(place=cast.a.place_id)
    elsewhere = [opened(place=cast.b.place_id) for _ in range(2)]
    ended = opened(area=cast.a_grid)
    commands.end_incident(ended, ORDER, by=LOCAL)
    assert [one.incident_id for one in queries.incidents_within([cast.a.range], limit=1)] == [running]
    assert [one.incident_id for one in queries.incidents_within([cast.a.range])] == [running, ended]
    assert {one.incident_id for one in queries.incidents_within([cast.b.range])} == set(elsewhere)


def test_it_lapses_unless_it_is_renewed_and_every_decision_stays_readable(cast: Cast) -> None:
    began = clock.now()
    incident = opened(place=cast.street.place_id, rule_set="", days=7, measures=("one_gate",))
    with clock.frozen(began + timedelta(days=3)):
        commands.change_level(incident, ResponseLevel.ONE, ORDER, by=cast.city_command)
        commands.begin_phase(incident, Phase.RAISED, ORDER, by=cast.city_command, at=began + timedelta(days=2))
    with clock.frozen(began + timedelta(days=8)):
        assert queries.incident(incident).running(clock.now()) is Running.LAPSED
        assert queries.in_force([cast.a.range]) == []
        for attempt in (
            lambda: commands.change_level(incident, ResponseLevel.THREE, ORDER, by=LOCAL),
            lambda: raised(incident, "one_gate", place=cast.a.place_id),
        ):
            with pytest.raises(types.NotRunning), transaction.atomic():
                attempt()
        with pytest.raises(types.ReasonMissing), transaction.atomic():
            commands.renew_incident(incident, clock.now() + timedelta(days=7), replace(ORDER, reason=" "), by=LOCAL)
        commands.renew_incident(incident, clock.now() + timedelta(days=7), replace(ORDER, document="绿政发〔2022〕9号"), by=LOCAL)
        assert queries.incident(incident).running(clock.now()) is Running.OPEN
    ended = began + timedelta(days=12)
    with clock.frozen(ended):
        raised(incident, "stay_home", place=cast.a.place_id, days=2)
        with pytest.raises(types.StillHeld), transaction.atomic():
            commands.end_incident(incident, ORDER, by=LOCAL)
        commands.end_incident(incident, ORDER, by=cast.city_command, lift_measures=True)
        assert queries.in_force([cast.a.range]) == queries.open_incidents() == queries.incidents_over(cast.a) == []
        assert [each.incident_id for each in queries.open_incidents(ended - timedelta(seconds=1))] == [incident]
        assert queries.incident(incident).running(clock.now()) is Running.ENDED
        with pytest.raises(types.IncidentEnded), transaction.atomic():
            commands.renew_incident(incident, clock.now() + timedelta(days=7), ORDER, by=LOCAL)
    steps = [line.step for line in queries.decisions(incident)]
    assert steps == [Step.OPENED, Step.PHASE, Step.LEVEL, Step.RENEWED, Step.ENDED]
    assert [line.ground.document for line in queries.decisions(incident)][3] == "绿政发〔2022〕9号"
    assert queries.decisions(incident)[2].decided_by == cast.city_command.account_id


def test_a_case_keeps_the_rules_it_was_begun_under(cast: Cast) -> None:
    began = clock.day_bounds(date(2022, 6, 20))[0]
    with clock.frozen(began):
        none = opened("不用规则", place=cast.city.place_id)
        incident = opened(place=cast.street.place_id, rule_set="CN-V8")
        zone = raised(incident, "sealed", place=cast.a.place_id, days=10)
    with clock.frozen(began + timedelta(days=8)):
        commands.choose_rules(incident, "CN-V9", ORDER, by=LOCAL)
        with pytest.raises(types.UnknownMeasure), transaction.atomic():
            raised(incident, "sealed", place=cast.b.place_id)
        assert queries.measure(zone).rule_set == "CN-V8"
        for case, rules in ((began, "CN-V8"), (began + timedelta(days=7), "CN-V8"), (clock.now(), "CN-V9")):
            assert queries.rule_set_of(Case(incident, case)) == rules
        assert queries.rule_set_of(Case(none, clock.now())) == ""
        for wrong, why in (("CN-V8", types.RulesNotOfThatDay), ("CN-V99", types.UnknownRules)):
            with pytest.raises(why), transaction.atomic():
                commands.choose_rules(incident, wrong, ORDER, by=LOCAL)
        commands.choose_rules(incident, "", ORDER, by=LOCAL)
        assert queries.incident(incident).rule_set == ""


def test_what_is_wrong_is_said(cast: Cast) -> None:
    ahead = clock.now() + timedelta(hours=1)
    incident = opened(place=cast.street.place_id)
    unknown = IncidentId(new_id())
    over = {"place": cast.street.place_id}
    for why, attempt in (
        (types.NameMissing, lambda: opened(" ", **over)),
        (types.ScopeMissing, opened),
        (types.OneScopeOnly, lambda: opened(**over, area=cast.a_grid)),
        (types.GroundMissing, lambda: opened(**over, ground=replace(ORDER, document=" "))),
        (types.GroundMissing, lambda: opened(**over, ground=replace(ORDER, authority=""))),
        (types.MomentWrong, lambda: opened(**over, opened_at=ahead)),
        (types.PeriodWrong, lambda: opened(**over, days=0)),
        (types.UnknownMeasure, lambda: opened(**over, measures=("sealed",))),
        (types.RulesNotOfThatDay, lambda: opened(**over, rule_set="CN-V8")),
        (types.PeriodWrong, lambda: commands.renew_incident(incident, ahead, ORDER, by=LOCAL)),
        (types.MomentWrong, lambda: commands.end_incident(incident, ORDER, by=LOCAL, at=ahead)),
        (types.IncidentNotFound, lambda: commands.end_incident(unknown, ORDER, by=LOCAL)),
        (types.IncidentNotFound, lambda: queries.incident(unknown)),
    ):
        with pytest.raises(why), transaction.atomic():
            attempt()
    assert [each.ended_at for each in queries.incidents()] == [None]


def test_who_may_not_decide_there_changes_nothing(cast: Cast) -> None:
    for by, over, why in (
        (cast.secretary, {"place": cast.a.place_id}, Denied),
        (cast.outsider, {"place": cast.a.place_id}, NotFound),
        (cast.outsider, {"area": cast.a_grid}, NotFound),
        (cast.grid_worker, {"area": cast.a_grid}, NotFound),
        (cast.secretary, {"area": cast.a_grid}, Denied),
    ):
        with cast.as_web(by), pytest.raises(why), transaction.atomic():
            opened(by=by, **over)
    assert queries.incidents() == []
    with cast.as_web(cast.city_command):
        incident = opened(by=cast.city_command, area=cast.a_grid)
    with cast.as_web(cast.secretary), pytest.raises(Denied), transaction.atomic():
        commands.end_incident(incident, ORDER, by=cast.secretary)


def test_soundness_finds_what_cannot_be(cast: Cast) -> None:
    incident = opened(place=cast.a.place_id)
    raised(incident, "one_gate", place=cast.a.place_id)
    assert [finding.ok for finding in soundness.checks()] == [True, True]
    with connection.cursor() as cursor:
        cursor.execute("update places_place set valid_to = since where id = %s", [cast.a.id])
        cursor.execute("update incidents_measure set expires_at = expires_at + interval '1 day'")
    assert [finding.ok for finding in soundness.checks()] == [False, False]
