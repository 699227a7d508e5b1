"""The switch: a plan is activated, or practised. One action writes down all that is to be done; the process of jobs does it step by step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import GroundMissing, PeriodWrong, ResponseLevel
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import queries
from lianfang.headquarters.playbooks.models import Item, Plan, Run
from lianfang.headquarters.playbooks.queries.laying_out import Thing, laid_out
from lianfang.headquarters.playbooks.steps.frame import named, thing_of
from lianfang.headquarters.playbooks.types import (
    AlreadyRunning,
    ItemState,
    PlanNotFound,
    PlanRetired,
    PlanSeen,
    RunKind,
    RunSeen,
    RunState,
    Section,
    Switch,
)
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import IncidentId, derived_id, new_id

AT_ONCE = 2_000
ABILITIES = ("organisations.edit", "orders.send", "incidents.open")
"""What the one who switches must hold over all of the plan's place."""


def activate(plan_id: UUID, switch: Switch, *, by: Actor) -> RunSeen:
    """Activate a plan, or practise it (`switch.drill`); the process of jobs does the rest.

    Raises PlanNotFound, Denied, PlanRetired, GroundMissing, PeriodWrong, and AlreadyRunning where it was activated and not stood down.
    """
    ground = switch.ground
    if not ground.authority.strip() or not ground.document.strip():
        raise GroundMissing
    now = clock.now()
    if switch.expires_at <= now:
        raise PeriodWrong
    with acting(by.account_id, ground.reason):
        row = Plan.objects.select_for_update().filter(pk=plan_id).first()
        if row is None:
            raise PlanNotFound
        plan = queries.plan(plan_id)
        place = places.place(plan.place_id)
        for ability in ABILITIES:
            access.require(by, ability, place)
        if plan.retired_at is not None:
            raise PlanRetired
        _alone(plan, switch)
        run = _run(plan, switch, by)
        run.save(force_insert=True)
        items = [_item(run, number, thing) for number, thing in enumerate(laid_out(plan))]
        Item.objects.bulk_create(items, batch_size=AT_ONCE)
    return queries.run(run.id)


def _alone(plan: PlanSeen, switch: Switch) -> None:
    """One emergency of a plan at a time; a drill beside it is another matter."""
    for run in queries.runs_of_plan(plan.plan_id):
        if run.drill == switch.drill and run.state is not RunState.UNDONE and not _over(run.incident_id, run):
            raise AlreadyRunning(name=run.name)


def _over(incident_id: IncidentId, run: RunSeen) -> bool:
    opened = run.state is RunState.DONE or any(step.key == Section.INCIDENT and step.done for step in run.steps)
    return opened and incidents.incident(incident_id).ended_at is not None


def _run(plan: PlanSeen, switch: Switch, by: Actor) -> Run:
    now = clock.now()
    identifier = new_id(now)
    approver = switch.approver or plan.content.approver
    return Run(
        id=identifier, kind=RunKind.ACTIVATION, state=RunState.RUNNING, version=queries.version_row(plan.plan_id),
        incident=derived_id(identifier, "incident"), name=named(switch.name.strip() or plan.name, "", drill=switch.drill), place=plan.place_id,
        position=plan.position, drill=switch.drill, begun_by=by.account_id, begun_at=now,
        choices={
            "authority": switch.ground.authority.strip(), "document": switch.ground.document.strip(), "reason": switch.ground.reason.strip(),
            "expires_at": switch.expires_at.isoformat(), "kind": plan.kind.value,
            "level": ResponseLevel(switch.level or plan.content.level).value, "approver": str(approver) if approver else "",
        },
    )  # fmt: skip


def _item(run: Run, number: int, thing: Thing) -> Item:
    part, site = thing.part, thing.site
    name = run.name if thing.section is Section.INCIDENT else named(part.name, site.name, drill=run.drill)
    facts: dict[str, Any] = {"at": site.name}
    return Item(
        id=thing_of(run.id, part.key, site.id), run=run, section=thing.section, step=list(Section).index(thing.section), number=number,
        part=part.key, name=name, place=site.place_id, area=site.area_id, position=site.position, people=list(thing.people),
        state=ItemState.WAITING, told=facts,
    )  # fmt: skip
