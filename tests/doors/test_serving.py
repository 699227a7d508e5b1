"""The people of an incident: who was called, who came, where they are; and the record of service of somebody without an account."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from lianfang.ground.incidents import queries as incidents
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations.force_types import NewPost, NewTeam, PostKind, PostNotFound, TeamKind
from lianfang.ground.people.types import NewPerson
from lianfang.headquarters.playbooks.queries.service import served
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import PersonId, new_id
from lianfang.work.mobilisation import commands, queries
from lianfang.work.mobilisation.types import Answer, Came, ForceSeen, NewCall, NewForce, TimesWrong
from tests.doors.conftest import Cast, Desk, fold_all, signed_in, words_of
from tests.factories.incidents import opened
from tests.factories.people import phone_number


def volunteer(cast: Cast, name: str, order: int) -> ForceSeen:
    person = NewPerson(PersonId(new_id()), name, phone=phone_number(order))
    return commands.register(NewForce(person, Came.VOLUNTEER, cast.a.place_id, consents=True), by=cast.secretary)


def test_who_serves_in_an_incident_and_what_somebody_without_an_account_did(town: Cast) -> None:
    desk, outsider = Desk(signed_in("secretary.a")), Desk(signed_in("secretary.b"))
    here, _called_only = volunteer(town, "孙示志", 71), volunteer(town, "李示愿", 72)
    with clock.frozen(clock.now() - timedelta(hours=3)):
        incident = opened(place=town.a.place_id)
    [post] = organisations.open_posts([NewPost("东门岗", PostKind.CHECKPOINT, town.a.place_id, "查码", incident=incident)], by=None)
    organisations.man_posts([(post, here.person_id)], by=None)
    organisations.form_teams([NewTeam("服务队", TeamKind.VOLUNTEER, town.a.place_id, leader=here.person_id, incident=incident)], by=None)
    call = commands.call_up(NewCall(town.a.place_id, "集合", 3, incident=incident), by=town.secretary)
    by_person = {row.force_id: row.summons_id for row in queries.called(call.call_id)}
    commands.answer_for(by_person[here.force_id], Answer.HERE, by=town.secretary)

    # What was signed on paper is typed in: at the post, over an hour, for somebody who never has an account.
    end = clock.local(clock.now()) - timedelta(minutes=10)
    told = {"post": str(post), "begins": (end - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"), "ends": end.strftime("%Y-%m-%dT%H:%M")}
    assert outsider.post("service", here.force_id, **told).status_code == 404
    assert desk.post("service", here.force_id, **told | {"ends": told["begins"]}).status_code == 422
    assert desk.post("service", here.force_id, **told | {"post": str(new_id())}).status_code == 422
    page = words_of(desk.post("service", here.force_id, **told, follow=True))
    fold_all()
    page = words_of(desk.get("service", here.force_id))
    for word in ("服务记录：孙*", "东门岗", "1小时", "服务队"):
        assert word in page, word
    with pytest.raises(Denied):
        commands.duty_from_paper(here.person_id, town.a.place_id, end - timedelta(hours=2), end, by=town.administrator)
    with pytest.raises(PostNotFound):
        commands.duty_from_paper(here.person_id, town.street.place_id, end - timedelta(hours=2), end, by=town.city_command, post=post)
    with pytest.raises(TimesWrong):
        commands.duty_from_paper(here.person_id, town.a.place_id, end, clock.now() + timedelta(days=1), by=town.secretary)

    # Whoever is on the paper is mended as everybody is, and both stay readable.
    [spell] = queries.spells_of(here.person_id)
    later = end - timedelta(minutes=30)
    fixed = {"begins": told["begins"], "ends": later.strftime("%Y-%m-%dT%H:%M")}
    assert desk.post("spell_correct", spell.record_id, **fixed).status_code == 302
    fold_all()
    [spell] = queries.spells_of(here.person_id)
    assert spell.minutes == 30
    assert "孙*" in words_of(desk.get("attendance", town.a.id))

    # The roster: called, came, where; with those who only were called; in Excel the same.
    page = words_of(desk.get("roster_of_incident", incident))
    for word in ("孙*", "李*", "已到位", "还没答复", "还没有到岗", "东门岗", "服务队"):
        assert word in page, word
    assert outsider.get("roster_of_incident", incident).status_code == 404
    assert "李*" in words_of(desk.get("roster_of_incident", incident, query={"of": "none"}))
    file = load_workbook(BytesIO(desk.get("roster_list", incident).content))
    assert [cell.value for cell in file.worksheets[0][3]][1:] == [2, 2, 1, 1, 0]
    assert [row[1].value for row in file.worksheets[1].iter_rows(min_row=3)] == ["孙*", "李*"]
    # The letter of service counts the minutes on paper.
    [line] = served(incidents.incident(incident), None)
    assert (line["person"], line["minutes"], line["duties"]) == (here.person_id, 30, ["东门岗", "服务队"])
