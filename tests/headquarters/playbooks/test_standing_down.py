"""Standing down closes what is open, keeps what is to stay, tells who served and what it came to; killed anywhere it ends the same."""

from __future__ import annotations

import signal
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts import queries as account_queries
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import GroundMissing, IncidentEnded
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.branch_types import BranchState
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.queries.still_open import bodies, preview
from lianfang.headquarters.playbooks.types import ConversionWrong, NotHeld, RunState, StandDown, WayBack
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.ids import IncidentId, new_id
from lianfang.kernel.ranges import EVERYWHERE
from lianfang.ledger.kinds.errands import About
from lianfang.work.matters import commands as matters
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation import queries as forces
from lianfang.work.orders import queries as orders
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound
from tests.factories.plans import GROUND, Ready, make_ready, switched
from tests.headquarters.playbooks.test_activation import in_a_process, killed_in
from tests.ledger.folded import fold_all


@pytest.fixture
def ready(transactional_db: None) -> Ready:
    return make_ready()


def in_full_swing(ready: Ready) -> IncidentId:
    """Activated, with a task, a round and a role that came with it, and somebody on duty for an hour and a half."""
    incident = queries.run(switched(ready)).incident_id
    cast, now = ready.cast, clock.now()
    matters.raise_matter(cast.a_door.place_id, About.HELP_WANTED, now + timedelta(days=1), by=cast.secretary, incident=incident)
    rounds.open_round(
        NewRound("示例排查", "headcount", now + timedelta(days=1), place=cast.a.place_id, incident=incident), by=cast.secretary
    )
    accounts.give(
        cast.account("grid.a"), NewGrant(Role.VOLUNTEER, OverPlace(cast.a.place_id), incident=incident), by=access.local_administrator()
    )
    began = incidents.incident(incident).opened_at
    mobilisation.sign_on(cast.a_building.place_id, by=cast.grid_worker, occurred_at=began)
    with connection.cursor() as cursor:
        cursor.execute("update accounts_account set person_id = %s where id = %s", [ready.party.members[0], cast.account("grid.a")])
    fold_all()
    return incident


def left(incident: IncidentId, cast: Any) -> dict[str, Any]:
    told = incidents.incident(incident)
    return {
        "ended": told.ended_at is not None,
        "measures": [one.lifted_at is not None for one in incidents.measures_of(incident)],
        "posts": sorted(one.name for one in organisations.posts(incident=incident)),
        "teams": [one.name for one in organisations.teams(incident=incident)],
        "areas": organisations.responsibilities(incident=incident),
        "branches": sorted((one.name, one.state.value) for one in organisations.branches([EVERYWHERE], incident=incident)),
        "calls": [one.closed_at is not None for one in forces.calls([EVERYWHERE])],
        "needs": forces.needs_of(incident),
        "orders": [one.closed_because for one in orders.orders_within([EVERYWHERE], incident=incident)],
        "grants": [grant.role for grant in account_queries.grants_of(cast.account("grid.a"))],
    }


@pytest.mark.parametrize("killed", [False, True])
def test_everything_is_closed_and_one_body_stays(ready: Ready, killed: bool) -> None:
    incident = in_full_swing(ready)
    told = incidents.incident(incident)
    [branch] = bodies(told)
    lines = {line.section: line.things for line in preview(told)}
    assert list(lines) == [step.value for step in WayBack]
    down = StandDown(GROUND, {branch.branch_id: OrganisationKind.FUNCTIONAL_BRANCH})
    run = commands.stand_down(incident, down, by=ready.duty)
    if killed:
        for step in WayBack:
            for after in (False, True):
                assert in_a_process(run.run_id, killed_in(step.value, after=after)) == signal.SIGKILL, step
    assert in_a_process(run.run_id, lambda: None) == 0
    fold_all()
    done = queries.run(run.run_id)
    assert (done.state, queries.refused(run.run_id)) == (RunState.DONE, [])
    assert queries.stood_down(incident)
    assert {step.key: step.done for step in done.steps} == lines
    assert left(incident, ready.cast) == {
        "ended": True, "measures": [True, True], "posts": ["甲小区便民服务岗", "甲小区卡口值守岗"], "teams": ["甲小区党员先锋队"], "areas": [],
        "branches": [("甲小区临时党支部", "converted")], "calls": [True], "needs": [], "orders": ["示例"], "grants": ["grid_worker"],
    }  # fmt: skip

    found = queries.found(run.run_id)
    counts = found["counts"]
    assert (counts["bodies"], counts["bodies_standing"], counts["posts"], counts["called"], counts["matters_settled"]) == (1, 1, 4, 6, 1)
    assert (found["orders"][0][3:], len(found["days"])) == ([2, 0, 0], 1)
    home = ready.party.department
    rows = {one.person_id: one for one in queries.services(run.run_id, home)}
    assert set(rows) == set(ready.party.members)
    assert {one.days for one in rows.values()} == {1}
    assert "甲小区卡口值守岗" in rows[ready.party.members[0]].what
    assert {(one, people) for one, people, _, _ in queries.letters(run.run_id)} >= {(home, 5)}
    assert counts["people"] == sum(people for _, people, _, _ in queries.letters(run.run_id))


def test_who_may_and_what_is_wrong_is_said(ready: Ready) -> None:
    incident = queries.run(switched(ready)).incident_id
    local = access.local_administrator()
    for why, told, by in (
        (NotFound, StandDown(GROUND), ready.cast.secretary),
        (GroundMissing, StandDown(type(GROUND)("", "")), ready.duty),
        (ConversionWrong, StandDown(GROUND, {new_id(): OrganisationKind.JOINT_BRANCH}), local),
    ):
        with pytest.raises(why):
            commands.stand_down(incident, told, by=by)
    run = commands.stand_down(incident, StandDown(GROUND), by=ready.duty)
    with pytest.raises(NotHeld):
        commands.stand_down(incident, StandDown(GROUND), by=local)
    commands.carry_on(run.run_id)
    assert {one.state for one in organisations.branches([EVERYWHERE], incident=incident)} == {BranchState.DISSOLVED}
    assert organisations.posts(incident=incident) == []
    with pytest.raises(IncidentEnded):
        commands.stand_down(incident, StandDown(GROUND), by=local)
    assert isinstance(run.run_id, UUID)
