"""A plan is activated step by step: the same after a kill at any point, taken back, practised apart from what is real."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.commands import revoke
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.branch_types import BranchState
from lianfang.ground.places.commands import end_area
from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.commands import running
from lianfang.headquarters.playbooks.content import examples
from lianfang.headquarters.playbooks.steps.frame import Step
from lianfang.headquarters.playbooks.types import Lack, NotHeld, PlanRetired, RunState, SiteWrong
from lianfang.kernel.errors import Denied
from lianfang.kernel.ranges import EVERYWHERE
from tests.committed import empty
from tests.factories.members import somebody
from tests.factories.plans import Ready, make_ready, switch, switched

PATIENCE = 60.0


@pytest.fixture
def ready(transactional_db: None) -> Ready:
    return make_ready()


def result(run_id: UUID) -> dict[str, Any]:
    """Everything the run left behind, without ids and moments."""
    told = queries.run(run_id)
    incident = told.incident_id
    return {
        "steps": [(step.key, step.things, step.done, step.refused, step.undone) for step in told.steps],
        "refused": [(one.section, one.name, one.message) for one in queries.refused(run_id)],
        "tables": {name: rows(sql, incident) for name, sql in TABLES.items()},
    }


TABLES = {
    "measures": "select m.key, p.name from incidents_measure m join places_place p on p.id = m.place_id where m.incident_id = %s",
    "branches": "select b.name, b.state, o.name, m.person_id, m.standing, a.office from organisations_branch b "
    "join organisations_organisation o on o.id = b.organisation_id join organisations_membership m on m.organisation_id = o.id "
    "left join organisations_appointment a on a.organisation_id = o.id and a.person_id = m.person_id where b.incident_id = %s",
    "teams": "select t.name, t.kind, o.name, m.person_id, m.leads from organisations_team t left join organisations_teammember m on m.team_id = t.id "
    "left join organisations_organisation o on o.id = t.organisation_id where t.incident_id = %s",
    "posts": "select t.name, t.needed, o.name, m.person_id from organisations_post t left join organisations_postholder m on m.post_id = t.id "
    "left join organisations_organisation o on o.id = t.organisation_id where t.incident_id = %s",
    "areas": "select a.name, r.person_id from organisations_responsibility r join places_area a on a.id = r.area_id where r.incident_id = %s",
    "needs": "select n.name, n.floor, n.cap, n.require, p.name, (select count(*) from mobilisation_assignment a where a.need_id = n.id) "
    "from mobilisation_need n left join organisations_post p on p.id = n.subject where n.incident = %s",
    "calls": "select c.words, c.wanted, s.person, d.state from mobilisation_call c join mobilisation_summons s on s.call_id = c.id "
    "join mobilisation_dispatch d on d.summons_id = s.id join playbooks_item i on i.made = c.id "
    "join playbooks_run r on r.id = i.run_id where r.incident = %s",
    "orders": "select w.title, w.text, r.kind, r.payload ->> 'down_to' from ledger_record r join orders_words w on w.id = r.id where r.incident = %s",
}


def rows(sql: str, incident: UUID) -> Counter[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [incident])
        return Counter(tuple(map(str, row)) for row in cursor.fetchall())


def in_a_process(run_id: UUID, prepare: Callable[[], None]) -> int:
    """The signal that ended a process which goes on with a run; 0 where it came to the end of it."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            prepare()
            commands.carry_on(run_id)
            connections.close_all()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - this process is forked: nothing of the test may run on in it
            traceback.print_exc()
            os._exit(70)
    until = time.monotonic() + PATIENCE
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the process broke off: see its trace above"
            return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            pytest.fail("the process did not end in time")
        time.sleep(0.005)


def killed_in(section: str, *, after: bool) -> Callable[[], None]:
    """The process kills itself in a step: before it does anything, or when it has done it and not yet committed."""

    def prepare() -> None:
        found = {key: step for key, step in running.STEPS.items() if key[1] == section}
        for key, step in found.items():

            def do(*told: Any, of: Step = step) -> None:
                if after:
                    of.do(*told)
                os.kill(os.getpid(), signal.SIGKILL)

            def alone(*told: Any, of: Step = step) -> bool:
                if after and of.alone:
                    of.alone(*told)
                os.kill(os.getpid(), signal.SIGKILL)
                return True

            running.STEPS[key] = Step(step.do if step.alone else do, step.undo, step.at_once, step.must, alone if step.alone else None)

    return prepare


