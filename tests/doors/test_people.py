"""People of a door: masked, revealed with a reason, added, corrected, moved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lianfang.ground.people import queries as people
from lianfang.ground.people.models import Look
from lianfang.ground.places import queries as places
from tests.doors.conftest import Desk, words_of
from tests.factories.cast import Cast
from tests.factories.people import paper_number, phone_number

PHONE, PAPER = phone_number(11), paper_number(11)


def test_lists_are_masked(secretary: Desk, cast: Cast) -> None:
    page = secretary.get("place", cast.a_door.id).content.decode()
    assert "王*" in page
    assert "154****0011" in page
    for full in ("王示例", PHONE, PAPER):
        assert full not in page


def test_a_full_value_is_shown_once_with_a_reason_and_noted(secretary: Desk, cast: Cast) -> None:
    shown = secretary.post("reveal", cast.resident, field="phone", reason="contact", htmx=True)
    assert PHONE in words_of(shown)
    [look] = Look.objects.all()
    assert (look.account_id, look.person_id, look.field, look.reason, look.channel) == (
        cast.secretary.account_id, cast.resident, "phone", "contact", "desk",
    )  # fmt: skip
    assert PHONE not in secretary.get("person", cast.resident).content.decode()
    own = words_of(secretary.get("looks"))
    assert "要联系本人" in own
    assert "王*" in own


def test_without_a_reason_nothing_is_shown(secretary: Desk, cast: Cast) -> None:
    refused = secretary.post("reveal", cast.resident, field="phone", reason="", words=" ", htmx=True)
    assert refused.status_code == 409
    assert "请写看全号的原因" in words_of(refused)
    assert not Look.objects.exists()


@pytest.mark.parametrize(("login", "status"), [("secretary.b", 404), ("city", 403), ("admin", 404)])
def test_who_may_not_look_gets_nothing_and_leaves_no_trace(desk_of: Callable[[str], Desk], cast: Cast, login: str, status: int) -> None:
    answer = desk_of(login).post("reveal", cast.resident, field="phone", reason="contact")
    assert answer.status_code == status
    assert PHONE not in answer.content.decode()
    assert not Look.objects.exists()


def test_the_building_of_a_person_outside_is_never_named(outsider: Desk, cast: Cast) -> None:
    assert outsider.get("person", cast.resident).status_code == 404


def test_somebody_is_added_in_one_form(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post(
        "person_new", cast.a_door.id, name="赵示新", relation="parent", kind="both", phone=phone_number(77), paper=paper_number(77)
    )
    assert answer.status_code == 302
    added = next(person for person in people.people_of_door(cast.a_door.place_id) if person.relation == "parent")
    assert (added.name, len(added.kinds)) == ("赵*", 2)


def test_adding_at_an_empty_door_opens_its_household(secretary: Desk, cast: Cast) -> None:
    empty = places.doors_of(cast.a_building)[1]
    secretary.post("person_new", empty.id, name="钱示新", kind="actual")
    household = people.household_of_door(empty.place_id)
    assert household is not None
    assert household.people == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("phone", "1381234", "手机号有7位，应为11位"),
        ("paper", paper_number(5)[:-1], "号码有17位，这种证件应为18位"),
        ("paper", paper_number(5)[:-1] + ("0" if paper_number(5)[-1] != "0" else "1"), "身份证号末位对不上"),
        ("name", "王5", "姓名只能有文字"),
        ("name", "", "这一项要填"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(secretary: Desk, cast: Cast, field: str, value: str, said: str) -> None:
    fields = {"name": "赵示新", "kind": "actual", "phone": "", "paper": "", field: value}
    if field == "paper":
        fields["paper_kind"] = "resident_id"
    answer = secretary.post("person_new", cast.a_door.id, **fields)
    assert answer.status_code == 200
    assert any(said in error for error in answer.context["form"].errors[field])
    assert answer.context["form"]["kind"].value() == "actual"
    assert len(people.people_of_door(cast.a_door.place_id)) == 2


def test_the_same_paper_twice_is_asked_about_and_taken_only_on_demand(secretary: Desk, cast: Cast) -> None:
    fields = {"name": "赵示新", "kind": "actual", "paper": PAPER}
    asked = secretary.post("person_new", cast.a_door.id, **fields)
    assert asked.context["known"] == cast.resident
    assert "名册上已有人用这个号码" in words_of(asked)
    secretary.post("person_new", cast.a_door.id, though_known="yes", **fields)
    assert len(people.people_of_door(cast.a_door.place_id)) == 3


def test_only_what_is_filled_in_is_corrected(secretary: Desk, cast: Cast) -> None:
    secretary.post("person_correct", cast.resident, phone=phone_number(88), reason="本人告知")
    seen = people.person(cast.resident)
    assert (seen.name, seen.phone) == ("王*", "154****0088")
    changes = words_of(secretary.get("history", cast.a.id, query={"of": "changes"}))
    assert phone_number(88) not in changes


def test_moving_ends_the_old_home_and_leaving_can_be_undone(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post("settle", cast.resident, where="1-2-102", kind="actual", follow=True)
    assert "已记下：住在那里" in words_of(answer)
    moved = people.person(cast.resident).homes[0]
    assert moved.door_id != cast.a_door.id
    left = secretary.post("leave", cast.resident, household=str(moved.household_id), kind="actual", follow=True)
    [notice] = [notice for notice in left.context["frame"].notices if notice.undo]
    secretary.client.post(notice.undo, notice.fields)
    assert people.person(cast.resident).homes[0].until is None


def test_an_address_outside_ones_scope_is_not_found(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post("settle", cast.resident, where=str(cast.b_door.id), kind="actual", follow=True)
    assert "不在您负责的范围内" in words_of(answer)
    assert people.person(cast.resident).homes[0].door_id == cast.a_door.id


def test_a_leader_of_a_building_sees_and_does_not_change(desk_of: Callable[[str], Desk], cast: Cast) -> None:
    from lianfang.ground.accounts.rules.roles import Role
    from lianfang.ground.accounts.types import OverPlace
    from tests.factories.accounts import account_of, grant_to

    grant_to(account_of("杨示楼", login="leader", password=True), Role.BUILDING_LEADER, OverPlace(cast.a_building.place_id))
    leader = desk_of("leader")
    assert "王*" in words_of(leader.get("place", cast.a_door.id))
    assert leader.get("person_new", cast.a_door.id).status_code == 403
    assert leader.post("person_new", cast.a_door.id, name="赵示新", kind="actual").status_code == 403
    assert len(people.people_of_door(cast.a_door.place_id)) == 2
