"""Reads of runs: how far one is, what it could not do, what it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from lianfang.ground.incidents.types import Ground
from lianfang.headquarters.playbooks.models import Item, Run
from lianfang.headquarters.playbooks.types import (
    ItemState,
    RefusedSeen,
    RunKind,
    RunNotFound,
    RunSeen,
    RunState,
    Section,
    StepSeen,
)
from lianfang.kernel.ids import AccountId, IncidentId, PlaceId
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside


def run(run_id: UUID) -> RunSeen:
    """One run. Raises RunNotFound."""
    row = Run.objects.select_related("version").filter(pk=run_id).first()
    if row is None:
        raise RunNotFound
    return _seen([row])[0]


def runs(ranges: Sequence[Range], limit: int = 50) -> list[RunSeen]:
    """Runs for places in the ranges, the latest begun first."""
    return _seen(list(Run.objects.select_related("version").filter(inside(ranges)).order_by("-begun_at")[:limit]))


def runs_of_plan(plan_id: UUID, limit: int = 20) -> list[RunSeen]:
    """When a plan was activated or practised, the latest first."""
    return _seen(list(Run.objects.select_related("version").filter(version__plan_id=plan_id).order_by("-begun_at")[:limit]))


def run_of(incident_id: IncidentId, kind: RunKind) -> RunSeen | None:
    """The run that opened an incident, or that stands it down."""
    row = Run.objects.select_related("version").filter(incident=incident_id, kind=kind).first()
    return _seen([row])[0] if row else None


def stood_down(incident_id: IncidentId) -> bool:
    """Whether an incident has been stood down to the end: what `closing` asks before it erases."""
    return Run.objects.filter(incident=incident_id, kind=RunKind.STANDING_DOWN, state=RunState.DONE).exists()


def in_hand() -> list[UUID]:
    """The runs that the process of jobs goes on with, the earliest begun first."""
    states = (RunState.RUNNING, RunState.UNDOING)
    return list(Run.objects.filter(state__in=states).order_by("begun_at", "id").values_list("id", flat=True))


def _seen(rows: Sequence[Run]) -> list[RunSeen]:
    counted = (
        Item.objects.filter(run__in=rows)
        .values("run_id", "step", "section", "state")
        .annotate(many=Count("pk"), ended=Max("done_at"))
        .order_by("run_id", "step")
    )
    steps: dict[UUID, dict[str, list[Any]]] = defaultdict(dict)
    for one in counted:
        steps[one["run_id"]].setdefault(one["section"], []).append(one)
    return [_one(row, steps[row.id]) for row in rows]


def _one(row: Run, steps: dict[str, list[Any]]) -> RunSeen:
    why = row.why or {}
    return RunSeen(
        row.id, RunKind(row.kind), RunState(row.state), row.version.plan_id if row.version else None, IncidentId(row.incident), row.name,
        PlaceId(row.place), row.position, row.drill, row.begun_at, AccountId(row.begun_by) if row.begun_by else None, row.ended_at,
        tuple(_step(key, states) for key, states in steps.items()), why.get("message", ""), why.get("facts", {}),
    )  # fmt: skip


def _step(key: str, states: list[Any]) -> StepSeen:
    many = {one["state"]: one["many"] for one in states}
    ended = [one["ended"] for one in states if one["ended"]]
    return StepSeen(
        key, sum(many.values()), many.get(ItemState.DONE, 0), many.get(ItemState.REFUSED, 0), many.get(ItemState.UNDONE, 0),
        max(ended) if ended and not many.get(ItemState.WAITING) else None,
    )  # fmt: skip


def refused(run_id: UUID, limit: int = 200) -> list[RefusedSeen]:
    """What a run could not do, and why."""
    rows = Item.objects.filter(run_id=run_id, state=ItemState.REFUSED).order_by("step", "number")[:limit]
    return [RefusedSeen(row.section, row.name, row.told.get("message", ""), row.told.get("facts", {})) for row in rows]


def made(run_id: UUID, section: str) -> list[UUID]:
    """The ids of what a step of a run made and has not taken back."""
    rows = Item.objects.filter(run_id=run_id, section=section, state=ItemState.DONE, made__isnull=False)
    return [one for one in rows.order_by("number").values_list("made", flat=True) if one]


def found(run_id: UUID) -> dict[str, Any]:
    """The figures that a run found out: those of the closing report, empty before."""
    return dict(Run.objects.filter(pk=run_id).values_list("found", flat=True).first() or {})


def ground(run_id: UUID) -> Ground:
    """On what ground a run was confirmed."""
    told = Run.objects.values_list("choices", flat=True).get(pk=run_id)
    return Ground(told["authority"], told["document"], told.get("reason", ""))


def gone_out(run_id: UUID) -> int:
    """Messages of calls that were taken back after they had gone out."""
    rows = Item.objects.filter(run_id=run_id, state=ItemState.UNDONE, section=Section.CALLS).values_list("told", flat=True)
    return sum(int(told.get("sent", 0)) for told in rows)
