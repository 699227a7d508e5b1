"""Taking back: the last step of an activation, or all of it while nobody has acted on it; and going on after something held it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import queries
from lianfang.headquarters.playbooks.models import Item, Run
from lianfang.headquarters.playbooks.types import (
    ActedUpon,
    ItemState,
    NotHeld,
    NothingToUndo,
    RunKind,
    RunNotFound,
    RunSeen,
    RunState,
    Section,
)
from lianfang.kernel.ids import IncidentId, OrderId, PlaceId
from lianfang.ledger.queries import acted_in
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.orders import queries as orders
from lianfang.work.orders.types import OrderNotFound


def undo_last(run_id: UUID, *, by: Actor) -> RunSeen:
    """Take back the last step that did anything; the run then waits. Raises RunNotFound, Denied, NotHeld, NothingToUndo, ActedUpon."""
    with transaction.atomic():
        run = _of_activation(run_id, by)
        last = Item.objects.filter(run=run, state=ItemState.DONE).order_by("-step").values_list("section", flat=True).first()
        if last is None:
            raise NothingToUndo
        if last == Section.INCIDENT or _acted(run, [Section(last)]):
            _unless_acted(run)
        _begin(run, [last], by)
    return queries.run(run_id)


def undo_all(run_id: UUID, *, by: Actor) -> RunSeen:
    """Take back everything, the last first, while nobody has acted on it. Raises as the other does."""
    with transaction.atomic():
        run = _of_activation(run_id, by)
        if not Item.objects.filter(run=run, state=ItemState.DONE).exists():
            raise NothingToUndo
        _unless_acted(run)
        _begin(run, [section.value for section in Section], by)
    return queries.run(run_id)


def go_on(run_id: UUID, *, by: Actor) -> RunSeen:
    """Let a run that was held go on; whoever says so acts from now on. Raises RunNotFound, Denied, NotHeld."""
    with transaction.atomic():
        run = locked(run_id, by)
        if run.state != RunState.HELD:
            raise NotHeld
        run.state, run.why, run.begun_by = RunState.RUNNING, None, by.account_id
        run.save(update_fields=["state", "why", "begun_by"])
    return queries.run(run_id)


def locked(run_id: UUID, by: Actor) -> Run:
    """The row of a run that somebody may steer. Raises RunNotFound, NotFound, Denied."""
    run = Run.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None:
        raise RunNotFound
    access.require(by, "incidents.open", places.place(PlaceId(run.place)))
    return run


def _of_activation(run_id: UUID, by: Actor) -> Run:
    run = locked(run_id, by)
    over = queries.run_of(IncidentId(run.incident), RunKind.STANDING_DOWN)
    if run.kind != RunKind.ACTIVATION or over is not None or run.state in (RunState.UNDOING, RunState.UNDONE):
        raise NotHeld
    return run


def _begin(run: Run, sections: list[str], by: Actor) -> None:
    run.state, run.undoing, run.why, run.begun_by = RunState.UNDOING, sections, None, by.account_id
    run.save(update_fields=["state", "undoing", "why", "begun_by"])


def _unless_acted(run: Run) -> None:
    if _acted(run, list(Section)) or acted_in(IncidentId(run.incident), ("order_issued",)):
        raise ActedUpon


def _acted(run: Run, sections: list[Section]) -> bool:
    """Whether anybody answered a call or an order of these steps."""
    if Section.CALLS in sections and any(mobilisation.call(call).answers for call in queries.made(run.id, Section.CALLS)):
        return True
    return Section.ORDERS in sections and any(_answered(OrderId(order)) for order in queries.made(run.id, Section.ORDERS))


def _answered(order_id: OrderId) -> bool:
    try:
        told = orders.order(order_id)
    except OrderNotFound:  # issued a moment ago and not folded yet: so nobody has seen it
        return False
    return any(one.standing != "unanswered" for one in orders.recipients(told))
