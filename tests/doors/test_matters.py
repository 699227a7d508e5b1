"""Matters, records that wait, and duty."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils.dateparse import parse_datetime

from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import MatterId, RecordId
from lianfang.ledger import chores
from lianfang.ledger import queries as ledger
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.errands import About
from lianfang.work.matters import commands, queries
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.rounds import commands as rounds
from tests.doors.conftest import Desk, fold_all, signed_in, words_of
from tests.factories.cast import Cast
from tests.factories.people import household_at
from tests.ledger.recount import table
from tests.ledger.sending import record, send


def raised(town: Cast, *, hours: int = 24) -> MatterId:
    saved = commands.raise_matter(
        town.a_door.place_id, About.HELP_WANTED, clock.now() + timedelta(hours=hours), by=town.grid_worker, remark="老人没有药了"
    )
    fold_all()
    return MatterId(saved.record_id)


def test_what_waits_for_me_comes_first_on_the_first_page(town: Cast) -> None:
    raised(town, hours=-2)
    desk = Desk(signed_in("secretary.a"))
    home = desk.get("home")
    assert next((str(todo.text), todo.tone) for todo in home.context["todos"]) == ("我的事项超时", "late")
    assert "已超2小时" in words_of(desk.get("matters"))
    [entry] = [entry for entry in home.context["frame"].navigation if entry.count]
    assert (entry.count, entry.late) == (1, True)


def test_a_matter_shows_what_was_told_sealed_to_those_who_settle_it(town: Cast) -> None:
    matter = raised(town)
    assert "老人没有药了" in words_of(Desk(signed_in("secretary.a")).get("matter", matter))
    assert Desk(signed_in("secretary.b")).get("matter", matter).status_code == 404


def test_settling_needs_an_outcome_and_can_be_taken_back(town: Cast) -> None:
    matter, desk = raised(town), Desk(signed_in("secretary.a"))
    assert "这一项要填" in words_of(desk.post("matter_settle", matter))
    settled = desk.post("matter_settle", matter, settlement="done", remark="药已送到", follow=True)
    [notice] = [notice for notice in settled.context["frame"].notices if notice.undo]
    fold_all()
    assert queries.matter(matter).settled_at is not None
    assert "药已送到" in words_of(desk.get("matter", matter))
    desk.client.post(notice.undo)
    fold_all()
    assert queries.matter(matter).settled_at is None


def test_handing_over_settles_the_first_and_raises_one_for_the_new_owner(town: Cast) -> None:
    matter, desk = raised(town), Desk(signed_in("secretary.a"))
    desk.post("matter_hand_over", matter, owner=str(town.grid_worker.account_id), due_at="2027-01-05T18:00")
    fold_all()
    first = queries.matter(matter)
    [second] = queries.matters([town.a.range])
    assert first.settlement == "handed_over"
    assert (second.owner, second.cause, second.due_at) == (
        town.grid_worker.account_id,
        RecordId(matter),
        parse_datetime("2027-01-05T10:00:00+00:00"),
    )


def test_a_matter_goes_only_to_somebody_who_answers_there(town: Cast) -> None:
    matter, desk = raised(town), Desk(signed_in("secretary.a"))
    desk.post("matter_hand_over", matter, owner=str(town.outsider.account_id), due_at="2027-01-05T18:00")
    fold_all()
    assert queries.matter(matter).settled_at is None


def test_raising_at_a_door_names_the_secretary_where_nobody_is_chosen(town: Cast) -> None:
    desk = Desk(signed_in("grid.a"))
    desk.post("matter_new", town.a_door.id, about="other", due_at="2027-01-05T18:00", remark="楼道灯坏了")
    fold_all()
    [matter] = queries.matters([town.a.range])
    assert matter.owner == town.secretary.account_id
    assert "<h1>其他事项</h1>" in desk.get("matter", matter.id).content.decode()


def test_a_visit_that_asks_for_help_becomes_a_matter_without_anybody_typing_it(town: Cast) -> None:
    rounds.record_visit(town.a_door.place_id, Outcome.SEEN, by=town.grid_worker, wants_help=True)
    fold_all()
    fold_all()
    assert "居民求助" in words_of(Desk(signed_in("secretary.a")).get("matters"))


def test_the_secretary_takes_or_turns_down_what_lies_outside_its_authors_grant(town: Cast) -> None:
    two = [record(town.a_door.id, payload={"outcome": outcome}) for outcome in ("seen", "dark")]
    for one in two:
        send(one, author=town.account("secretary.b"))
    desk = Desk(signed_in("secretary.a"))
    page = words_of(desk.get("quarantine"))
    assert "孙示乙" in page
    assert "1栋1单元101" in page
    desk.post("decide", two[0]["id"], decision="take")
    desk.post("decide", two[1]["id"], decision="reject")
    assert [line.payload["outcome"] for line in ledger.history([town.a_door.range])] == ["seen"]
    assert "没有待审的记录" in words_of(desk.get("quarantine"))


def test_nobody_decides_about_records_of_another_community(town: Cast) -> None:
    one = record(town.a_door.id)
    send(one, author=town.account("secretary.b"))
    other = Desk(signed_in("secretary.b"))
    assert other.post("decide", one["id"], decision="take").status_code == 404
    assert ledger.history([town.a_door.range]) == []
    assert other.get("quarantine").context["waiting"] == []


def test_coming_on_duty_shows_at_once_who_is_there(town: Cast) -> None:
    desk = Desk(signed_in("secretary.a"))
    desk.post("duty_record", duty="on", place=str(town.a.id))
    fold_all()
    assert "刘示甲" in words_of(desk.get("duty"))
    assert "在岗" in words_of(desk.get("place", town.a.id))
    desk.post("duty_record", duty="off", place=str(town.a.id))
    fold_all()
    assert mobilisation.on_duty([town.a.range]) == []


def test_duty_is_recorded_only_where_one_serves(town: Cast) -> None:
    """Nobody, the wrong place, somebody else's duty and what is no place: refused, and the book stays as it was."""
    desk = Desk(signed_in("secretary.a"))
    nobody = Desk(Client())
    assert nobody.post("duty_record", duty="on", place=str(town.a.id)).status_code == 302
    assert desk.post("duty_record", duty="on", place=str(town.b.id)).status_code == 404
    assert desk.post("duty_record", duty="on", place="nowhere").status_code == 404
    assert desk.post("duty_record", duty="off", place=str(town.a.id)).status_code == 409, "who is not on duty cannot go off"
    assert table("ledger_record") == []
    grid = Desk(signed_in("grid.a"))
    grid.post("duty_record", duty="on", place=str(town.a_building.id))
    fold_all()
    assert desk.post("duty_record", duty="off", place=str(town.a_building.id)).status_code == 409, "one goes off for oneself"
    assert nobody.post("duty_record", duty="off", place=str(town.a_building.id)).status_code == 302
    assert [spell.account_id for spell in mobilisation.on_duty([town.a.range])] == [town.account("grid.a")]
    assert len(table("ledger_record")) == 1
    grid.post("duty_record", duty="off", place=str(town.a_building.id))
    fold_all()
    assert mobilisation.on_duty([town.a.range]) == []


