"""The steps of standing down: everything that is open is closed, with the reason; what is to stay becomes a standing body.

Each item says in `told` which thing it is (`of`), of what kind (`what`). None of it is taken back: what has ended is raised anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from lianfang.ground.accounts import commands as accounts
from lianfang.ground.incidents import commands as incidents
from lianfang.ground.incidents import queries as incident_queries
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations import queries as organisation_queries
from lianfang.ground.organisations.branch_types import Approval, ApprovalMissing
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.headquarters.playbooks.models import Item, Service
from lianfang.headquarters.playbooks.queries.figures import figures_of
from lianfang.headquarters.playbooks.queries.service import served
from lianfang.headquarters.playbooks.steps.frame import Doing, Step
from lianfang.headquarters.playbooks.types import WayBack
from lianfang.kernel.ids import GrantId, IncidentId, MatterId, MeasureId, OrderId, OrganisationId, RoundId, new_id
from lianfang.ledger.kinds.errands import Settlement
from lianfang.work.matters import commands as matters
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.orders import commands as orders
from lianfang.work.rounds import commands as rounds


def of(item: Item) -> UUID:
    """The thing that an item closes."""
    return UUID(item.told["of"])


def _calls(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        mobilisation.close_call(of(item), by=doing.by)


def _orders(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        orders.close_order(OrderId(of(item)), reason(doing), by=doing.by)


def reason(doing: Doing) -> str:
    """Why everything ends: the words of the decision, or its paper."""
    return doing.ground.reason or f"{doing.ground.authority} {doing.ground.document}"


def _tasks(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        matters.settle_matter(MatterId(of(item)), Settlement.NOT_NEEDED, by=doing.by, remark=reason(doing))


def _rounds(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        rounds.close_round(RoundId(of(item)), by=doing.by, reason=reason(doing))


def _needs(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        mobilisation.end_need(of(item), by=doing.by)


def _service(doing: Doing, items: Sequence[Item]) -> None:
    told = incident_queries.incident(doing.incident)
    for item in items:
        organisation = None if of(item) == doing.incident else OrganisationId(of(item))
        rows = served(told, organisation)
        for row in rows:
            Service(id=new_id(), run=doing.run, incident=doing.incident, organisation=organisation, **row).save(force_insert=True)
        item.told = item.told | {"people": len(rows)}


def _duties(doing: Doing, items: Sequence[Item]) -> None:
    """Posts, teams and areas, but those of a body that stays."""
    staying = {UUID(body) for body in doing.run.choices.get("keep", {})}
    kept = {organisation_queries.branch(body).organisation_id for body in staying}
    ending = [item for item in items if not item.told.get("body") or UUID(item.told["body"]) not in kept]
    by = doing.by.account_id
    organisations.close_posts([of(item) for item in ending if item.told["what"] == "post"], by=by)
    organisations.disband_teams([of(item) for item in ending if item.told["what"] == "team"], by=by)
    organisations.answer_no_more([of(item) for item in ending if item.told["what"] == "area"], by=by)


def _bodies(doing: Doing, items: Sequence[Item]) -> None:
    keep = doing.run.choices.get("keep", {})
    for item in items:
        into = keep.get(str(of(item)))
        if not into:
            organisations.dissolve_branch(of(item), by=doing.by.account_id, document=doing.ground.document)
            continue
        approver = organisation_queries.branch(of(item)).approver_id
        if approver is None:
            raise ApprovalMissing
        paper = Approval(approver, doing.ground.document)
        organisations.convert_branch(of(item), OrganisationKind(into), paper, by=doing.by.account_id)
        item.told = item.told | {"into": into}


def _measures(doing: Doing, items: Sequence[Item]) -> None:
    """Whoever ends the response lifts what it raised, whichever authority of the incident it was raised by."""
    for item in items:
        incidents.lift_measure(MeasureId(of(item)), doing.ground, by=doing.by, superior=True)


def _grants(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        accounts.revoke(GrantId(of(item)), by=doing.by, reason=reason(doing))


def _report(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        doing.run.found = figures_of(IncidentId(of(item)), doing.run.id)


def _end(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        incidents.end_incident(IncidentId(of(item)), doing.ground, by=doing.by, lift_measures=True)


STEPS: dict[WayBack, Step] = {
    WayBack.CALLS: Step(_calls, at_once=20),
    WayBack.ORDERS: Step(_orders),
    WayBack.TASKS: Step(_tasks),
    WayBack.ROUNDS: Step(_rounds),
    WayBack.NEEDS: Step(_needs, at_once=20),
    WayBack.SERVICE: Step(_service),
    WayBack.DUTIES: Step(_duties, at_once=50),
    WayBack.BODIES: Step(_bodies, at_once=5),
    WayBack.MEASURES: Step(_measures, at_once=20),
    WayBack.GRANTS: Step(_grants),
    WayBack.REPORT: Step(_report, must=True),
    WayBack.END: Step(_end, must=True),
}
