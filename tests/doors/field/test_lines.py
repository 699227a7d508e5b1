"""Two people at one door, a door or a person that changed meanwhile, records that wait: those concerned are told, and can settle it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.people import commands as people
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.ledger.folding import engine
from lianfang.ledger.intake.sealed import SealedParcel, SealedRecord, take_parcels
from lianfang.work.rounds import queries as rounds
from tests.committed import empty, transactional_db
from tests.doors.conftest import Desk, words_of
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast, make_cast
from tests.factories.phones import Phone, join
from tests.fuzzing import examples
from tests.ledger.folded import fold_all
from tests.ledger.recount import table
from tests.ledger.sending import record

__all__ = ["transactional_db"]


def deliver(*parcels: dict[str, Any]) -> list[str]:
    """What the intake process does with a body."""
    read = [SealedParcel(one["device"], one["enc"], one["key_id"], [SealedRecord(**box) for box in one["records"]]) for one in parcels]
    return [verdict.word.value for verdict in take_parcels(read, received_at=clock.now()).verdicts]


def in_office_for_days() -> None:
    """What is recorded before midnight was then recorded in office, whatever the hour at which the test runs."""
    with connection.cursor() as cursor:
        cursor.execute("update accounts_grant set valid_from = valid_from - 2")


def lines(phone: Phone, kind: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = phone.get("lines").json()
    return [one for one in found if not kind or one["kind"] == kind]


def test_those_concerned_are_told_and_settle_it(transactional_db: None) -> None:
    cast = make_cast()
    in_office_for_days()
    grid, secretary, outsider = (join(cast.account(login)) for login in ("grid.a", "secretary.a", "secretary.b"))
    now = clock.now()
    door, second, third, fourth = (door.place_id for door in places.doors_of(cast.a_building)[:4])
    early = record(door, payload={"outcome": "lit"}, occurred_at=now - timedelta(minutes=50))
    later = record(door, payload={"outcome": "seen"}, occurred_at=now - timedelta(minutes=20))
    long_ago = record(door, payload={"outcome": "dark"}, occurred_at=now - timedelta(hours=9))
    assert deliver(grid.seal(later), secretary.seal(early, long_ago)) == ["kept"] * 3
    fold_all()
    [mine], [theirs] = lines(grid, "two_people"), lines(secretary, "two_people")
    assert mine["id"] == theirs["id"]
    assert (mine["mine"]["outcome"], mine["mine"]["by_me"], mine["other"]["outcome"]) == ("seen", True, "lit")
    assert (theirs["mine"]["outcome"], theirs["other"]["role"]["zh"]) == ("lit", "网格员")
    assert "示" not in grid.get("lines").content.decode()
    assert lines(outsider) == []
    assert grid.get("poll").json()["lines"] == 1
    assert outsider.post(f"lines/{mine['id']}/settle", {"keep": "mine"}).status_code == 404
    assert grid.post(f"lines/{mine['id']}/settle", {"keep": "nobody"}).status_code == 422
    # The grid worker was wrong: a correction withdraws the record, both stay in the book, and the line is gone for both.
    assert grid.post(f"lines/{mine['id']}/settle", {"keep": "theirs", "reason": "wrong_place"}).status_code == 200
    fold_all()
    assert (lines(grid), lines(secretary)) == ([], [])
    state = rounds.door(door)
    assert state is not None
    assert state.outcome.value == "lit"
    assert len([row for row in table("ledger_record") if str(row["place"]) == str(door)]) == 4
    # Both are right: nothing is withdrawn.
    assert deliver(grid.seal(record(second)), secretary.seal(record(second))) == ["kept"] * 2
    [both] = lines(grid)
    assert secretary.post(f"lines/{both['id']}/settle", {"keep": "both"}).status_code == 200
    assert lines(grid) == lines(secretary) == []
    # A door that has ended by the day, and a person who no longer belongs to it.
    laying.end(third, by=None)
    people.leave(cast.resident, cast.household, by=None)
    assert deliver(grid.seal(record(third), record(fourth, subject=cast.neighbour), record(door, subject=cast.resident))) == ["kept"] * 3
    gone, moved = lines(grid, "door_changed"), lines(grid, "person_changed")
    assert [line["place"] for line in gone + moved] == [str(third), str(door)]
    assert gone[0]["other"] is None
    assert grid.post(f"lines/{gone[0]['id']}/settle", {"keep": "mine"}).status_code == 200
    assert grid.post(f"lines/{moved[0]['id']}/settle", {"keep": "theirs", "reason": "learned_later"}).status_code == 200
    assert lines(grid, "door_changed") == lines(grid, "person_changed") == []
    # What lies outside my grant waits, and I see that it does.
    assert deliver(grid.seal(record(cast.b_door.id))) == ["quarantined"]
    [waits] = lines(grid)
    assert (waits["kind"], waits["state"], waits["code"]) == ("quarantined", "waiting", "outside_grant")
    assert lines(outsider) == []


def test_a_clock_that_is_ahead_counts_from_the_arrival_and_the_history_says_so(desk_of: Callable[[str], Desk], cast: Cast) -> None:
    """Only there may the order of delivery matter, and so it is shown; a clock whose skew the phone knows is set right."""
    phone, ahead = join(cast.account("grid.a")), clock.now() + timedelta(hours=2)
    unknown = record(cast.a_door.id, payload={"outcome": "lit"}, occurred_at=ahead)
    known = record(cast.a_door.id, payload={"outcome": "dark"}, occurred_at=ahead, skew=2 * 3_600_000)
    assert deliver(phone.seal(unknown, known)) == ["kept"] * 2
    told = words_of(desk_of("secretary.a").get("place", cast.a_door.id))
    assert told.count("手机时钟快了，按送到的时间算") == 1


PHONES = 5
edits = st.lists(
    st.tuples(st.integers(0, PHONES - 1), st.integers(0, 2), st.sampled_from(["seen", "lit", "refused", "vacant"]), st.sampled_from([0, 3, 90, 700])),
    min_size=2, max_size=10,
)  # fmt: skip


def test_five_phones_offline_end_in_the_state_of_the_order_rule_and_every_conflict_is_seen(transactional_db: None) -> None:
    """Losses, repeats, any order of delivery: the doors are as the order rule says, and whoever is concerned has a line."""
    cast = make_cast()
    doors = [door.place_id for door in places.doors_of(cast.a_building)[:3]]
    crew = [cast.account("grid.a")]
    for number in range(1, PHONES):
        crew.append(account_of("何示员", order=300 + number))
        grant_to(crew[-1], Role.UNIT_LEADER if number % 2 else Role.COMMUNITY_WORKER, OverPlace(cast.a_building.place_id))
    in_office_for_days()
    phones = [join(account) for account in crew]
    now = clock.now() - timedelta(minutes=1)

    @settings(max_examples=examples(4), deadline=None)
    @given(edits, st.data())
    def holds(made: list[tuple[int, int, str, int]], data: st.DataObject) -> None:
        empty(("ledger_", "rounds_", "matters_"))
        engine.ensure_cursors()
        sent = []
        for who, door, outcome, ago in made:
            one = record(doors[door], payload={"outcome": outcome}, occurred_at=now - timedelta(minutes=ago))
            sent.append((who, one, phones[who].seal(one)))
        # What is lost on the way is sent again, so that in the end everything came at least once.
        way = data.draw(st.permutations([*range(len(sent)), *data.draw(st.lists(st.integers(0, len(sent) - 1), max_size=6))]))
        for index in way:
            assert deliver(sent[index][2])[0] in {"kept", "repeated"}
        fold_all()
        for door_id in doors:
            visits = sorted(((one["occurred_at"], str(one["id"])), who, one) for who, one, _ in sent if one["place"] == str(door_id))
            state = rounds.door(door_id)
            assert (state.outcome.value if state else None) == (visits[-1][2]["payload"]["outcome"] if visits else None)
            for (_, before, one), (_, after, other) in pairwise(visits):
                met = before != after and minutes(one, other) <= 240
                pair = {one["id"], other["id"]}
                for who in (before, after):
                    shown = [{line["mine"]["record"], line["other"]["record"]} for line in lines(phones[who], "two_people")]
                    assert (pair in shown) == met

    holds()


def minutes(one: dict[str, Any], other: dict[str, Any]) -> float:
    return (datetime.fromisoformat(other["occurred_at"]) - datetime.fromisoformat(one["occurred_at"])).total_seconds() / 60
