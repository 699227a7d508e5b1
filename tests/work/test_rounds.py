"""How doors stand, visits counted, doors that move or end, areas that cut through buildings."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from lianfang.ground.incidents.models import Incident
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.ground.places.models import Place
from lianfang.kernel import clock, db
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import new_id
from lianfang.kernel.ranges import EVERYWHERE, Range
from lianfang.ledger.folding import rebuilding, whole
from lianfang.ledger.kinds.doorsteps import NobodyWasSeen, Outcome
from lianfang.ledger.types import REAL, NotMadeThere
from lianfang.work.rounds import commands, queries
from lianfang.work.rounds.rules import FOLLOW_UPS, SETTLING, UnknownRuleSet, follow_up, settles
from lianfang.work.rounds.types import NewRound
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.recount import table
from tests.ledger.sending import correction, record, send


def doors(town: Cast) -> list[Place]:
    return places.doors_of(town.a_building)


def visit(door: Place, outcome: str, ago: int, **more: object) -> None:
    send(record(door.id, payload={"outcome": outcome}, occurred_at=clock.now() - timedelta(minutes=ago), **more), trusted=True)


def test_a_rule_set_for_follow_up_holds_from_its_first_day_to_the_day_before_its_last() -> None:
    for rule in FOLLOW_UPS:
        assert follow_up(rule.key, rule.valid_from) is rule
        days = [rule.valid_from - timedelta(days=1), *([rule.valid_to] if rule.valid_to else [])]
        for day in days:
            with pytest.raises(UnknownRuleSet):
                follow_up(rule.key, day)
    with pytest.raises(UnknownRuleSet):
        follow_up("v10", clock.today())


def test_what_settles_a_door() -> None:
    assert {outcome.value for outcome in SETTLING} == {"seen", "phone", "away", "vacant", "moved", "shut"}
    assert settles(Outcome.SEEN)
    assert not settles(Outcome.DARK)


def test_tries_count_since_the_door_was_last_settled(town: Cast) -> None:
    door = doors(town)[0]
    for ago, outcome in ((50, "dark"), (40, "seen"), (30, "lit"), (20, "dark")):
        visit(door, outcome, ago)
    fold_all()
    seen = queries.door(door.place_id)
    assert seen is not None
    assert (seen.outcome, seen.settled, seen.tries, seen.visits) == (Outcome.DARK, False, 2, 4)
    visit(door, "away", 10)
    fold_all()
    seen = queries.door(door.place_id)
    assert seen is not None
    assert (seen.outcome, seen.settled, seen.tries) == (Outcome.AWAY, True, 0)
    assert queries.door(doors(town)[1].place_id) is None
    assert set(queries.door_states([door.place_id, doors(town)[1].place_id])) == {door.place_id}


def visits(ranges: Sequence[Range]) -> dict[Outcome, int]:
    """Visits by outcome from the day before yesterday to tomorrow."""
    today = clock.today()
    [found] = queries.visits_each([ranges], clock.day_bounds(today - timedelta(days=2))[0], clock.day_bounds(today + timedelta(days=1))[1])
    return found


def test_a_drill_leaves_the_real_doors_alone(town: Cast) -> None:
    drill = Incident.objects.create(id=new_id(), name="演练示例", kind="fire", opened_at=clock.now(), drill=True)
    door = doors(town)[0]
    visit(door, "dark", 20)
    visit(door, "seen", 10, incident=drill.id)
    fold_all()
    assert queries.door_counts([town.a.range]).by_outcome == {Outcome.DARK: 1}
    assert visits([town.a.range]) == {Outcome.DARK: 1}
    yesterday = clock.today() - timedelta(days=1)
    assert queries.doors_visited_each([[town.a.range], [door.range], []], yesterday, clock.today()) == [1, 1, 0]
    assert {row["stream"] for row in table("rounds_doorstate")} == {REAL, drill.id}


def test_ranges_that_cut_through_a_building_count_door_by_door(town: Cast) -> None:
    every = doors(town)
    for number, door in enumerate(every):
        visit(door, "seen" if number % 2 else "dark", 30)
        visit(door, "dark" if number % 3 else "seen", 20)
    fold_all()
    some = [door.range for door in every[1:4]] + [Range(every[6].lo, town.a_building.hi)]
    inside = [door for door in every if any(piece.has(door.lo) for piece in some)]
    assert sum(visits(some).values()) == 2 * len(inside) == 10
    counted = queries.door_counts(some)
    assert counted.visited == len(inside)
    assert counted.settled == sum(1 for door in inside if every.index(door) % 3 == 0)
    whole, part = queries.door_counts_each([[town.a.range], [every[0].range]])
    assert (whole.visited, part.visited) == (8, 1)
    assert queries.door_counts([]).visited == 0
    stood = queries.door_states([door.place_id for door in every])
    assert [stood[door.place_id].settled for door in every] == [number % 3 == 0 for number in range(len(every))]


def test_door_states_follow_a_building_that_moves_and_visits_stay(town: Cast) -> None:
    door = doors(town)[0]
    visit(door, "seen", 10)
    fold_all()
    laying.move(town.a_building.place_id, town.b.place_id, by=None)
    assert queries.door_counts([town.a.range]).visited == 0
    assert queries.door_counts([town.b.range]).settled == 1
    assert sum(visits([town.a.range]).values()) == 1
    assert sum(visits([town.b.range]).values()) == 0
    visit(door, "dark", 0)
    fold_all()
    around = (clock.today() - timedelta(days=1), clock.today())
    assert queries.doors_visited_each([[town.a.range], [town.b.range], [town.street.range]], *around) == [1, 1, 1], (
        "one door, at two positions"
    )
    assert all(one.same for one in rebuilding.rebuild(check=True)), "a rebuild puts them where the move put them"


def test_a_rebuild_of_doors_with_records_on_both_sides_of_a_move(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their records lie in two stretches of positions; corrections of the records of one stretch lie in the other."""
    monkeypatch.setattr(whole, "RECORDS_AT_ONCE", 2)
    commands.open_round(NewRound("排查", "headcount", clock.now() + timedelta(days=1), place=town.street.place_id), by=town.city_command)
    first, second, third = doors(town)[:3]
    roots = [record(door.id, payload={"outcome": "dark"}) for door in (first, second, third)]
    send(*roots, record(town.b_door.id), trusted=True)
    laying.move(town.a_building.place_id, town.b.place_id, by=None)
    visit(first, "lit", 0)
    send(correction(roots[1], to={"outcome": "refused"}), correction(roots[2], "withdraw"), trusted=True)
    fold_all()
    assert {row["place"]: (row["outcome"], row["tries"]) for row in table("rounds_doorstate")} == {
        first.pk: ("lit", 2), second.pk: ("refused", 1), town.b_door.id: ("seen", 0)
    }  # fmt: skip
    assert [one for one in rebuilding.rebuild(check=True) if not one.same] == []


