"""A plan laid out over its places: every single thing that an activation will do, with the people who are bound to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks.queries.plans import holders
from lianfang.headquarters.playbooks.queries.sites import sites
from lianfang.headquarters.playbooks.types import Each, Line, Part, PlanSeen, Section, Site
from lianfang.work.mobilisation import queries as mobilisation


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to be done: of which part, where, and by whom."""

    section: Section
    part: Part
    site: Site
    people: tuple[dict[str, Any], ...] = ()


def laid_out(plan: PlanSeen) -> list[Thing]:
    """All things of a plan, in the order in which they are done."""
    place = places.place(plan.place_id)
    [whole] = sites(place, Each.WHOLE)
    found = [Thing(Section.INCIDENT, Part("incident", Section.INCIDENT, plan.name), whole)]
    bound: dict[tuple[str, UUID], list[dict[str, Any]]] = defaultdict(list)
    for one in holders(plan.plan_id):
        if not one.gone:
            bound[one.part, one.site_id].append({"person": str(one.person_id), "leads": one.leads})
    known = {each: sites(place, each) for each in {part.each for part in plan.content.parts}}
    for section in Section:
        for part in plan.content.of(section):
            found += [Thing(section, part, site, tuple(bound[part.key, site.id])) for site in known[part.each]]
        if section is Section.ASSIGNING and plan.content.assign:
            found.append(Thing(section, Part("assigning", section, plan.name), whole))
    return found


def preview(plan: PlanSeen) -> list[Line]:
    """What an activation of a plan will do, step by step in numbers; of calls, how many people of today's pool are called."""
    things = laid_out(plan)
    lines = []
    for section in Section:
        mine = [one for one in things if one.section is section]
        people = sum(len(one.people) for one in mine)
        if section is Section.CALLS:
            people = sum(callable_for(one.part, one.site) for one in mine)
        if mine:
            lines.append(Line(section.value, len(mine), people))
    return lines


def callable_for(part: Part, site: Site) -> int:
    """How many of today's pool a call of a plan would go to at a place."""
    return mobilisation.callable_at(places.place(site.place_id), mobilisation.asked_words(part.able))
