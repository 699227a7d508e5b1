"""The list of incidents and drills."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from lianfang.ground.incidents import commands, queries
from lianfang.ground.incidents.commands import NewIncident
from lianfang.ground.incidents.queries import soundness
from lianfang.ground.incidents.types import IncidentEnded, IncidentKind, IncidentNotFound, MomentWrong, NameMissing, OneScopeOnly
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId, new_id
from tests.factories.cast import Cast

EPIDEMIC = IncidentKind.EPIDEMIC


def test_incidents_are_over_a_place_an_area_or_everything(cast: Cast) -> None:
    street = commands.open_incident(NewIncident(" 示例街道疫情 ", EPIDEMIC, place=cast.street.place_id), by=None)
    grid = commands.open_incident(NewIncident("燃气泄漏", IncidentKind.GAS, area=cast.a_grid), by=None)
    drill = commands.open_incident(NewIncident("全市演练", IncidentKind.FLOOD, drill=True), by=None)
    assert [each.incident_id for each in queries.open_incidents()] == [street, grid, drill]
    assert [each.incident_id for each in queries.incidents_over(cast.a_door)] == [street, grid, drill]
    assert [each.incident_id for each in queries.incidents_over(cast.b)] == [street, drill]
    assert [each.incident_id for each in queries.incidents_over(cast.city)] == [drill]
    assert queries.incident(street).name == "示例街道疫情"
    assert [each.drill for each in queries.incidents()] == [True, False, False]


def test_an_incident_ends_once_and_is_then_no_more_over_anything(cast: Cast) -> None:
    opened = clock.now()
    incident = commands.open_incident(NewIncident("疫情", EPIDEMIC), by=None)
    ended = opened + timedelta(days=57)
    with clock.frozen(ended):
        commands.end_incident(incident, by=None, reason="解除")
        with pytest.raises(IncidentEnded), transaction.atomic():
            commands.end_incident(incident, by=None)
        assert queries.open_incidents() == queries.incidents_over(cast.a) == []
        assert [each.incident_id for each in queries.open_incidents(ended - timedelta(seconds=1))] == [incident]
        assert queries.incident(incident).ended_at == ended


def test_what_is_wrong_is_said(cast: Cast) -> None:
    ahead = clock.now() + timedelta(hours=1)
    incident = commands.open_incident(NewIncident("疫情", EPIDEMIC), by=None)
    unknown = IncidentId(new_id())
    for why, attempt in (
        (NameMissing, lambda: commands.open_incident(NewIncident(" ", EPIDEMIC), by=None)),
        (OneScopeOnly, lambda: commands.open_incident(NewIncident("x", EPIDEMIC, place=cast.a.place_id, area=cast.a_grid), by=None)),
        (MomentWrong, lambda: commands.open_incident(NewIncident("x", EPIDEMIC, opened_at=ahead), by=None)),
        (MomentWrong, lambda: commands.end_incident(incident, by=None, at=ahead)),
        (IncidentNotFound, lambda: commands.end_incident(unknown, by=None)),
        (IncidentNotFound, lambda: queries.incident(unknown)),
    ):
        with pytest.raises(why), transaction.atomic():
            attempt()
    assert [each.ended_at for each in queries.incidents()] == [None]


def test_soundness_finds_an_open_incident_over_what_has_ended(cast: Cast) -> None:
    commands.open_incident(NewIncident("疫情", EPIDEMIC, place=cast.a.place_id), by=None)
    assert [finding.ok for finding in soundness.checks()] == [True]
    with connection.cursor() as cursor:
        cursor.execute("update places_place set valid_to = since where id = %s", [cast.a.id])
    assert [finding.ok for finding in soundness.checks()] == [False]
