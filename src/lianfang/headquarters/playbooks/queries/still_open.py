"""What an incident has left open: every single thing that standing down closes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import IncidentSeen
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.branch_types import BranchSeen, BranchState
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks.queries.runs import made, run_of
from lianfang.headquarters.playbooks.queries.service import organisations_that_served
from lianfang.headquarters.playbooks.types import Line, RunKind, Section, WayBack
from lianfang.kernel import clock
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import EVERYWHERE
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.orders import queries as orders
from lianfang.work.rounds import queries as rounds

MOST = 100_000

# Of a drill, whose book is that of a month, the tasks of its own stream.
_TASKS = """
select m.id, m.place, m.position, m.about from matters_matter m
where m.settled_at is null
  and (m.book in (select b.id from ledger_book b where b.incident = %(incident)s) or m.stream = %(incident)s)
order by m.position, m.id
"""


@dataclass(frozen=True, slots=True)
class OpenThing:
    """One thing that is still open: which step closes it, what kind of thing it is, what it is called, and which body raised it."""

    step: WayBack
    what: str
    ref: UUID
    name: str
    place_id: UUID
    position: int
    body: UUID | None = None


def still_open(told: IncidentSeen) -> list[OpenThing]:
    """Everything that an incident has left open, in the order in which it is closed; whoever served, by their organisation."""
    where = place_of(told)
    home = places.place(where)
    found = _called(told) + _tasks(told) + _duties(told)
    for order in orders.orders_within([EVERYWHERE], incident=told.incident_id, limit=MOST):
        if order.closed_at is None:
            at = places.place(order.place_id)
            found.append(OpenThing(WayBack.ORDERS, "order", order.id, order.title, at.id, at.lo))
    for one in rounds.rounds(incidents.incident_ranges(told), drills=True, limit=MOST):
        if one.incident == told.incident_id and one.ends_at > clock.now():
            found.append(OpenThing(WayBack.ROUNDS, "round", one.id, one.name, one.home_id, places.place(one.home_id).lo))
    for measure in incidents.measures_of(told.incident_id):
        if measure.lifted_at is None and measure.expires_at > clock.now():
            over = PlaceId(places.area(measure.area_id).home_id) if measure.area_id else measure.place_id or where
            found.append(OpenThing(WayBack.MEASURES, "measure", measure.measure_id, measure.meaning.term, over, places.place(over).lo))
    for grant in accounts.grants_of_incident(told.incident_id):
        found.append(OpenThing(WayBack.GRANTS, "grant", grant.grant_id, grant.scope_name, where, home.lo))
    for step in (WayBack.REPORT, WayBack.END):
        found.append(OpenThing(step, step.value, told.incident_id, told.name, where, home.lo))
    return sorted(found, key=lambda one: list(WayBack).index(one.step))


def place_of(told: IncidentSeen) -> PlaceId:
    """The place that an incident is run from."""
    if told.place_id is not None:
        return told.place_id
    if told.area_id is not None:
        return PlaceId(places.area(told.area_id).home_id)
    return places.outermost()[0].place_id


def _called(told: IncidentSeen) -> list[OpenThing]:
    run = run_of(told.incident_id, RunKind.ACTIVATION) if told.drill else None
    calls = mobilisation.calls_of(told.incident_id, made(run.run_id, Section.CALLS) if run else ())
    needs = mobilisation.needs_of(told.incident_id)
    return [
        *(OpenThing(WayBack.CALLS, "call", call.call_id, call.words, call.place_id, call.position) for call in calls),
        *(OpenThing(WayBack.NEEDS, "need", need.need_id, need.name, need.place_id, need.position) for need in needs),
    ]


def _tasks(told: IncidentSeen) -> list[OpenThing]:
    with connection.cursor() as cursor:
        cursor.execute(_TASKS, {"incident": told.incident_id})
        return [OpenThing(WayBack.TASKS, "matter", row[0], row[3], row[1], row[2]) for row in cursor.fetchall()]


def _duties(told: IncidentSeen) -> list[OpenThing]:
    incident, where = told.incident_id, place_of(told)
    position = places.place(where).lo
    answering = organisations.responsibilities(incident=incident, limit=MOST)
    branches = bodies(told)
    seats = places.places_by_id([branch.place_id for branch in branches])
    step = WayBack.DUTIES
    return [
        *(
            OpenThing(WayBack.SERVICE, "letter", one or incident, name, where, position)
            for one, name in organisations_that_served(incident)
        ),
        *(
            OpenThing(step, "post", post.post_id, post.name, post.place_id, post.position, post.organisation_id)
            for post in organisations.posts(incident=incident, limit=MOST)
        ),
        *(
            OpenThing(step, "team", team.team_id, team.name, team.place_id, team.position, team.organisation_id)
            for team in organisations.teams(incident=incident, limit=MOST)
        ),
        *(OpenThing(step, "area", one.responsibility_id, one.area, where, one.position, one.organisation_id) for one in answering),
        *(
            OpenThing(WayBack.BODIES, "body", branch.branch_id, branch.name, branch.place_id, seats[branch.place_id].lo)
            for branch in branches
        ),
    ]


def bodies(told: IncidentSeen) -> list[BranchSeen]:
    """The bodies that were raised for an incident and stand."""
    return organisations.branches([EVERYWHERE], incident=told.incident_id, states=[BranchState.ACTIVE], limit=MOST)


def preview(told: IncidentSeen) -> list[Line]:
    """What standing down will close, step by step in numbers."""
    counted: dict[str, int] = {}
    for one in still_open(told):
        counted[one.step] = counted.get(one.step, 0) + 1
    return [Line(step, many) for step, many in counted.items()]
