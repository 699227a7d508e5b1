"""Any history, in any order of arrival and any cut into batches, gives the tables of a plain recount and of a rebuild from zero.

Histories have repeats, late arrivals, drills and incidents, corrections (also of corrected records, before their root, moving time,
withdrawing), matters settled before they were raised, and people on duty in two places.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations_with_replacement
from typing import Any
from uuid import UUID

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from lianfang.ground.incidents.models import Incident
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import new_id
from lianfang.ledger import reacting
from lianfang.ledger.folding import engine, rebuilding
from lianfang.work.rounds.queries import doors_visited_each
from tests.committed import empty
from tests.factories.cast import Cast
from tests.fuzzing import examples
from tests.ledger import recount
from tests.ledger.folded import fold_all
from tests.ledger.sending import correction, record, send

OUTCOMES = ("seen", "phone", "away", "vacant", "moved", "shut", "lit", "dark", "refused", "check")
# Few different times, so that records often hold at the same moment; some lie in the same hour, some across midnight or days apart.
minutes = st.sampled_from([0, 1, 50, 70, 1440, 1441, 4320])
outcomes = st.sampled_from(OUTCOMES)


class Histories(RuleBasedStateMachine):
    """One example: records are sent, held back, corrected, sent again; folding happens whenever it happens."""

    def __init__(self, town: Cast, streams: list[UUID | None]) -> None:
        super().__init__()
        self.town, self.streams = town, streams
        self.addresses = addresses_of(town)
        self.numbers = {door: address.number for door, address in self.addresses.items()} | {town.a.id: town.a.lo, town.b.id: town.b.lo}
        self.doors = sorted(self.addresses, key=lambda door: self.addresses[door].number)
        self.roots: list[dict[str, Any]] = []
        self.held_back: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.now = clock.now()

    def at(self, ago: int) -> datetime:
        return self.now - timedelta(minutes=ago)

    def made(self, root: dict[str, Any], *, hold: bool) -> None:
        self.roots.append(root)
        if hold:
            self.held_back.append(root)
        else:
            self.deliver(root)

    def deliver(self, sending: dict[str, Any]) -> None:
        [verdict] = send(sending, author=self.town.secretary.account_id, trusted=True)
        assert verdict.word.value in {"kept", "repeated"}, verdict.form()
        self.sent.append(sending)

    @initialize()
    def begin(self) -> None:
        empty(("ledger_", "rounds_", "matters_", "mobilisation_"))
        engine.ensure_cursors()

    @rule(door=st.sampled_from([0, 1, 4, 8]), outcome=outcomes, ago=minutes, stream=st.integers(0, 2), hold=st.booleans(), data=st.data())
    def visit(self, door: int, outcome: str, ago: int, stream: int, hold: bool, data: st.DataObject) -> None:
        payload: dict[str, Any] = {"outcome": outcome}
        if outcome == "seen":
            payload |= {"people_seen": data.draw(st.integers(0, 5)), "wants_help": data.draw(st.booleans())}
        place = self.doors[door % len(self.doors)]
        self.made(record(place, payload=payload, occurred_at=self.at(ago), incident=self.streams[stream]), hold=hold)

    @rule(raised=st.booleans(), where=st.integers(0, 3), ago=minutes, hold=st.booleans(), urgent=st.booleans())
    def matter(self, raised: bool, where: int, ago: int, hold: bool, urgent: bool) -> None:
        place = [*self.doors[:2], self.town.a.id, self.town.b.id][where]
        if raised:
            payload = {"about": "other", "due_at": self.at(ago).isoformat(), "urgent": urgent}
            self.made(record(place, "matter_raised", payload, occurred_at=self.at(ago)), hold=hold)
        elif known := [root for root in self.roots if root["kind"] == "matter_raised"]:
            settled = record(
                place, "matter_settled", {"settlement": "done"}, occurred_at=self.at(ago), subject=known[ago % len(known)]["id"]
            )
            self.made(settled, hold=hold)

    @rule(who=st.booleans(), duty=st.sampled_from(["on", "off"]), where=st.booleans(), ago=minutes, stream=st.integers(0, 2))
    def presence(self, who: bool, duty: str, where: bool, ago: int, stream: int) -> None:
        actor = self.town.grid_worker.account_id if who else self.town.secretary.account_id
        place = self.town.a.id if where else self.town.b.id
        made = record(place, "presence", {"duty": duty}, occurred_at=self.at(ago), actor=actor, incident=self.streams[stream])
        self.made(made, hold=False)

    @precondition(lambda self: self.roots)
    @rule(which=st.integers(0, 999), how=st.sampled_from(["to", "at", "both", "withdraw"]), outcome=outcomes, ago=minutes, moved=minutes)
    def correct(self, which: int, how: str, outcome: str, ago: int, moved: int) -> None:
        root = self.roots[which % len(self.roots)]
        replaced = {"visit": {"outcome": outcome}, "presence": {"duty": "on" if moved % 2 else "off"}}.get(root["kind"], root["payload"])
        to = replaced if how in {"to", "both"} else None
        at = self.at(moved).isoformat() if how in {"at", "both"} else None
        self.deliver(
            correction(
                root, "withdraw" if how == "withdraw" else "replace", to=to, at=at, occurred_at=self.at(ago), incident=root.get("incident")
            )
        )

    @precondition(lambda self: self.held_back)
    @rule(which=st.integers(0, 999))
    def arrive_late(self, which: int) -> None:
        self.deliver(self.held_back.pop(which % len(self.held_back)))

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 999))
    def send_again(self, which: int) -> None:
        [verdict] = send(self.sent[which % len(self.sent)], author=self.town.secretary.account_id, trusted=True)
        assert verdict.word.value == "repeated"

    @rule(most=st.integers(1, 4))
    def fold(self, most: int) -> None:
        engine.fold_available(engine.Patience(most=most))

    @rule()
    def react(self) -> None:
        reacting.react_available()

    @invariant()
    def nothing_raises_twice(self) -> None:
        causes = [row["cause"] for row in recount.table("matters_matter") if row["cause"]]
        assert len(causes) == len(set(causes))

    def teardown(self) -> None:
        fold_all()
        assert recount.differences(self.addresses, self.numbers) == {}
        days = [clock.local(self.now).date() - timedelta(days=ago) for ago in (4, 3, 1, 0)]
        for first, last in combinations_with_replacement(days, 2):
            assert doors_visited_each([[self.town.street.range]], first, last) == [recount.doors_visited(first, last)]
        assert [table for table in rebuilding.rebuild(check=True) if not table.same] == []


def addresses_of(town: Cast) -> dict[UUID, recount.Address]:
    """Every door of both communities with its building and community."""
    found = {}
    for community in (town.a, town.b):
        for building in places.buildings_of(community):
            for door in places.doors_of(building):
                found[door.id] = recount.Address(
                    door.lo, building.id, building.lo, building.hi - building.lo, community.id, community.lo, community.hi - community.lo
                )
    return found


def test_any_history_gives_the_tables_of_a_recount_and_of_a_rebuild(town: Cast) -> None:
    real, drill = (
        Incident.objects.create(id=new_id(), name="示例", kind="epidemic", opened_at=clock.now(), drill=drilled).id
        for drilled in (False, True)
    )
    run_state_machine_as_test(
        lambda: Histories(town, [None, real, drill]),
        settings=hypothesis.settings(
            max_examples=examples(15), stateful_step_count=30, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
        ),
    )
