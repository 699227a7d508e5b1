"""Plans in peacetime: drawn up, changed, filled with people, laid aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.incidents.types import IncidentKind
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import queries
from lianfang.headquarters.playbooks.content import as_stored
from lianfang.headquarters.playbooks.models import Holder, Plan, Version
from lianfang.headquarters.playbooks.types import Content, Part, PlanIncomplete, PlanNotFound, PlanRetired, PlanSeen, Section, SiteWrong
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import PersonId, PlaceId, new_id

SAID = (Section.BODIES, Section.POSTS, Section.CALLS, Section.ORDERS)
"""Parts that say what they are for, in words."""


def draw_up(name: str, kind: IncidentKind, place: PlaceId, content: Content, *, by: Actor) -> PlanSeen:
    """A new plan for a place and a matter. Raises NotFound or Denied by access, PlanIncomplete, UnknownMeasure, UnknownRules."""
    where = places.place(place)
    access.require(by, "organisations.edit", where)
    if not name.strip():
        raise PlanIncomplete
    _sound(content)
    with acting(by.account_id):
        row = Plan(id=new_id(), name=name.strip(), kind=kind, place=place, position=where.lo)
        row.save(force_insert=True)
        _write(row, 1, content, by, "")
    return queries.plan(row.id)


def change(plan_id: UUID, content: Content, *, by: Actor, name: str = "", note: str = "") -> PlanSeen:
    """A new version of a plan; who was bound to a part that is no more is bound no longer. The same as before makes no version.

    Raises PlanNotFound, PlanRetired, and as drawing up does.
    """
    _sound(content)
    with acting(by.account_id, note):
        row = held(plan_id, by)
        told = queries.plan(plan_id)
        if name.strip() and name.strip() != row.name:
            row.name = name.strip()
            row.save(update_fields=["name"])
        if told.content != content:
            _write(row, told.number + 1, content, by, note)
            kept = [part.key for part in content.parts]
            Holder.objects.filter(plan=row, valid_to=None).exclude(part__in=kept).update(valid_to=clock.today())
    return queries.plan(plan_id)


def put_part(plan_id: UUID, part: Part, *, by: Actor) -> PlanSeen:
    """Add a part, or put it in the place of the one with its key."""
    content = queries.plan(plan_id).content
    others = [one for one in content.parts if one.key != part.key]
    at = next((number for number, one in enumerate(content.parts) if one.key == part.key), len(others))
    return change(plan_id, replace(content, parts=(*others[:at], part, *others[at:])), by=by)


def drop_part(plan_id: UUID, key: str, *, by: Actor) -> PlanSeen:
    """Take a part out, and what belonged to it by itself."""
    content = queries.plan(plan_id).content
    content.part(key)
    return change(plan_id, replace(content, parts=tuple(one for one in content.parts if one.key != key)), by=by)


def bind(plan_id: UUID, part: str, site: UUID, people: Sequence[PersonId], *, by: Actor) -> None:
    """Bind people to a part of a plan at one of its places, instead of those who were; the first one leads. Raises PartNotFound, SiteWrong."""
    with acting(by.account_id):
        row = held(plan_id, by)
        told = queries.plan(plan_id)
        here = [one for one in queries.sites(places.place(told.place_id), told.content.part(part).each) if one.id == site]
        if not here:
            raise SiteWrong
        Holder.objects.filter(plan=row, part=part, site=site, valid_to=None).update(valid_to=clock.today())
        Holder.objects.bulk_create(
            Holder(
                id=new_id(), plan=row, part=part, site=site, person=person, leads=not number, position=here[0].position,
                valid_from=clock.today(),
            )
            for number, person in enumerate(dict.fromkeys(people))
        )  # fmt: skip


def retire(plan_id: UUID, *, by: Actor) -> None:
    """Lay a plan aside: it is kept, and no longer activated."""
    with acting(by.account_id):
        row = held(plan_id, by)
        row.retired_at = clock.now()
        row.save(update_fields=["retired_at"])


def held(plan_id: UUID, by: Actor) -> Plan:
    """The row of a plan that may be changed, locked. Raises PlanNotFound, Denied, PlanRetired."""
    row = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if row is None:
        raise PlanNotFound
    access.require(by, "organisations.edit", places.place(PlaceId(row.place)))
    if row.retired_at is not None:
        raise PlanRetired
    return row


def _write(row: Plan, number: int, content: Content, by: Actor, note: str) -> None:
    Version(
        id=new_id(),
        plan=row,
        number=number,
        content=as_stored(content),
        written_at=clock.now(),
        written_by=by.account_id,
        note=note.strip(),
    ).save(force_insert=True)


def _sound(content: Content) -> None:
    """Raises PlanIncomplete, PartNotFound, UnknownMeasure, UnknownRules."""
    for key in content.measures:
        rulesets.meaning(content.rule_set, key)
    if content.rule_set:
        rulesets.rule_set(content.rule_set)
    for part in content.parts:
        if not part.name.strip() or (part.section in SAID and not part.text.strip()) or part.number < 1:
            raise PlanIncomplete
        if part.of:
            content.part(part.of)
