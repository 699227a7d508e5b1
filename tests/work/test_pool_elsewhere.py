"""People of the pool who are sent or called to another community: their own desk can let them go and send them anew, and they are erased."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from lianfang.ground.people import commands as people
from lianfang.ground.people import queries as person_queries
from lianfang.ground.people.privacy import Privacy
from lianfang.ground.people.types import NewPerson, PersonNotFound, ResidenceKind
from lianfang.ground.places.models import Place
from lianfang.kernel import carriers, erasers
from lianfang.kernel.ids import PersonId, new_id
from lianfang.work.mobilisation import commands, queries
from lianfang.work.mobilisation.models import Assignment, Call, Dispatch, Force, Line, Summons, Wish, Withdrawal
from lianfang.work.mobilisation.privacy import CLASSES
from lianfang.work.mobilisation.types import Came, ForceSeen, NeedKind, NeedSeen, NewCall, NewForce, NewNeed
from tests.factories.cast import Cast
from tests.factories.people import phone_number


def volunteer(cast: Cast, name: str = "李示例", order: int = 71) -> ForceSeen:
    person = NewPerson(PersonId(new_id()), name, phone=phone_number(order))
    return commands.register(NewForce(person, Came.VOLUNTEER, cast.a.place_id, consents=True), by=cast.secretary)


def post(place: Place, cast: Cast, **more: object) -> NeedSeen:
    [need] = commands.ask_for(NewNeed("卡口", NeedKind.POST, place.place_id, 1, 1, **more), by=cast.city_command)
    return need


def sent_to_b(cast: Cast) -> tuple[ForceSeen, NeedSeen]:
    """Somebody of A, whom the city sends to B, and calls there."""
    one, need = volunteer(cast), post(cast.b, cast)
    commands.pin(one.force_id, need.need_id, by=cast.city_command, reason="示例")
    drafted = commands.make(commands.ask_for_draft(cast.city.place_id, by=cast.city_command).draft_id, by=cast.city_command)
    commands.confirm(drafted.draft_id, by=cast.city_command)
    commands.call_up(NewCall(cast.city.place_id, "集合", 1), by=cast.city_command)
    Summons.objects.update(position=cast.b.lo)
    Dispatch.objects.update(position=cast.b.lo)
    assert queries.sent_to(one.force_id) == need.need_id
    return one, need


def test_somebody_sent_and_called_elsewhere_can_withdraw_at_their_own_desk(cast: Cast) -> None:
    one, need = sent_to_b(cast)
    with cast.as_web(cast.secretary):
        commands.withdraw(one.force_id, by=cast.secretary)
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
    assert [Assignment.objects.get().valid_to is None, queries.needs([cast.b.range])[0].has] == [False, 0]
    assert not any(table.objects.exists() for table in (Force, Line, Wish, Summons, Dispatch))
    assert queries.need(need.need_id).has == 0


def test_a_draft_of_their_own_desk_sends_them_anew(cast: Cast) -> None:
    one, _need = sent_to_b(cast)
    Wish.objects.all().delete()
    here = post(cast.a, cast)
    with cast.as_web(cast.secretary):
        asked = commands.ask_for_draft(cast.a.place_id, by=cast.secretary)
    commands.make(asked.draft_id, by=cast.secretary)
    with cast.as_web(cast.secretary):
        commands.confirm(asked.draft_id, by=cast.secretary)
    assert queries.sent_to(one.force_id) == here.need_id
    assert Assignment.objects.filter(valid_to=None).count() == 1


def test_who_is_listed_at_a_door_by_now_is_not_blanked_when_they_withdraw(cast: Cast) -> None:
    one = volunteer(cast)
    people.settle(one.person_id, cast.household, ResidenceKind.ACTUAL, by=None)
    with cast.as_web(cast.secretary):
        commands.withdraw(one.force_id, by=cast.secretary)
        assert person_queries.person(one.person_id).name == "李*"


def test_nobody_puts_a_person_on_the_list_whom_they_may_not_see(cast: Cast) -> None:
    with cast.as_web(cast.secretary), pytest.raises(PersonNotFound):
        commands.register(NewForce(cast.stranger, Came.MEMBER, cast.a_door.place_id), by=cast.secretary)
    assert not Force.objects.exists()


def test_what_came_for_an_incident_goes_with_its_book(cast: Cast) -> None:
    one, need = sent_to_b(cast)
    other = volunteer(cast, "张示例", 72)
    Force.objects.filter(pk=other.force_id).update(book=None)
    [book] = set(Force.objects.exclude(book=None).values_list("book", flat=True)) | set(Call.objects.values_list("book", flat=True))
    person = Force.objects.get(pk=one.force_id).person
    assert erasers.erasers()["mobilisation"](book) == 2
    assert [row.id for row in Force.objects.all()] == [other.force_id]
    assert not any(table.objects.exists() for table in (Call, Summons, Dispatch, Line, Wish))
    assert Withdrawal.objects.count() == 0  # nobody withdrew
    assert queries.need(need.need_id).has == 0
    assert Assignment.objects.get().force == one.force_id  # what was served stays, without anybody's name
    with connection.cursor() as cursor:
        cursor.execute("select name, phone_sealed from people_person where id = %s", [person])
        assert cursor.fetchone() == ("—", None)


def test_every_field_has_a_privacy_class_and_every_position_follows_its_place() -> None:
    models = list(apps.get_app_config("mobilisation").get_models())
    assert {name: set(fields) for name, fields in CLASSES.items()} == {
        model.__name__: {field.name for field in model._meta.get_fields()} for model in models
    }
    sensitive = {name for fields in CLASSES.values() for name, privacy in fields.items() if privacy is Privacy.SENSITIVE}
    assert sensitive == {"mail_sealed"}  # the rest of that class stays with the person
    assert {model._meta.db_table for model in models} - {one.table for one in carriers.carriers()} == {"mobilisation_presence"}
