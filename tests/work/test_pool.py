"""The pool and the drafts: registered from the desk, Excel and the command line, solved by the process of jobs, decided by hand, confirmed."""

from __future__ import annotations

import argparse
import json
from datetime import date

import pytest
from django.db import connection

from lianfang.doors.cli import forces as cli
from lianfang.doors.cli import frame
from lianfang.ground.people import queries as people
from lianfang.ground.people.types import NewPerson
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import PersonId, new_id
from lianfang.work.mobilisation import commands, lists, queries
from lianfang.work.mobilisation.commands.forces import check
from lianfang.work.mobilisation.models import Assignment, Draft, Force, Need, Withdrawal
from lianfang.work.mobilisation.types import (
    Came,
    ConsentMissing,
    DoesNotFit,
    DraftNotFound,
    DraftNotReady,
    DraftStale,
    DraftState,
    FloorAndCap,
    ForceNotFound,
    ForceSeen,
    GoesElsewhere,
    InThePool,
    KeptAway,
    NeedKind,
    NeedNotFound,
    NeedSeen,
    NewForce,
    NewNeed,
    NotOfAge,
    PlaceFull,
    Skill,
    Times,
)
from tests.factories.cast import Cast
from tests.factories.people import paper_number, phone_number


def volunteer(cast: Cast, name: str, order: int, *able: Skill | Times, born: date = date(1980, 5, 4), **more: object) -> ForceSeen:
    person = NewPerson(PersonId(new_id()), name, paper=paper_number(order, born), phone=phone_number(order))
    new = NewForce(person, Came.VOLUNTEER, cast.a_building.place_id, able, consents=True, **more)
    return commands.register(new, by=cast.secretary)


def post(cast: Cast, name: str, floor: int = 1, **more: object) -> list[NeedSeen]:
    more.setdefault("cap", max(floor, 1))
    return commands.ask_for(NewNeed(name, NeedKind.POST, cast.a.place_id, floor, **more), by=cast.secretary)


def test_volunteers_consent_are_masked_and_are_forgotten_when_they_withdraw(cast: Cast) -> None:
    person = NewPerson(PersonId(new_id()), "李示例", phone=phone_number(71))
    with cast.as_web(cast.secretary):
        with pytest.raises(ConsentMissing):
            commands.register(NewForce(person, Came.VOLUNTEER, cast.a.place_id), by=cast.secretary)
        told = commands.register(NewForce(person, Came.VOLUNTEER, cast.a.place_id, (Skill.MEDICAL,), consents=True), by=cast.secretary)
        assert (told.name, told.able, told.of_age) == ("李*", (Skill.MEDICAL,), False)
        again = NewPerson(PersonId(new_id()), "李示例", phone=phone_number(71))
        with pytest.raises(InThePool):
            commands.register(NewForce(again, Came.VOLUNTEER, cast.a.place_id, consents=True), by=cast.secretary)
        assert queries.counts([cast.a.range]) == {Came.VOLUNTEER: 1}
    with cast.as_web(cast.outsider):
        assert queries.forces([cast.a.range]) == []
        with pytest.raises(ForceNotFound):
            commands.withdraw(told.force_id, by=cast.outsider)
    with cast.as_web(cast.secretary):
        commands.withdraw(told.force_id, by=cast.secretary)
        assert queries.forces([cast.a.range]) == []
    assert Withdrawal.objects.get().position == cast.a.lo
    with connection.cursor() as cursor:
        cursor.execute("select name, phone_sealed from people_person where id = %s", [person.id])
        assert cursor.fetchone() == ("—", None)
        cursor.execute("select count(*) from changes_change c where to_jsonb(c)::text like '%%李示例%%'")
        assert cursor.fetchone() == (0,)


def test_a_member_living_here_and_a_cadre_are_kept_as_they_are(cast: Cast) -> None:
    new = NewForce(cast.resident, Came.MEMBER, cast.a_door.place_id, full_member=True)
    told = commands.register(new, by=cast.secretary)
    assert (told.of_age, told.full_member) == (True, True)
    with pytest.raises(InThePool):
        commands.register(new, by=cast.secretary)
    with pytest.raises(NotFound):
        commands.register(NewForce(cast.stranger, Came.MEMBER, cast.a_door.place_id), by=cast.outsider)
    commands.release(told.force_id, by=cast.secretary)
    assert queries.forces([cast.a.range]) == []
    assert Force.objects.get().valid_to == clock.today()
    assert people.person(cast.resident).name == "王*"


