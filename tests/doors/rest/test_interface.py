"""The machine interface: a device's token, positions as text, pages by cursor, refusals in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lianfang.doors.rest.interface import api
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import commands as rounds
from tests.committed import transactional_db
from tests.factories.cast import Cast, cast, make_cast
from tests.ledger.folded import fold_all

__all__ = ["cast", "transactional_db"]

DESCRIPTION = Path(__file__).parents[3] / "docs" / "openapi.json"


class Device:
    def __init__(self, actor: access.Actor) -> None:
        assert actor.account_id is not None
        made = accounts.add_device(actor.account_id, "示例平板", by=access.local_administrator())
        self.device_id, self.client = made.device_id, Client(headers={"Authorization": f"Bearer {made.token}"})

    def get(self, path: str, status: int = 200, **query: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}", query)
        assert answer.status_code == status, answer.content
        return answer.json()


def test_the_description_that_is_checked_in_is_current() -> None:
    assert json.loads(DESCRIPTION.read_text()) == json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))


def test_a_place_its_children_and_the_people_of_a_door(cast: Cast) -> None:
    device = Device(cast.secretary)
    shown = device.get(f"places/{cast.a.id}")
    assert (shown["name"], shown["code"], shown["lo"]) == ("甲社区", "220106001001", "2201060010010000000")
    assert [child["name"] for child in device.get(f"places/{cast.a.id}/children")] == ["1栋"]
    people = device.get(f"places/{cast.a_door.id}/people")
    assert {one["name"] for one in people} == {"王**", "张**"} or all("*" in one["name"] for one in people)


def test_a_figure_and_the_records_behind_it(transactional_db: None) -> None:
    cast = make_cast()
    for outcome in (Outcome.DARK, Outcome.SEEN):
        rounds.record_visit(cast.a_door.place_id, outcome, by=cast.grid_worker)
    fold_all()
    device = Device(cast.secretary)
    visits = device.get(f"figures/visits/{cast.a.id}")
    assert (visits["value"], visits["unit"]) == (2, "visits")
    proof = device.get(f"figures/visits/{cast.a.id}/trace")
    assert sorted(row["says"]["outcome"] for row in proof["rows"]) == ["dark", "seen"]
    records = device.get(f"places/{cast.a.id}/records")
    assert [line["payload"]["outcome"] for line in records["records"]] == ["seen", "dark"]
    assert records["next"] is None
    assert device.get(f"figures/nonsense/{cast.a.id}", 404)["code"] == "unknown_figure"


def test_a_device_that_was_cut_off_and_a_wrong_token_are_nobody(cast: Cast) -> None:
    device = Device(cast.secretary)
    accounts.cut_off(device.device_id, by=access.local_administrator())
    device.get(f"places/{cast.a.id}", 401)
    assert Client(headers={"Authorization": "Bearer nonsense"}).get("/api/v1/kinds").status_code == 401


@pytest.mark.parametrize("path", ["places/{a}", "places/{a}/children", "places/{door}/people", "figures/visits/{a}", "matters/{a}"])
def test_elsewhere_is_answered_like_nowhere(cast: Cast, path: str) -> None:
    device = Device(cast.outsider)
    there = device.get(path.format(a=cast.a.id, door=cast.a_door.id), 404)
    nowhere = device.get(path.format(a=cast.resident, door=cast.resident), 404)
    assert there["error"].replace(str(cast.a.id), "").replace(str(cast.a_door.id), "") != "" != nowhere["error"]
    assert there["fields"] == nowhere["fields"] == {}
