"""The way back (转常态): one action writes down all that is open, and the process of jobs closes it step by step."""

from __future__ import annotations

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import GroundMissing, IncidentEnded, IncidentSeen
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import queries
from lianfang.headquarters.playbooks.models import Item, Run
from lianfang.headquarters.playbooks.queries.still_open import OpenThing, bodies, place_of, still_open
from lianfang.headquarters.playbooks.types import (
    ActivationRuns,
    ConversionWrong,
    NotHeld,
    RunKind,
    RunSeen,
    RunState,
    StandDown,
    WayBack,
)
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import IncidentId, derived_id, new_id
from lianfang.kernel.ranges import contains

AT_ONCE = 2_000
STANDING = (OrganisationKind.FUNCTIONAL_BRANCH, OrganisationKind.JOINT_BRANCH, OrganisationKind.PARTY_BRANCH)
"""What a temporary body may become."""


def stand_down(incident_id: IncidentId, told: StandDown, *, by: Actor) -> RunSeen:
    """Begin to stand an incident down; the process of jobs does the rest, and at the end the incident is over.

    Raises IncidentNotFound, Denied, GroundMissing, IncidentEnded, ActivationRuns, NotHeld where it is being stood down already,
    and ConversionWrong where a body that is to stay is none of this incident's.
    """
    ground = told.ground
    if not ground.authority.strip() or not ground.document.strip():
        raise GroundMissing
    with acting(by.account_id, ground.reason):
        incident = incidents.incident(incident_id)
        require(by, incident)
        if incident.ended_at is not None:
            raise IncidentEnded
        activation = queries.run_of(incident_id, RunKind.ACTIVATION)
        if activation is not None and activation.moving:
            raise ActivationRuns
        if queries.run_of(incident_id, RunKind.STANDING_DOWN) is not None:
            raise NotHeld
        standing = {one.branch_id for one in bodies(incident)}
        if not (set(told.keep) <= standing and set(told.keep.values()) <= set(STANDING)):
            raise ConversionWrong
        run = _run(incident, told, by)
        run.save(force_insert=True)
        Item.objects.bulk_create([_item(run, number, one) for number, one in enumerate(still_open(incident))], batch_size=AT_ONCE)
    return queries.run(run.id)


def require(by: Actor, incident: IncidentSeen) -> None:
    """Whoever stands an incident down must hold all of its area, as whoever opened it. Raises NotFound, Denied."""
    access.require(by, Ability.PLACES_SEE, places.place(place_of(incident)))
    held = access.ranges(access.renewed(by), Ability.INCIDENTS_OPEN, reading=False)
    if not all(contains(held, piece) for piece in incidents.incident_ranges(incident)):
        raise Denied


def _run(incident: IncidentSeen, told: StandDown, by: Actor) -> Run:
    place = places.place(place_of(incident))
    now = clock.now()
    return Run(
        id=new_id(now), kind=RunKind.STANDING_DOWN, state=RunState.RUNNING, incident=incident.incident_id, name=incident.name,
        place=place.id, position=place.lo, drill=incident.drill, begun_by=by.account_id, begun_at=now,
        choices={
            "authority": told.ground.authority.strip(), "document": told.ground.document.strip(), "reason": told.ground.reason.strip(),
            "keep": {str(body): kind.value for body, kind in told.keep.items()},
        },
    )  # fmt: skip


def _item(run: Run, number: int, one: OpenThing) -> Item:
    return Item(
        id=derived_id(run.id, f"{one.step} {one.what} {one.ref}"), run=run, section=one.step, step=list(WayBack).index(one.step),
        number=number, part=one.what, name=one.name, place=one.place_id, position=one.position,
        told={"of": str(one.ref), "what": one.what, **({"body": str(one.body)} if one.body else {})},
    )  # fmt: skip