def test_one_person_in_two_communities_is_a_matter_for_each_secretary_and_shows_nothing_of_the_other_side(town: Cast) -> None:
    doors = [place for place in places.doors_of(town.a_building) if place.id != town.a_door.id]
    b_door = next(place for place in places.doors_of(town.b_building) if place.id != town.b_door.id)
    _, [here] = household_at(doors[0].place_id, "赵示范", order=81)
    _, [there] = household_at(b_door.place_id, "赵示例", order=81)  # the same paper under a name of its own
    household_at(doors[1].place_id, "孙示一", order=83)
    household_at(doors[2].place_id, "孙示一", order=83)  # one community, two doors
    household_at(doors[3].place_id, "周示一", order=85)
    household_at(doors[3].place_id, "周示一", order=85)  # two rows of one door: no matter
    chores.do_what_is_due()
    chores.do_what_is_due()
    fold_all()
    mine = {one.place_id: one for one in queries.matters_of(town.account("secretary.a")) if one.about is About.LISTED_TWICE}
    [theirs] = queries.matters_of(town.account("secretary.b"))
    assert set(mine) == {doors[0].place_id, doors[2].place_id}
    assert theirs.place_id == b_door.place_id
    desk, other = Desk(signed_in("secretary.a")), Desk(signed_in("secretary.b"))
    page = words_of(desk.get("matter", mine[doors[0].place_id].id))
    assert all(words in page for words in ("一人两处登记", "赵*", "乙社区", "孙示乙")), page
    html = desk.get("matter", mine[doors[0].place_id].id).content.decode()
    assert str(here) in html
    assert str(there) not in html
    assert other.get("matter", mine[doors[0].place_id].id).status_code == 404
    html = other.get("matter", theirs.id).content.decode()
    assert str(there) in html
    assert str(here) not in html
    assert other.get("person", here).status_code == 404
    assert "本社区另一处" in words_of(desk.get("matter", mine[doors[2].place_id].id))
    # A says that the person has left, and both settle; nothing is raised again.
    [home] = {one.household_id for one in people.person(here).homes}
    for kind in ("actual", "registered"):
        desk.post("leave", here, household=str(home), kind=kind)
    assert "已不在" in words_of(desk.get("matter", mine[doors[0].place_id].id))
    desk.post("matter_settle", mine[doors[0].place_id].id, settlement="done")
    other.post("matter_hand_over", theirs.id, owner=str(town.outsider.account_id), due_at="2027-01-05T18:00")
    fold_all()
    assert queries.matter(mine[doors[0].place_id].id).settlement == "done"
    [again] = queries.matters_of(town.account("secretary.b"))
    assert "甲社区" in words_of(other.get("matter", again.id))
    assert len(queries.matters([town.a.range])) == 1
