"""What travels beside a record: a remark, a new door, a new person; all of it or none."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from lianfang.ground.people import queries as people
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import PlaceId, new_id
from lianfang.ledger import queries
from tests.factories.cast import Cast
from tests.ledger.sending import record, send, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(cast: Cast) -> PlaceId:
    """A lone house in community A, without units."""
    [door] = laying.add_houses(cast.a.place_id, ["9号院"], by=None)
    building = places.building_of(places.place(door))
    assert building is not None
    return building.place_id


def with_door(cast: Cast, building: object, **more: object) -> dict[str, object]:
    return record(new_id(), envelope={"door": {"building": str(building), "label": "后院"} | more})


def with_person(cast: Cast, **more: object) -> dict[str, object]:
    person = {"name": "周示例", "household": str(cast.household)} | more
    return record(cast.a_door.id, subject=new_id(), envelope={"person": person})


def test_a_remark_is_sealed_beside_its_record(cast: Cast) -> None:
    made = record(cast.a_door.id, "remark", {"topic": "access"}, envelope={"remark": "门禁坏了"})
    assert words(send(made, author=cast.grid_worker.account_id)) == ["kept"]
    assert queries.remark_of(UUID(str(made["id"]))) == "门禁坏了"
    with connection.cursor() as cursor:
        cursor.execute("select payload::text, (select sealed from ledger_remark) from ledger_record")
        payload, sealed = cursor.fetchone()
    assert "门禁" not in payload
    assert "门禁".encode() not in bytes(sealed)


def test_a_door_found_on_the_way_is_added_and_the_rest_of_the_call_may_stand_on_it(cast: Cast, house: PlaceId) -> None:
    first = with_door(cast, house)
    door = PlaceId(UUID(str(first["place"])))
    second = record(door, payload={"outcome": "dark"})
    third = record(door, envelope={"door": {"building": str(house), "label": "后院"}})
    assert words(send(second, first, third, first, author=cast.secretary.account_id)) == ["kept", "kept", "kept", "repeated"]
    added = places.place(door)
    assert (added.name, added.parent_id) == ("后院", house)
    assert places.building_of(added) is not None


def test_a_door_that_cannot_be_added_takes_only_its_own_record_down(cast: Cast, house: PlaceId) -> None:
    taken = record(new_id(), envelope={"door": {"building": str(house), "label": places.doors_of(places.place(house))[0].name}})
    nowhere = with_door(cast, new_id())
    fine = record(cast.a_door.id)
    verdicts = send(taken, nowhere, fine, author=cast.secretary.account_id)
    assert words(verdicts) == ["refused envelope_refused", "refused unknown_place", "kept"]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_receipt")
        assert cursor.fetchone()[0] == 1


def test_a_record_that_is_refused_brings_nothing(cast: Cast, house: PlaceId) -> None:
    wrong = with_door(cast, house) | {"incident": str(new_id())}
    assert words(send(wrong, author=cast.secretary.account_id)) == ["refused unknown_incident"]
    assert len(places.doors_of(places.place(house))) == 1


def test_a_new_person_joins_a_household_at_the_door(cast: Cast) -> None:
    made = with_person(cast, phone="13900001234", relation="子女")
    assert words(send(made, made, author=cast.grid_worker.account_id)) == ["kept", "repeated"]
    names = [resident.name for resident in people.people_of_door(cast.a_door.place_id)]
    assert "周*" in str(names) or "周" in str(names)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from people_person where id = %s", [made["subject"]])
        assert cursor.fetchone()[0] == 1


def test_a_new_household_is_made_where_there_is_none_of_its_id(cast: Cast) -> None:
    made = with_person(cast, household=str(new_id()))
    assert words(send(made, author=cast.grid_worker.account_id)) == ["kept"]
    assert len(people.households_of_door(cast.a_door.place_id)) == 2


def test_a_person_that_cannot_be_added_takes_the_record_down(cast: Cast) -> None:
    badly_named = with_person(cast, name="周1")
    nobody = with_person(cast) | {"subject": None}
    assert words(send(badly_named, nobody, author=cast.grid_worker.account_id)) == ["refused envelope_refused", "refused subject_missing"]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_record")
        assert cursor.fetchone()[0] == 0


def test_a_person_outside_the_grant_waits_and_is_not_added(cast: Cast) -> None:
    made = record(cast.b_door.id, subject=new_id(), envelope={"person": {"name": "周示例", "household": str(cast.b_household)}})
    assert words(send(made, author=cast.grid_worker.account_id)) == ["quarantined outside_grant"]
    assert len(people.people_of_door(cast.b_door.place_id)) == 1


@pytest.mark.parametrize("role", ["lianfang_intake", "lianfang_web"])
def test_the_processes_have_the_rights_for_all_of_it(cast: Cast, house: PlaceId, role: str) -> None:
    made = [with_door(cast, house), with_person(cast), with_person(cast, household=str(new_id())), record(cast.b_door.id)]
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lianfang.lo1', '0', true), set_config('lianfang.hi1', %s, true)", [str(2**63 - 1)])
        cursor.execute(f"set local role {role}")
    assert words(send(*made, author=cast.secretary.account_id)) == ["kept"] * 3 + ["quarantined outside_grant"]