def test_nobody_under_eighteen_or_of_unknown_age_stands_where_there_is_a_risk(cast: Cast) -> None:
    young = volunteer(cast, "孙示例", 72, born=date(clock.today().year - 17, 1, 1))
    unknown = commands.register(
        NewForce(NewPerson(PersonId(new_id()), "周示例"), Came.VOLUNTEER, cast.a.place_id, consents=True), by=cast.secretary
    )
    [risky] = post(cast, "卡口夜岗", 2, risky=True)
    [plain] = post(cast, "物资分拣", 1)
    for one in (young, unknown):
        with pytest.raises(NotOfAge):
            commands.pin(one.force_id, risky.need_id, by=cast.secretary)
    # A need whose requirement was tampered with still asks for age.
    Need.objects.filter(pk=risky.need_id).update(require=0)
    with pytest.raises(NotOfAge):
        check(Force.objects.get(pk=young.force_id), Need.objects.get(pk=risky.need_id))
    draft = commands.make(commands.ask_for_draft(cast.a.place_id, by=cast.secretary).draft_id, by=cast.secretary)
    by_need = {row.need_id: row for row in queries.needs([cast.a.range], draft.draft_id)}
    assert (by_need[risky.need_id].gets, by_need[risky.need_id].missing, by_need[risky.need_id].why) == (0, 2, "nobody")
    assert by_need[plain.need_id].gets == 1


def test_a_draft_is_made_by_the_process_of_jobs_decided_by_hand_and_confirmed(town: Cast) -> None:
    doctor = volunteer(town, "吴示例", 73, Skill.MEDICAL)
    driver = volunteer(town, "郑示例", 74, Skill.DRIVING)
    homely = volunteer(town, "冯示例", 75, only_in=town.b.place_id)
    member = commands.register(NewForce(town.resident, Came.MEMBER, town.a_door.place_id, full_member=True), by=town.secretary)
    [clinic] = post(town, "医疗点", 1, require=(Skill.MEDICAL,))
    led, team = post(town, "先锋队", 3, led_by_member=True)
    assert (led.full_member, led.floor, team.floor) == (True, 1, 2)
    with pytest.raises(FloorAndCap):
        post(town, "坏", 2, cap=1)
    with pytest.raises(DoesNotFit):
        commands.pin(driver.force_id, clinic.need_id, by=town.secretary)
    with pytest.raises(GoesElsewhere):
        commands.pin(homely.force_id, team.need_id, by=town.secretary)
    with pytest.raises(Denied):
        commands.ask_for(NewNeed("岗", NeedKind.POST, town.a_building.place_id, 1, 1), by=town.grid_worker)

    asked = commands.ask_for_draft(town.a.place_id, by=town.secretary)
    assert commands.ask_for_draft(town.a.place_id, by=town.secretary).draft_id == asked.draft_id
    with pytest.raises(DraftNotReady):
        commands.confirm(asked.draft_id, by=town.secretary)
    # A process began to solve it this moment, and died: it is taken up at once.
    Draft.objects.filter(pk=asked.draft_id).update(state=DraftState.SOLVING, changed_at=clock.now())
    assert commands.work_off() == 1
    assert commands.work_off() == 0
    told = queries.draft(asked.draft_id)
    assert (told.state, told.sent, told.short, told.cost["shortfall"] > 0) == (DraftState.READY, 3, 1, True)
    assert told.gap is not None
    assert told.gap < 0.01
    there = queries.people_at([clinic.need_id, led.need_id, team.need_id], told.draft_id)
    assert {need: [one.force_id for one in sent] for need, sent in there.items()} == {
        clinic.need_id: [doctor.force_id], led.need_id: [member.force_id], team.need_id: [driver.force_id],
    }  # fmt: skip
    [short] = queries.needs([town.a.range], told.draft_id, short_only=True)
    assert (short.need_id, short.missing, short.why, short.free) == (team.need_id, 1, "kept_away", 1)
    confirmed = commands.confirm(told.draft_id, by=town.secretary)
    assert confirmed.state is DraftState.CONFIRMED
    assert commands.confirm(told.draft_id, by=town.secretary) == confirmed
    assert queries.sent_to(doctor.force_id) == clinic.need_id
    assert queries.needs([town.a.range])[0].has + queries.needs([town.a.range])[1].has + queries.needs([town.a.range])[2].has == 3
    the_rest_by_hand(town, doctor, driver, member, (clinic, led, team))


