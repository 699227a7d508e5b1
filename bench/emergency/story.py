"""The story itself: the clock is held at each day in turn, and everything is done by the verbs that desk, phones and command line use."""

from __future__ import annotations

import contextvars
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from bench.emergency.town import PUBLISHED, Town
from bench.emergency.walking import SHORTEST, Beat, Walked
from lianfang.ground.accounts import access
from lianfang.ground.incidents import commands as incidents
from lianfang.ground.incidents import queries as incident_queries
from lianfang.ground.incidents.types import Ground
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import commands as bulletins
from lianfang.headquarters.bulletins import queries as issues
from lianfang.headquarters.bulletins import reading, subjects
from lianfang.headquarters.bulletins.definitions.daily import DAILY
from lianfang.headquarters.closing import commands as closing
from lianfang.headquarters.closing import queries as closings
from lianfang.headquarters.closing.types import Machine, State
from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.queries.still_open import bodies
from lianfang.headquarters.playbooks.types import RunState, StandDown, Switch
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.kernel.ids import AccountId, IncidentId, OrderId, new_id
from lianfang.ledger import kinds
from lianfang.ledger.folding import fold_here
from lianfang.ledger.intake.taking import take_together
from lianfang.ledger.queries import wait_until_folded
from lianfang.ledger.types import Author, Sending, Word
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation.queries.calls import call, called
from lianfang.work.mobilisation.types import Answer
from lianfang.work.orders import queries as orders
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound

GROUND = Ground("示例市人民政府", "示政发〔2022〕9号", "示例")
FIGURES = ("visits", "doors_settled", "doors_seen", "doors_dark", "doors_refused", "matters_open")
TOGETHER, RENEWED_BEFORE, STAYS, ANSWERED, FOLDED_WITHIN = 2_000, 2, 10, 2_000, 600.0
Say = Callable[[str], None]


@dataclass
class Told:
    """What the story came to: seconds by chapter, counts, and everything that was not as it must be."""

    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def must(self, true: object, otherwise: str) -> None:
        """Note what is wrong, and go on."""
        if not true:
            self.wrong.append(otherwise)

    @contextmanager
    def chapter(self, name: str, say: Say) -> Iterator[None]:
        """How long one part of the story took."""
        began = time.monotonic()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0) + time.monotonic() - began, 1)
        say(f"{name} {self.seconds[name]} s")


@contextmanager
def folding() -> Iterator[None]:
    """What came in is folded beside what goes on here, as the folder does beside the desk; with the clock of the story."""
    stopping = threading.Event()

    def fold() -> None:
        while not stopping.wait(0.05):
            fold_here()
        connection.close()

    beside = threading.Thread(target=contextvars.copy_context().run, args=(fold,))
    beside.start()
    try:
        yield
    finally:
        stopping.set()
        beside.join(FOLDED_WITHIN)


@dataclass(frozen=True, slots=True)
class Below:
    """What is below the story: what an installation alone can do, a backup in peacetime, and a look for words in everything that is left."""

    machine: Machine
    back_up: Callable[[], None]
    look: Callable[[Sequence[str]], Mapping[str, int]]


