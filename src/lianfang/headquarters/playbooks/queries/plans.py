"""Reads of plans, their versions and who is bound to them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from lianfang.ground.incidents.types import IncidentKind
from lianfang.ground.people import queries as people
from lianfang.headquarters.playbooks.content import as_content
from lianfang.headquarters.playbooks.models import Holder, Plan, Version
from lianfang.headquarters.playbooks.types import HolderSeen, PlanNotFound, PlanSeen, VersionSeen
from lianfang.kernel.ids import AccountId, PersonId, PlaceId
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside


def plan(plan_id: UUID) -> PlanSeen:
    """One plan as it stands. Raises PlanNotFound."""
    row = Plan.objects.filter(pk=plan_id).first()
    if row is None:
        raise PlanNotFound
    return _seen([row])[0]


def plans(ranges: Sequence[Range], *, retired: bool = False, limit: int = 200) -> list[PlanSeen]:
    """Plans for places in the ranges, those that hold; the widest place first."""
    rows = Plan.objects.filter(inside(ranges))
    if not retired:
        rows = rows.filter(retired_at=None)
    return _seen(list(rows.order_by("position", "name", "id")[:limit]))


def _seen(rows: Sequence[Plan]) -> list[PlanSeen]:
    latest = Version.objects.filter(plan__in=rows).order_by("plan_id", "-number").distinct("plan_id")
    versions = {row.plan_id: row for row in latest}
    return [
        PlanSeen(
            row.id, row.name, IncidentKind(row.kind), PlaceId(row.place), row.position, versions[row.id].number, versions[row.id].written_at,
            as_content(versions[row.id].content), row.retired_at,
        )
        for row in rows
    ]  # fmt: skip


def version_row(plan_id: UUID) -> Version:
    """The version that holds, for what is carried out by it."""
    return Version.objects.filter(plan_id=plan_id).order_by("-number")[0]


def versions(plan_id: UUID) -> list[VersionSeen]:
    """All versions of a plan, the last first."""
    rows = Version.objects.filter(plan_id=plan_id).order_by("-number")
    return [VersionSeen(row.number, row.written_at, AccountId(row.written_by) if row.written_by else None, row.note) for row in rows]


def holders(plan_id: UUID, part: str | None = None, site_id: UUID | None = None) -> list[HolderSeen]:
    """Who is bound to a plan today, or to one part of it at one place: whoever leads first. `gone` where they are no longer known."""
    rows = Holder.objects.filter(plan_id=plan_id, valid_to=None)
    if part is not None:
        rows = rows.filter(part=part)
    if site_id is not None:
        rows = rows.filter(site=site_id)
    found = list(rows.order_by("part", "position", "site", "-leads", "id"))
    names = people.names_masked(PersonId(row.person) for row in found)
    return [
        HolderSeen(
            row.id, row.part, row.site, PersonId(row.person), names.get(PersonId(row.person), ""), row.leads,
            gone=PersonId(row.person) not in names,
        )
        for row in found
    ]  # fmt: skip
