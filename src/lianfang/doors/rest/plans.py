"""Plans and runs over the machine interface: what is kept ready, what is wrong with it, switching, how far a run is, the way back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from lianfang.doors.rest.frame import at, caller
from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.incidents.types import Ground
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.types import RunSeen, StandDown, Switch
from lianfang.kernel.ids import IncidentId, OrganisationId, PlaceId

router = Router(tags=["plans"])


class PlanOut(Schema):
    """One plan with the number of its version, and how many things are wrong with it today."""

    id: UUID
    name: str
    kind: str
    place: UUID
    version: int
    written_at: datetime
    findings: int


class FindingOut(Schema):
    """One thing to look at: what, in which part, where, and how many people it is about."""

    lack: str
    part: str
    place: str
    count: int


class StepOut(Schema):
    """One step of a run: things done, refused, taken back, out of all."""

    key: str
    things: int
    done: int
    refused: int
    undone: int


class RunOut(Schema):
    """A run as it stands. `state`: running, held, done, undoing, undone. `held_because`: the reason, in English."""

    id: UUID
    kind: str
    state: str
    incident: UUID
    name: str
    drill: bool
    begun_at: datetime
    ended_at: datetime | None
    steps: list[StepOut]
    held_because: str


class GroundIn(Schema):
    """On what ground it is decided."""

    authority: str
    document: str
    reason: str = ""


class SwitchIn(GroundIn):
    """The switch: until when, practised or real."""

    expires_at: datetime
    drill: bool = False
    level: str = ""
    approver: UUID | None = None


class StandDownIn(GroundIn):
    """The way back: bodies that stay, each with the kind it becomes."""

    keep: dict[UUID, OrganisationKind] = {}


class UndoIn(Schema):
    """All of it, or only the last step."""

    all: bool = False


@router.get("/plans/{place_id}", response=list[PlanOut], operation_id="list_plans", summary="Plans for a place")
@at(Ability.MEMBERS_SEE, place="place_id")
def list_plans(request: HttpRequest, place_id: UUID) -> list[PlanOut]:
    """Those that hold."""
    found = queries.plans(places.ranges_of(places.place(PlaceId(place_id))))
    return [
        PlanOut(
            id=one.plan_id, name=one.name, kind=one.kind, place=one.place_id, version=one.number, written_at=one.written_at,
            findings=len(queries.findings(one)),
        )
        for one in found
    ]  # fmt: skip


@router.get("/plans/{plan_id}/check", response=list[FindingOut], operation_id="check_plan", summary="What is wrong with a plan")
@at(Ability.MEMBERS_SEE)
def check_plan(request: HttpRequest, plan_id: UUID) -> list[FindingOut]:
    """In the order of its parts and places."""
    told = queries.plan(plan_id)
    access.require(caller(request).actor, Ability.MEMBERS_SEE, places.place(told.place_id))
    return [FindingOut(lack=one.lack, part=one.part, place=one.site, count=one.count) for one in queries.findings(told)]


@router.post("/plans/{plan_id}/activate", response=RunOut, operation_id="activate_plan", summary="Activate a plan, or practise it")
@at(Ability.MEMBERS_SEE)
def activate_plan(request: HttpRequest, plan_id: UUID, body: SwitchIn) -> RunOut:
    """The answer comes at once; the run goes on by itself."""
    switch = Switch(
        Ground(body.authority, body.document, body.reason), body.expires_at, body.drill, level=body.level,
        approver=OrganisationId(body.approver) if body.approver else None,
    )  # fmt: skip
    return _out(commands.activate(plan_id, switch, by=caller(request).actor))


@router.get("/runs/{run_id}", response=RunOut, operation_id="show_run", summary="How far a run is")
@at(Ability.MEMBERS_SEE)
def show_run(request: HttpRequest, run_id: UUID) -> RunOut:
    """Step by step."""
    told = queries.run(run_id)
    access.require(caller(request).actor, Ability.MEMBERS_SEE, places.place(told.place_id))
    return _out(told)


@router.post("/runs/{run_id}/undo", response=RunOut, operation_id="undo_run", summary="Take back the last step, or all")
@at(Ability.MEMBERS_SEE)
def undo_run(request: HttpRequest, run_id: UUID, body: UndoIn) -> RunOut:
    """Refused where somebody has acted on it already."""
    return _out((commands.undo_all if body.all else commands.undo_last)(run_id, by=caller(request).actor))


@router.post("/incidents/{incident_id}/stand-down", response=RunOut, operation_id="stand_down", summary="Stand an incident down")
@at(Ability.MEMBERS_SEE)
def stand_down(request: HttpRequest, incident_id: UUID, body: StandDownIn) -> RunOut:
    """The answer comes at once; the run goes on by itself."""
    told = StandDown(Ground(body.authority, body.document, body.reason), dict(body.keep))
    return _out(commands.stand_down(IncidentId(incident_id), told, by=caller(request).actor))


def _out(told: RunSeen) -> RunOut:
    steps = [StepOut(key=one.key, things=one.things, done=one.done, refused=one.refused, undone=one.undone) for one in told.steps]
    return RunOut(
        id=told.run_id, kind=told.kind, state=told.state, incident=told.incident_id, name=told.name, drill=told.drill,
        begun_at=told.begun_at, ended_at=told.ended_at, steps=steps, held_because=told.message.format(**told.facts) if told.facts else told.message,
    )  # fmt: skip