@dataclass
class Story:
    """A town, the days of its emergency, and what is told of them. `began` is the local midnight of the first day."""

    town: Town
    days: int
    scale: float
    began: datetime
    below: Below
    chance: random.Random
    say: Say = lambda _: None
    told: Told = field(default_factory=Told)
    incident: IncidentId = field(init=False)

    def tell(self) -> Told:
        """From the switch to the certificate."""
        if self.days < SHORTEST:
            raise ValueError(self.days)
        with self.told.chapter("activation", self.say), clock.frozen(self.began + timedelta(hours=7)):
            self._switch()
        walked = self._walked()
        for day in range(self.days):
            with clock.frozen(self.began + timedelta(days=day + 1, seconds=-1)):
                self._day(day, walked)
        last = self.began + timedelta(days=self.days, seconds=-1)
        with clock.frozen(last), self.told.chapter("stood down", self.say):
            self._known(walked)
            self._stand_down()
        self._end(walked)
        return self.told

    def _switch(self) -> None:
        ends = self.began + timedelta(days=min(30, self.days))
        run = commands.activate(self.town.plan, Switch(GROUND, ends), by=access.local_administrator())
        self.incident = run.incident_id
        with folding():
            commands.carry_on(run.run_id)
        done = queries.run(run.run_id)
        self.told.must(done.state is RunState.DONE, f"the activation stands {done.state}: {done.message}")
        names = {"bodies": "branches"}
        self.told.counts |= {names.get(step.key, step.key): step.done for step in done.steps}
        self.told.counts["refused by rules"] = sum(step.refused for step in done.steps)
        place = self.town.ground.top.place_id
        closes = self.began + timedelta(days=self.days)
        rounds.open_round(NewRound("全员走访", "headcount", closes, place=place, incident=self.incident), by=access.local_administrator())
        for call_id in queries.made(run.run_id, "calls"):
            for number, one in enumerate(called(call_id, limit=ANSWERED)):
                answer = (Answer.HERE, Answer.HERE, Answer.HERE, Answer.NO)[number % 4]
                mobilisation.answer_for(one.summons_id, answer, by=access.local_administrator())
            self.told.counts["called"] = call(call_id).called
        self._answered(queries.made(run.run_id, "orders"))

    def _answered(self, issued: Sequence[UUID]) -> None:
        """Every place answers the order that reached it."""
        self._fold()
        version = kinds.current("order_answered").version
        for one in issued:
            told = orders.order(OrderId(one))
            at = clock.now().isoformat()
            answers = [
                {"id": str(new_id()), "kind": "order_answered", "version": version, "place": str(place.place_id), "occurred_at": at,
                 "incident": str(self.incident), "subject": str(one), "payload": {"answer": "completed"}}
                for place in orders.recipients(told)
            ]  # fmt: skip
            self._take(
                [Sending(answers[start : start + TOGETHER], Author(None, trusted=True)) for start in range(0, len(answers), TOGETHER)]
            )

    def _walked(self) -> Walked:
        versions = {name: kinds.current(name).version for name in ("visit", "correction", "presence")}
        begins = int(self.began.timestamp() * 1000)
        walked = Walked(self.incident, versions, begins, self.days, random.Random(self.chance.getrandbits(64)))
        beats, workers = [], iter(self.town.workers)
        for community in self.town.ground.communities:
            for grid in community.grids:
                doors = [(str(door), people) for door, people in zip(grid.doors, grid.people, strict=True)]
                building = places.building_of(places.place(grid.doors[0]))
                if building is not None:
                    beats.append(Beat(next(workers), doors, building.pk))
        walked.take_on(beats, round(PUBLISHED["visits"] * self.scale))
        return walked

    def _day(self, day: int, walked: Walked) -> None:
        with self.told.chapter("records", self.say if day == self.days - 1 else lambda _: None):
            self._send(walked.of_day(day))
        with self.told.chapter("folded", lambda _: None):
            self._fold()
        with self.told.chapter("bulletins", lambda _: None):
            today = clock.today()
            subject = subjects.of_place(self.town.ground.top)
            bulletins.publish(DAILY, subject, Period(today, today), by=access.local_administrator())
        held = incident_queries.incident(self.incident).expires_at
        if day < self.days - 1 and held is not None and held - clock.now() < timedelta(days=RENEWED_BEFORE):
            self._renew()
        if day % 10 == 9:
            self.say(f"day {day + 1}")

    def _send(self, sent: Iterator[tuple[UUID, list[str]]]) -> None:
        together: list[Sending] = []
        for worker, records in sent:
            together.append(Sending([record.encode() for record in records], Author(AccountId(worker))))
            if sum(len(one.records) for one in together) >= TOGETHER:
                self._take(together)
                together = []
        self._take(together)

    def _take(self, together: list[Sending]) -> None:
        for verdicts in take_together(together, received_at=clock.now()) if together else ():
            for one in verdicts:
                self.told.counts[one.word.value] = self.told.counts.get(one.word.value, 0) + 1
                self.told.must(one.word is Word.KEPT, f"a record was {one.word.value}: {one.reason}")

    def _fold(self) -> None:
        fold_here()
        if not wait_until_folded(FOLDED_WITHIN):
            raise TimeoutError("the records were not folded")

    def _renew(self) -> None:
        """Nothing goes on by itself: the incident and its measures are renewed, with a document."""
        local = access.local_administrator()
        ends = min(clock.now() + timedelta(days=30), self.began + timedelta(days=self.days + 1))
        incidents.renew_incident(self.incident, ends, replace(GROUND, reason="疫情尚未结束（示例）"), by=local)
        for measure in incident_queries.measures_of(self.incident):
            incidents.renew_measure(measure.measure_id, ends, replace(GROUND, reason="疫情尚未结束（示例）"), by=local)

    def _known(self, walked: Walked) -> None:
        """The figures are those that were counted beside the product."""
        ranges, period = [self.town.ground.top.range], Period(clock.local(self.began).date(), clock.today())
        known = walked.known.figures()
        [found] = reading.values([name for name in known if not name.startswith("round ")], [ranges], period)
        for name, figure in found.items():
            self.told.must(figure.value == known[name], f"{name}: {figure.value}, and it was {known[name]}")
        self.told.counts |= {"visits": known["visits"], "records": walked.records}

    def _stand_down(self) -> None:
        local = access.local_administrator()
        standing = [one.branch_id for one in bodies(incident_queries.incident(self.incident))]
        keep = dict.fromkeys(standing[::STAYS], OrganisationKind.FUNCTIONAL_BRANCH)
        run = commands.stand_down(self.incident, StandDown(GROUND, keep), by=local)
        with folding():
            commands.carry_on(run.run_id)
        done = queries.run(run.run_id)
        self.told.must(done.state is RunState.DONE, f"standing down stands {done.state}: {done.message}")
        self.told.must(queries.stood_down(self.incident), "the incident was not stood down")
        self.told.counts |= {"bodies made standing": len(keep), "bodies dissolved": len(standing) - len(keep)}
        self.told.counts |= {f"closed: {step.key}": step.done for step in done.steps}
        self._fold()

    def _end(self, walked: Walked) -> None:
        """Erasure, at the present moment; then everything that must be gone is, and everything that must stand does."""
        place = self.town.ground.top
        told_before = {one.id: one.content for one in issues.issues(place.pk, limit=self.days + 9)}
        figures_before = self._figures()
        with self.told.chapter("backup", self.say):
            self.below.back_up()
        found = self.below.look(walked.marks)
        self.told.must(bool(found), "the search did not find what was there")
        with self.told.chapter("erasure", self.say):
            asked = closing.propose(self.incident, GROUND, by=self.town.command)
            closing.confirm(asked.id, by=self.town.officer)
            closing.work_off(self.below.machine, patient=False, progress=lambda step, trouble: self.say(f"  {step} {trouble or '✓'}"))
        done = closings.closing(asked.id)
        self.told.must(done.state is State.DONE, f"the erasure stands {done.state}")
        self.told.must(not done.checked.get("hits"), f"the check found {done.checked.get('hits')}")
        self.told.counts |= {f"erased: {name}": count for name, count in done.counts.items()}
        self.told.counts |= {"certificate": done.number or 0, "words looked for": len(walked.marks)}
        with self.told.chapter("looked through", self.say):
            left = self.below.look(walked.marks)
        self.told.must(not left, f"words of the incident are left in {sorted(left)[:5]}")
        told_after = {one.id: one.content for one in issues.issues(place.pk, limit=self.days + 9)}
        self.told.must(all(told_after.get(one) == content for one, content in told_before.items()), "a bulletin changed")
        self.told.counts["bulletins that stand"] = len(told_before)
        after = self._figures()
        different = [day for day, before in figures_before.items() if after[day] != before]
        self.told.must(not different, f"figures of {len(different)} days changed: {different[:3]}")
        self._traced()

    def _days(self) -> list[Period]:
        first = clock.local(self.began).date()
        return [Period(day, day) for day in (first + timedelta(days=number) for number in range(self.days))]

    def _figures(self) -> dict[Any, dict[str, int]]:
        found = {}
        for day in self._days():
            [values] = reading.values(FIGURES, [[self.town.ground.top.range]], day)
            found[day.first] = {key: figure.value for key, figure in values.items()}
        return found

    def _traced(self) -> None:
        """Whoever asks for the records behind a figure is told that they are erased, and by which certificate."""
        for key in ("visits", "doors_settled"):
            proofs = reading.trace(key, [self.town.ground.top.range], self._days()[-1])
            said = [proof.says for proof in proofs if proof.what == "erased"]
            right = len(said) == 1 and said[0].get("certificate") == self.told.counts["certificate"] and len(proofs) == 1
            self.told.must(right, f"trace of {key} says {said}")