def test_killed_at_every_step_it_ends_as_if_it_had_never_been(ready: Ready) -> None:
    whole = result(switched(ready))
    assert [step[0] for step in whole["steps"]] == [
        "incident", "bodies", "teams", "posts", "areas", "needs", "assigning", "calls", "orders",
    ]  # fmt: skip
    assert sum(whole["tables"]["calls"].values()) == 6
    assert [one[1] for one in whole["refused"]] == ["乙小区临时党支部", "乙小区党员先锋队"]
    assert all(whole["tables"].values()), whole["tables"]

    empty()
    again = make_ready()
    run_id = commands.activate(again.plan, switch(), by=again.duty).run_id
    for step in whole["steps"]:
        for after in (False, True):
            assert in_a_process(run_id, killed_in(step[0], after=after)) == signal.SIGKILL, step[0]
    assert in_a_process(run_id, lambda: None) == 0
    told = queries.run(run_id)
    assert told.state is RunState.DONE
    assert without_people(result(run_id)) == without_people(whole)


def without_people(found: dict[str, Any]) -> dict[str, Any]:
    """People have other ids in the second town: how often each row stands counts, not whom it names."""
    tables = {name: sorted(Counter(blank(row) for row in each.elements()).items()) for name, each in found["tables"].items()}
    return found | {"tables": tables}


def blank(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("somebody" if len(cell) == 36 and cell.count("-") == 4 else cell for cell in row)


def test_all_of_it_is_taken_back_and_a_message_that_went_out_is_told(ready: Ready) -> None:
    run_id = switched(ready)
    incident = queries.run(run_id).incident_id
    commands.undo_last(run_id, by=ready.duty)
    commands.carry_on(run_id)
    told = queries.run(run_id)
    assert (told.state, told.steps[-1].undone) == (RunState.HELD, 1)
    commands.undo_all(run_id, by=ready.duty)
    commands.carry_on(run_id)
    told = queries.run(run_id)
    assert told.state is RunState.UNDONE
    assert {step.done for step in told.steps} == {0}
    assert incidents.incident(incident).ended_at is not None
    assert {one.state for one in organisations.branches([EVERYWHERE], incident=incident)} == {BranchState.DISSOLVED}
    assert not organisations.posts(incident=incident)
    assert not organisations.teams(incident=incident)
    assert switched(ready) != run_id


def test_whoever_lost_the_office_meanwhile_holds_the_run_and_another_lets_it_go_on(ready: Ready) -> None:
    run_id = commands.activate(ready.plan, switch(), by=ready.duty).run_id
    [grant] = accounts.grants_of(ready.cast.account("street.duty"))
    revoke(grant.grant_id, by=access.local_administrator())
    commands.carry_on(run_id)
    told = queries.run(run_id)
    assert (told.state, sum(step.done for step in told.steps)) == (RunState.HELD, 0)
    assert told.message
    with pytest.raises(Denied):
        commands.go_on(run_id, by=ready.duty)
    commands.go_on(run_id, by=ready.cast.city_command)
    commands.carry_on(run_id)
    assert queries.run(run_id).state is RunState.DONE
    with pytest.raises(NotHeld):
        commands.go_on(run_id, by=ready.cast.city_command)


def test_what_is_wrong_with_a_plan_is_said_in_peacetime(ready: Ready) -> None:
    plan = queries.plan(ready.plan)
    found = Counter((one.lack, one.part_key, one.site) for one in queries.findings(plan))
    assert found[Lack.TOO_FEW_MEMBERS, "branch", "乙小区"] == 1
    assert found[Lack.NOBODY, "service", "甲小区"] == 1
    assert (Lack.TOO_FEW_MEMBERS, "branch", "甲小区") not in found
    commands.bind(ready.plan, "service", ready.compounds[0], ready.party.members[:1], by=ready.duty)
    end_area(ready.compounds[1], by=None)
    commands.bind(ready.plan, "branch", ready.compounds[0], [*ready.party.members[:3], somebody("已示走")], by=ready.duty)
    found = Counter((one.lack, one.part_key, one.site) for one in queries.findings(queries.plan(ready.plan)))
    assert found[Lack.PERSON_GONE, "branch", "甲小区"] == 1
    assert found[Lack.TWO_POSTS, "service", ""] == 1
    assert not [key for key in found if key[2] == "乙小区"]
    with pytest.raises(SiteWrong):
        commands.bind(ready.plan, "branch", ready.compounds[1], [], by=ready.duty)
    commands.retire(ready.plan, by=ready.duty)
    with pytest.raises(PlanRetired):
        commands.activate(ready.plan, switch(), by=ready.duty)
    for name, kind, content in examples().values():
        drawn = commands.draw_up(name, kind, ready.cast.street.place_id, content, by=ready.duty)
        assert {one.lack for one in queries.findings(drawn)} <= {
            Lack.NOBODY,
            Lack.TOO_FEW_MEMBERS,
            Lack.NO_APPROVER,
            Lack.NO_SITE,
            Lack.NO_POOL,
        }
    assert {"epidemic", "flood", "gas", "heat"} <= set(examples())