def test_a_move_and_a_fold_take_turns(town: Cast) -> None:
    """A fold that read the old position may not write it after the move has gone through."""
    door = doors(town)[0]
    visit(door, "seen", 10)
    folded = threading.Event()

    def fold() -> None:
        fold_all()
        connection.close()
        folded.set()

    from django.db import transaction

    folding = threading.Thread(target=fold)
    with transaction.atomic():
        laying.move(town.a_building.place_id, town.b.place_id, by=None)
        folding.start()
        assert not folded.wait(0.5)
    folding.join(timeout=30)
    assert queries.door_counts([town.b.range]).visited == 1
    assert [row["position"] for row in table("rounds_doorstate")] == [places.place(door.place_id).lo]


def test_doors_that_have_ended_are_no_longer_counted(town: Cast) -> None:
    door, other = doors(town)[:2]
    visit(door, "seen", 10)
    visit(other, "dark", 10)
    fold_all()
    with db.acting(None):
        laying.end(door.place_id, by=None)
    assert queries.door_counts([town.a.range]).by_outcome == {Outcome.DARK: 1}
    assert queries.door_counts([door.range]).visited == 0


@pytest.mark.django_db
def test_a_visit_is_recorded_by_whoever_may(cast: Cast) -> None:
    saved = commands.record_visit(cast.a_door.place_id, Outcome.SEEN, by=cast.grid_worker, people_seen=2, remark="示例")
    [row] = table("ledger_record")
    assert (row["id"], row["channel"], row["actor"]) == (saved.record_id, "seen", cast.grid_worker.account_id)
    assert not saved.folded
    again = commands.record_visit(
        cast.a_door.place_id,
        Outcome.SEEN,
        by=cast.grid_worker,
        people_seen=2,
        remark="示例",
        record_id=saved.record_id,
        occurred_at=row["occurred_at"],
    )
    assert again.record_id == saved.record_id
    assert len(table("ledger_record")) == 1


@pytest.mark.django_db
def test_a_denied_visit_changes_nothing(cast: Cast) -> None:
    with pytest.raises(NotFound):
        commands.record_visit(cast.a_door.place_id, Outcome.SEEN, by=cast.outsider)
    with pytest.raises(Denied):
        commands.record_visit(cast.a_door.place_id, Outcome.SEEN, by=cast.administrator)
    with pytest.raises(NobodyWasSeen):
        commands.record_visit(cast.a_door.place_id, Outcome.DARK, by=cast.grid_worker, people_seen=1)
    with pytest.raises(NotMadeThere):
        commands.record_visit(cast.a_building.place_id, Outcome.DARK, by=cast.grid_worker)
    assert table("ledger_record") == table("ledger_receipt") == table("ledger_quarantine") == []


def test_a_command_waits_until_its_figures_follow(town: Cast) -> None:
    from lianfang.ledger import folding

    stopping = threading.Event()
    serving = threading.Thread(target=folding.serve, args=(stopping,))
    serving.start()
    try:
        found = [commands.record_visit(town.a_door.place_id, Outcome.SEEN, by=town.grid_worker) for _ in range(5)]
        assert any(saved.folded for saved in found)
        with town.as_web(town.grid_worker):
            later = commands.record_visit(town.a_door.place_id, Outcome.SEEN, by=town.grid_worker)
            assert not later.folded, "inside a transaction nothing can be folded yet"
    finally:
        stopping.set()
        serving.join(timeout=30)
    assert isinstance(later.record_id, UUID)


def test_the_web_sees_only_the_doors_of_its_scope(town: Cast) -> None:
    visit(town.a_door, "seen", 10)
    fold_all()
    with town.as_web(town.outsider):
        assert queries.door_states([town.a_door.place_id]) == {}
        assert queries.door_counts([EVERYWHERE]).visited == 0
    with town.as_web(town.grid_worker):
        assert set(queries.door_states([town.a_door.place_id])) == {town.a_door.place_id}
