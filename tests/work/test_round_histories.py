"""Any history of visits, corrections, households that come and leave, rounds opened before or after, prolonged and closed, in any folding,
gives what a recount and a rebuild give.

Visits to one household of a door, rounds named and not named, drills, late arrivals and repeats are among them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from lianfang.ground.accounts import access
from lianfang.ground.incidents.models import Incident
from lianfang.ground.people import commands as people
from lianfang.ground.people.models import Household
from lianfang.kernel import clock
from lianfang.kernel.ids import HouseholdId, IncidentId, PlaceId, new_id
from lianfang.ledger.folding import engine, rebuilding
from lianfang.work.rounds import commands, queries
from lianfang.work.rounds.types import NewRound, RoundSeen
from tests.committed import empty
from tests.factories.cast import Cast
from tests.fuzzing import examples
from tests.ledger import recount_rounds
from tests.ledger.folded import fold_all
from tests.ledger.sending import correction, record, send
from tests.ledger.test_folding_histories import OUTCOMES, addresses_of

minutes = st.sampled_from([0, 1, 50, 70, 1440, 1441])
outcomes = st.sampled_from(OUTCOMES)
speaks = st.tuples(st.sampled_from([None, None, 0, 1, 2]), st.sampled_from([None, None, 0, 1]))  # for which household, in which round
HOMES = [new_id() for _ in range(3)]


class Rounds(RuleBasedStateMachine):
    """One example."""

    def __init__(self, town: Cast, streams: list[UUID | None]) -> None:
        super().__init__()
        self.town, self.streams, self.now = town, streams, clock.now()
        self.addresses = addresses_of(town)
        self.doors = sorted(self.addresses, key=lambda door: self.addresses[door].number)
        self.roots: list[dict[str, Any]] = []
        self.held_back: list[dict[str, Any]] = []
        self.rounds: list[RoundSeen] = []
        self.households: list[HouseholdId] = []

    def at(self, ago: int) -> datetime:
        return self.now - timedelta(minutes=ago)

    @initialize()
    def begin(self) -> None:
        empty(("ledger_", "rounds_", "matters_", "mobilisation_"))
        Household.objects.exclude(pk__in=[self.town.household, self.town.b_household]).delete()
        engine.ensure_cursors()

    def deliver(self, sending: dict[str, Any]) -> None:
        [verdict] = send(sending, author=self.town.secretary.account_id, trusted=True)
        assert verdict.word.value in {"kept", "repeated"}, verdict.form()

    def payload(self, outcome: str, speaks: tuple[int | None, int | None]) -> dict[str, Any]:
        household, named = speaks
        said: dict[str, Any] = {"outcome": outcome, "people_seen": 2 if outcome == "seen" else 0}
        if household is not None:
            said |= {"household": str(HOMES[household]), "households": 2}
        if named is not None and self.rounds:
            said["round"] = str(self.rounds[named % len(self.rounds)].id)
        return said

    @precondition(lambda self: len(self.rounds) < 4)
    @rule(ago=minutes, stream=st.integers(0, 2), where=st.integers(0, 2))
    def open_round(self, ago: int, stream: int, where: int) -> None:
        places = {"place": [PlaceId(self.town.a.id), PlaceId(self.town.street.id), None][where]}
        area = self.town.a_grid if where == 2 else None
        incident = self.streams[stream]
        new = NewRound(
            "示例", "headcount", self.now + timedelta(days=2), opens_at=self.at(ago), area=area,
            incident=IncidentId(incident) if incident else None, **places,
        )  # fmt: skip
        self.rounds.append(commands.open_round(new, by=access.local_administrator()))

    @precondition(lambda self: self.rounds)
    @rule(which=st.integers(0, 3), ago=minutes)
    def close_round(self, which: int, ago: int) -> None:
        told = queries.one(self.rounds[which % len(self.rounds)].id)
        if told.ends_at > self.at(ago):
            with clock.frozen(self.at(ago)):
                commands.close_round(told.id, by=access.local_administrator())

    @precondition(lambda self: self.rounds)
    @rule(which=st.integers(0, 3), hours=st.sampled_from([1, 60]))
    def give_a_round_more_time(self, which: int, hours: int) -> None:
        told = queries.one(self.rounds[which % len(self.rounds)].id)
        if told.ends_at > clock.now():
            commands.extend_round(told.id, told.closes_at + timedelta(hours=hours), by=access.local_administrator(), reason="示例")

    @rule(door=st.sampled_from([0, 1]), days=st.integers(0, 1), home=st.sampled_from([None, 0, 1]))
    def household_comes(self, door: int, days: int, home: int | None) -> None:
        household = HouseholdId(new_id() if home is None else HOMES[home])
        if household not in self.households:
            since = clock.today() - timedelta(days=days)
            self.households.append(people.add_household(PlaceId(self.doors[door]), by=None, since=since, household_id=household))

    @precondition(lambda self: self.households)
    @rule(which=st.integers(0, 99))
    def household_leaves(self, which: int) -> None:
        household = self.households[which % len(self.households)]
        if Household.objects.filter(pk=household, valid_to=None).exists():
            people.end_household(household, by=None)

    @rule(door=st.sampled_from([0, 1, 8]), outcome=outcomes, ago=minutes, stream=st.integers(0, 2), speaks=speaks)
    def visit(self, door: int, outcome: str, ago: int, stream: int, speaks: tuple[int | None, int | None]) -> None:
        payload = self.payload(outcome, speaks)
        root = record(self.doors[door], payload=payload, occurred_at=self.at(ago), incident=self.streams[stream])
        self.roots.append(root)
        if ago % 7:
            self.deliver(root)
        else:
            self.held_back.append(root)

    @rule(door=st.sampled_from([0, 1, 8]), ago=minutes, days=st.sampled_from([0, 3]))
    def arrive(self, door: int, ago: int, days: int) -> None:
        day = clock.local(self.at(ago)).date().isoformat()
        payload = {"arrived_on": day, "from_country": "JP", "days": days, "rule": "health_watch_3" if days else None}
        root = record(self.doors[door], "arrival", payload, occurred_at=self.at(ago))
        self.roots.append(root)
        self.deliver(root)

    @precondition(lambda self: self.roots)
    @rule(which=st.integers(0, 999), how=st.sampled_from(["to", "at", "withdraw"]), outcome=outcomes, speaks=speaks, ago=minutes)
    def correct(self, which: int, how: str, outcome: str, speaks: tuple[int | None, int | None], ago: int) -> None:
        root = self.roots[which % len(self.roots)]
        to = (self.payload(outcome, speaks) if root["kind"] == "visit" else root["payload"]) if how == "to" else None
        at = self.at((which * 10) % 1500).isoformat() if how == "at" else None
        action = "withdraw" if how == "withdraw" else "replace"
        self.deliver(correction(root, action, to=to, at=at, occurred_at=self.at(ago), incident=root.get("incident")))

    @precondition(lambda self: self.held_back)
    @rule(which=st.integers(0, 999))
    def arrive_late(self, which: int) -> None:
        self.deliver(self.held_back.pop(which % len(self.held_back)))

    @rule(most=st.integers(1, 4))
    def fold(self, most: int) -> None:
        engine.fold_available(engine.Patience(most=most))

    def teardown(self) -> None:
        fold_all()
        assert recount_rounds.differences(self.addresses) == {}
        assert [table for table in rebuilding.rebuild(check=True) if not table.same] == []


def test_any_history_of_rounds_gives_what_a_recount_and_a_rebuild_give(town: Cast) -> None:
    real, drill = (
        Incident.objects.create(id=new_id(), name="示例", kind="epidemic", opened_at=clock.now(), drill=drilled).id
        for drilled in (False, True)
    )
    run_state_machine_as_test(
        lambda: Rounds(town, [None, real, drill]),
        settings=hypothesis.settings(
            max_examples=examples(15), stateful_step_count=30, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
        ),
    )