def the_rest_by_hand(town: Cast, doctor: ForceSeen, driver: ForceSeen, member: ForceSeen, needs: tuple[NeedSeen, ...]) -> None:
    clinic, led, team = needs
    # By hand: the doctor not there, the driver pinned where the doctor was wanted last.
    commands.keep_away(doctor.force_id, clinic.need_id, by=town.secretary, reason="本人要求")
    with pytest.raises(KeptAway):
        commands.pin(doctor.force_id, clinic.need_id, by=town.secretary)
    commands.pin(driver.force_id, team.need_id, by=town.secretary)
    again = commands.make(commands.ask_for_draft(town.a.place_id, by=town.secretary).draft_id, by=town.secretary)
    late = commands.ask_for_draft(town.a.place_id, by=town.secretary)
    commands.make(late.draft_id, by=town.secretary)
    commands.confirm(again.draft_id, by=town.secretary)
    assert queries.sent_to(doctor.force_id) == team.need_id
    assert queries.sent_to(driver.force_id) == team.need_id
    assert queries.sent_to(member.force_id) == led.need_id
    assert Assignment.objects.filter(valid_to=None).count() == 3
    with pytest.raises(DraftStale):
        commands.confirm(late.draft_id, by=town.secretary)
    [plain] = post(town, "一人岗", 1)
    commands.pin(member.force_id, plain.need_id, by=town.secretary)
    with pytest.raises(PlaceFull):
        commands.pin(doctor.force_id, plain.need_id, by=town.secretary)
    commands.leave_open(member.force_id, plain.need_id, by=town.secretary)

    last = commands.make(commands.ask_for_draft(town.a.place_id, by=town.secretary).draft_id, by=town.secretary)
    commands.withdraw(driver.force_id, by=town.secretary)
    assert queries.sent_to(driver.force_id) is None
    assert queries.draft(last.draft_id).sent == last.sent - 1  # who is gone is in no draft
    commands.end_need(led.need_id, by=town.secretary)
    assert queries.sent_to(member.force_id) is None
    assert [row.name for row in queries.needs([town.a.range])] == ["医疗点", "一人岗"]
    for missing, ask in ((DraftNotFound, queries.draft), (NeedNotFound, queries.need), (ForceNotFound, queries.force)):
        with pytest.raises(missing):
            ask(new_id())
    with pytest.raises(NeedNotFound):
        commands.end_need(new_id(), by=town.secretary)


def test_a_list_from_excel_is_taken_in_row_by_row(cast: Cast) -> None:
    rows = [
        ["志愿者名单"],
        ["姓名", "手机", "特长", "服务时间", "正式党员", "本人同意"],
        ["卫示例", phone_number(81), "医疗、开车", "周末", "是", "是"],
        ["蒋示例", phone_number(82), "打虎", "", "", "是"],
        ["沈示例", phone_number(83), "", "", "", ""],
        ["", "", "", "", "", ""],
    ]
    file = _book(rows)
    taken = lists.take_in(file, Came.VOLUNTEER, cast.a.place_id, by=cast.secretary)
    assert (taken.taken, [(row.number, type(row.why).__name__) for row in taken.refused]) == (
        1,
        [(4, "WordsUnknown"), (5, "ConsentMissing")],
    )
    [one] = queries.forces([cast.a.range], able=queries.asked([Skill.DRIVING, Times.WEEKENDS]))
    assert (one.full_member, one.came) == (True, Came.VOLUNTEER)
    assert lists.take_in(file, Came.VOLUNTEER, cast.a.place_id, by=cast.secretary).known == 1
    with pytest.raises(lists.NoNames):
        lists.take_in(_book([["甲", "乙"]]), Came.CADRE, cast.a.place_id, by=cast.secretary)


def _book(rows: list[list[str]]) -> bytes:
    from io import BytesIO

    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_command_line_does_the_same(town: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: object) -> dict[str, object]:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers())
        args = parser.parse_args([*(str(word) for word in words), "--json"])
        assert args.run(args) == frame.DONE
        return dict(json.loads(capsys.readouterr().out))

    def said(*words: str) -> str:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers())
        args = parser.parse_args(words)
        assert args.run(args) == frame.DONE
        return capsys.readouterr().out

    code = town.a.code
    one = run("forces", "add", code, "--came", "volunteer", "--name", "韩示例", "--able", "医疗", "--consents")
    other = run("forces", "add", code, "--came", "member", "--person", town.resident, "--full-member", "--as", "secretary.a")
    need = run("forces", "need", code, "--name", "医疗点", "--floor", 2, "--cap", 2)["needs"]
    assert run("forces", "list", code)["counts"] == {"member": 1, "volunteer": 1}
    assert [" ".join(line.split()[1:]) for line in said("forces", "list", code).splitlines()] == ["韩* 志愿者 医疗", "王* 在职党员报到"]
    [need_id] = [row["need_id"] for row in need]
    run("assign", "keep-away", one["force_id"], need_id)
    draft = run("assign", "draft", code, "--as", "secretary.a")
    assert (draft["state"], draft["sent"], draft["short"]) == ("ready", 1, 1)
    run("assign", "leave-open", one["force_id"], need_id)
    run("assign", "pin", one["force_id"], need_id)
    draft = run("assign", "draft", code)
    shown = run("assign", "show", draft["draft_id"])
    assert [(row["gets"], row["missing"]) for row in shown["needs"]] == [(2, 0)]
    assert run("assign", "confirm", draft["draft_id"])["state"] == "confirmed"
    run("forces", "release", other["force_id"])
    run("forces", "withdraw", one["force_id"])
    assert run("forces", "list", code)["forces"] == []
    assert run("assign", "draft", code)["state"] == "empty"
