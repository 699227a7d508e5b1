"""Rounds: what belongs to them, how doors stand in them, what is missing, how they end and repeat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianfang.ground.accounts import access
from lianfang.ground.changes import queries as changes
from lianfang.ground.people import commands as people_commands
from lianfang.ground.people import queries as people
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import PlaceId, new_id
from lianfang.ledger.folding import rebuilding
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import commands, queries
from lianfang.work.rounds.projections import catching_up
from lianfang.work.rounds.queries.past import coverage_then_each
from lianfang.work.rounds.types import AlreadyClosed, NewRound, NotLater, Order, Reason, RoundSeen, RoundState, SayWhy
from tests.factories.cast import Cast
from tests.factories.people import household_at
from tests.ledger.folded import fold_all
from tests.ledger.recount import table
from tests.ledger.sending import record, send


def doors(town: Cast) -> list[Place]:
    return places.doors_of(town.a_building)


def visit(door: Place, ago: int, **payload: object) -> None:
    [verdict] = send(record(door.id, payload=payload, occurred_at=clock.now() - timedelta(minutes=ago)), trusted=True)
    assert verdict.word.value == "kept", verdict.form()


def opened(town: Cast, **more: object) -> RoundSeen:
    now = clock.now()
    said: dict[str, object] = {
        "name": "第二轮敲门行动", "form": "headcount", "place": town.a.place_id, "opens_at": now - timedelta(hours=5),
        "closes_at": now + timedelta(hours=5),
    }  # fmt: skip
    return commands.open_round(NewRound(**(said | more)), by=town.secretary)  # type: ignore[arg-type]  # a test's own words


def test_a_round_counts_the_visits_of_its_time_and_area(town: Cast) -> None:
    every = doors(town)
    visit(every[0], 400, outcome="seen", people_seen=2)
    visit(every[1], 200, outcome="dark")
    told = opened(town)
    visit(every[1], 100, outcome="lit")
    visit(every[2], 50, outcome="seen", people_seen=3)
    visit(every[2], 40, outcome="seen", people_seen=1)
    fold_all()
    found = queries.coverage(told.id, [town.a.range])
    assert (found.doors, found.settled, found.open) == (8, 1, 7)
    assert found.by_outcome == {Outcome.SEEN: 1}
    assert found.by_reason == {Reason.LIT: 1, Reason.NOT_YET: 6}
    assert (found.visits, found.people_seen, found.people_times) == (4, 3, 4)
    assert queries.coverage(told.id, [town.b.range]).doors == 0
    state = queries.doors_in_round(told.id, [every[1].place_id])[every[1].place_id]
    assert (state.settled, state.reason, state.tries, state.visits) == (False, Reason.LIT, 2, 2)
    assert all(one.same for one in rebuilding.rebuild(check=True))


def test_the_missing_doors_come_as_one_walks_page_by_page(town: Cast) -> None:
    every = doors(town)
    told = opened(town)
    visit(every[3], 20, outcome="seen")
    visit(every[4], 20, outcome="dark")
    fold_all()
    walked = [
        every[number] for number in sorted(range(8), key=lambda n: (every[n].parent_id and every[n].parent.lo, -(every[n].floor or 0), n))
    ]
    expected = [door.place_id for door in walked if door.id != every[3].id]
    found, after = [], None
    while page := queries.missing(told.id, [town.a.range], after=after, limit=3):
        found += page
        after = page[-1].position
    assert [one.place_id for one in found] == expected
    by_number = queries.missing(told.id, [town.a.range], order=Order.POSITION)
    assert [one.place_id for one in by_number] == [door.place_id for door in every if door.id != every[3].id]
    dark = queries.missing(told.id, [town.a.range], reason=Reason.DARK)
    assert [(one.place_id, one.tries, one.reason) for one in dark] == [(every[4].place_id, 1, Reason.DARK)]
    assert dark[0].next_at is not None
    assert len(queries.missing(told.id, [town.a.range], reason=Reason.NOT_YET)) == 6
    part = queries.missing(told.id, [every[0].range, every[4].range])
    assert {one.place_id for one in part} == {every[0].place_id, every[4].place_id}
    assert [one.place_id for one in queries.due(told.id, [town.a.range], clock.now() + timedelta(days=2))] == [every[4].place_id]
    assert queries.due_count([told.id], [town.a.range], clock.now() + timedelta(days=2)) == 1


def test_a_door_closes_when_each_of_its_households_has_an_outcome(town: Cast) -> None:
    door = doors(town)[1]
    one, other = new_id(), new_id()
    told = opened(town)
    visit(door, 50, outcome="seen", household=str(one), households=2)
    fold_all()
    assert queries.coverage(told.id, [door.range]).by_reason == {Reason.HOUSEHOLD: 1}
    visit(door, 40, outcome="dark", household=str(other), households=2)
    fold_all()
    assert queries.coverage(told.id, [door.range]).by_reason == {Reason.DARK: 1}
    visit(door, 30, outcome="phone", household=str(other), households=2)
    fold_all()
    assert queries.coverage(told.id, [door.range]).by_outcome == {Outcome.PHONE: 1}
    visit(door, 20, outcome="lit")
    fold_all()
    assert queries.coverage(told.id, [door.range]).by_reason == {Reason.LIT: 1}


def test_a_household_that_comes_after_a_door_was_closed_opens_it_again(town: Cast) -> None:
    here, there = doors(town)[1:3]
    told = opened(town, opens_at=clock.now() - timedelta(days=3))
    people_commands.add_household(there.place_id, by=None, since=clock.today() - timedelta(days=20))
    visit(here, 60 * 25, outcome="vacant")
    visit(there, 10, outcome="seen", people_seen=1)
    fold_all()
    assert queries.coverage(told.id, [town.a.range]).settled == 2
    newcomer, _people = household_at(here.place_id, "钱示例", order=71)
    same_day = people_commands.add_household(there.place_id, by=None)
    lived_there = people_commands.add_household(there.place_id, by=None, since=clock.today() - timedelta(days=9))
    fold_all()
    assert queries.coverage(told.id, [town.a.range]).by_reason == {Reason.HOUSEHOLD: 2, Reason.NOT_YET: 6}
    yesterday = clock.today() - timedelta(days=1)
    assert coverage_then_each(told.id, [[town.a.range]], yesterday)[0].by_outcome == {Outcome.VACANT: 1}
    missing = queries.missing(told.id, [town.a.range], reason=Reason.HOUSEHOLD)
    assert {one.place_id for one in missing} == {here.place_id, there.place_id}
    people_commands.end_household(same_day, by=None)
    visit(here, 0, outcome="seen", household=str(newcomer), households=1)
    fold_all()
    assert queries.coverage(told.id, [town.a.range]).by_outcome == {Outcome.SEEN: 2}
    people_commands.rename_household(lived_there, "示例", by=None)
    assert not catching_up.catch_up()
    assert all(one.same for one in rebuilding.rebuild(check=True))


def test_the_first_list_of_a_door_where_people_were_met_leaves_it_closed(town: Cast) -> None:
    met, listed, empty, away = doors(town)[1:5]
    told = opened(town)
    people_commands.add_household(listed.place_id, by=None, since=clock.today() - timedelta(days=20))
    for door, outcome in ((met, "seen"), (listed, "seen"), (empty, "moved"), (away, "away")):
        visit(door, 10, outcome=outcome)
    fold_all()
    for door in (met, met, listed, empty, away):  # two households share the first list of a door
        people_commands.add_household(door.place_id, by=None)
    fold_all()
    found = queries.coverage(told.id, [town.a.range])
    assert (found.by_outcome, found.by_reason) == ({Outcome.SEEN: 1, Outcome.AWAY: 1}, {Reason.HOUSEHOLD: 2, Reason.NOT_YET: 4})
    missing = queries.missing(told.id, [town.a.range], reason=Reason.HOUSEHOLD)
    assert {one.place_id for one in missing} == {listed.place_id, empty.place_id}
    assert all(one.same for one in rebuilding.rebuild(check=True))


def test_a_round_opened_over_many_visits_takes_them_in_bit_by_bit(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catching_up, "AT_ONCE", 2)
    every = doors(town)
    for door in every[:5]:
        visit(door, 100, outcome="seen")
    visit(every[5], 1000, outcome="seen")
    fold_all()
    area = laying.found_area(
        AreaKind.COMPOUND, "示例小区", town.a.place_id, [every[0].place_id, *(one.place_id for one in every[2:])], by=None
    )
    told = opened(town, place=None, area=getattr(area, "area_id", area))
    assert queries.one(told.id).taking_in
    steps = [(queries.coverage(told.id, [town.a.range]).settled, round(queries.share_taken_in(told.id), 2))]
    while catching_up.earlier_step():
        steps.append((queries.coverage(told.id, [town.a.range]).settled, round(queries.share_taken_in(told.id), 2)))
    assert [settled for settled, _share in steps] == [0, 1, 3, 4, 4]
    assert steps[0][1] == 0
    assert steps[-1][1] == 1
    assert not queries.one(told.id).taking_in
    fold_all()
    assert all(one.same for one in rebuilding.rebuild(check=True))


def test_a_building_that_moves_while_its_visits_are_taken_in_is_gone_over_again(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catching_up, "AT_ONCE", 2)
    here, there = doors(town), places.doors_of(town.b_building)
    for door in (*here[:2], *there[:3]):
        visit(door, 100, outcome="seen")
    fold_all()
    whole = NewRound(
        "示例", "headcount", clock.now() + timedelta(hours=5), opens_at=clock.now() - timedelta(hours=5), place=town.street.place_id
    )
    told = commands.open_round(whole, by=access.local_administrator())
    while queries.coverage(told.id, [town.street.range]).settled < 4:
        assert catching_up.earlier_step()
    laying.move(town.b_building.place_id, town.a.place_id, by=None)
    while catching_up.earlier_step():
        pass
    assert queries.coverage(told.id, [town.street.range]).settled == 5, "the third door stands where the walk had been"
    assert all(one.same for one in rebuilding.rebuild(check=True))


def test_a_round_is_given_more_time(town: Cast) -> None:
    every = doors(town)
    now = clock.now()
    told = opened(town, opens_at=now - timedelta(hours=20), closes_at=now + timedelta(hours=2), repeat_days=1)
    with pytest.raises(SayWhy):
        commands.extend_round(told.id, now + timedelta(days=1), by=town.secretary, reason=" ")
    with pytest.raises(NotLater):
        commands.extend_round(told.id, now + timedelta(hours=1), by=town.secretary, reason="示例")
    with pytest.raises(NotFound):
        commands.extend_round(told.id, now + timedelta(days=1), by=town.outsider, reason="示例")
    later = commands.extend_round(told.id, now + timedelta(hours=9), by=town.secretary, reason="雨大，示例")
    assert (later.closes_at, later.first_closes_at) == (now + timedelta(hours=9), told.closes_at)
    [change] = [one for one in changes.changes_of_row("rounds_round", told.id) if one.action == "update"]
    assert (change.reason, change.actor) == ("雨大，示例", town.secretary.account_id)
    with clock.frozen(now + timedelta(hours=5)):
        visit(every[1], 0, outcome="seen")
        fold_all()
        assert queries.end_statement(told.id, [town.a.range]) is None
        following = queries.rounds([town.a.range])[0]
        assert (following.number, following.closes_at - following.opens_at) == (2, timedelta(hours=22))
    with clock.frozen(now + timedelta(hours=10)):
        fold_all()
        stated = queries.end_statement(told.id, [town.a.range])
        assert stated is not None
        assert (stated.settled, stated.doors) == (1, 8)
        with pytest.raises(AlreadyClosed):
            commands.extend_round(told.id, now + timedelta(days=2), by=town.secretary, reason="示例")


def test_the_end_is_stated_once_and_later_records_are_revisions(town: Cast) -> None:
    every = doors(town)
    told = opened(town)
    visit(every[0], 30, outcome="seen")
    visit(every[1], 30, outcome="refused")
    fold_all()
    assert queries.end_statement(told.id, [town.a.range]) is None
    ended = commands.close_round(told.id, by=town.secretary)
    assert ended.state(clock.now()) is RoundState.CLOSED
    fold_all()
    stated = queries.end_statement(told.id, [town.a.range])
    assert stated is not None
    assert (stated.doors, stated.settled, stated.unreached) == (8, 1, {Reason.REFUSED: 1, Reason.NOT_YET: 6})
    visit(every[2], 20, outcome="phone")
    visit(every[3], 0, outcome="seen")
    fold_all()
    stated = queries.end_statement(told.id, [town.a.range])
    assert stated is not None
    assert (stated.settled, stated.revised_by, sum(stated.unreached.values())) == (1, 1, 7)
    assert all(one.same for one in rebuilding.rebuild(check=True))


def test_rounds_repeat_and_compare(town: Cast) -> None:
    every = doors(town)
    now = clock.now()
    first = opened(
        town, opens_at=now - timedelta(days=2), closes_at=now + timedelta(minutes=30) - timedelta(days=1) + timedelta(days=1), repeat_days=3
    )
    visit(every[0], 60 * 30, outcome="seen")
    visit(every[1], 60 * 30, outcome="seen")
    fold_all()
    assert [one.number for one in queries.rounds([town.a.range])] == [1]
    later = now + timedelta(days=1, minutes=5)
    with clock.frozen(later):
        fold_all()
        assert [one.number for one in queries.rounds([town.a.range])] == [2, 1]
        second = queries.rounds([town.a.range])[0]
        send(
            record(every[1].id, occurred_at=later - timedelta(minutes=1)),
            record(every[2].id, occurred_at=later - timedelta(minutes=1)),
            trusted=True,
        )
        fold_all()
        found = queries.compare(first.id, second.id, [town.a.range])
        assert (found.settled_in_both, found.only_in_first, found.only_in_second, found.open_in_both) == (1, 1, 1, 5)
        assert (found.first.settled, found.second.settled) == (2, 2)
        assert len(queries.in_series(first.series)) == 2


def test_an_area_leaves_out_what_it_excludes(town: Cast) -> None:
    every = doors(town)
    area = laying.found_area(AreaKind.COMPOUND, "示例小区", town.a.place_id, [town.a_building.place_id], by=None)
    area_id = getattr(area, "area_id", area)
    laying.exclude(area_id, [every[0].place_id], by=None)
    told = opened(town, place=None, area=area_id)
    visit(every[0], 20, outcome="seen")
    visit(every[1], 20, outcome="seen")
    fold_all()
    found = queries.coverage(told.id, [town.a.range])
    assert (found.doors, found.settled) == (7, 1)
    assert {row["place"] for row in table("rounds_rounddoor")} == {every[1].id}


def test_who_may_open_a_round(town: Cast) -> None:
    new = NewRound(name="示例", form="headcount", closes_at=clock.now() + timedelta(days=1), place=PlaceId(town.a.id))
    with pytest.raises(NotFound):
        commands.open_round(new, by=town.outsider)
    with pytest.raises(Denied):
        commands.open_round(new, by=town.administrator)
    assert table("rounds_round") == []


def test_lights_are_set_against_the_list(town: Cast) -> None:
    door = town.a_door
    assert people.people_of_door(door.place_id)
    visit(door, 10, outcome="seen", people_seen=2, unlisted=1, unseen=1)
    visit(door, 5, outcome="lit")
    empty = next(one for one in doors(town) if not people.people_of_door(one.place_id))
    visit(empty, 5, outcome="lit")
    fold_all()
    raised = [(row["about"], row["place"]) for row in table("matters_matter")]
    assert sorted(raised) == sorted([("people_unlisted", door.id), ("people_unseen", door.id), ("people_unlisted", empty.id)])
    assert all(row["owner"] is not None for row in table("matters_matter"))
    fold_all()
    assert len(table("matters_matter")) == 3


def test_arrivals_add_up_and_are_followed_up(town: Cast) -> None:
    today = clock.today()
    commands.record_arrival(
        town.a_door.place_id, today - timedelta(days=3), by=town.secretary, from_code="420100000000", rule="health_watch_3"
    )
    commands.record_arrival(town.a_door.place_id, today - timedelta(days=4), by=town.secretary, from_country="JP", rule="health_watch_3")
    commands.record_arrival(town.a_door.place_id, today, by=town.secretary, from_code="220100000000")
    fold_all()
    found = queries.arrival_count([town.a.range], today)
    assert (found.total, found.following) == (3, 1)
    assert queries.arrival_count([town.a.range], today - timedelta(days=1)).following == 2
    assert len(queries.arrivals([town.a.range], today)) == 3
    assert queries.arrival_count([town.b.range], today).total == 0
