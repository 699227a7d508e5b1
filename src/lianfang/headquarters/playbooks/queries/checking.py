"""What is wrong with a plan in peacetime: who has left, which places are gone, where nobody is bound. An activation would meet the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db import connection

from lianfang.ground.organisations.rules import enough_full
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks.queries.laying_out import callable_for
from lianfang.headquarters.playbooks.queries.plans import holders
from lianfang.headquarters.playbooks.queries.sites import sites
from lianfang.headquarters.playbooks.types import Finding, HolderSeen, Lack, Part, PlanSeen, Section, Site
from lianfang.kernel import clock
from lianfang.kernel.ids import PersonId

MANNED = (Section.BODIES, Section.TEAMS, Section.POSTS, Section.AREAS)
"""Parts that people are bound to."""

# Somebody has left who lives nowhere here any more, is in no Party organisation and cannot be sent either.
_STILL_HERE = """
select p.person, exists (
        select from organisations_membership m where m.person_id = p.person and m.kind = 'home' and m.standing = 'full'
          and m.valid_from <= %(day)s and (m.valid_to is null or m.valid_to > %(day)s)) as full_member
from unnest(%(people)s::uuid[]) p(person)
where exists (select from people_residence r where r.person_id = p.person and r.valid_from <= %(day)s and (r.valid_to is null or r.valid_to > %(day)s))
   or exists (select from organisations_membership m where m.person_id = p.person and m.kind = 'home' and m.valid_from <= %(day)s
              and (m.valid_to is null or m.valid_to > %(day)s))
   or exists (select from mobilisation_force f where f.person = p.person and f.valid_from <= %(day)s and (f.valid_to is null or f.valid_to > %(day)s))
"""


def findings(plan: PlanSeen) -> list[Finding]:
    """Everything to look at in a plan, in the order of its parts and places."""
    place = places.place(plan.place_id)
    bound: dict[tuple[str, UUID], list[HolderSeen]] = defaultdict(list)
    for holder in holders(plan.plan_id):
        bound[holder.part, holder.site_id].append(holder)
    here = _still_here({one.person_id for rows in bound.values() for one in rows})
    found = []
    if plan.content.of(Section.BODIES) and plan.content.approver is None:
        found.append(Finding(Lack.NO_APPROVER, plan.content.of(Section.BODIES)[0].name))
    for part in plan.content.parts:
        known = sites(place, part.each)
        if not known:
            found.append(Finding(Lack.NO_SITE, part.name, part_key=part.key))
        found += [one for site in known for one in _at(part, site, bound.pop((part.key, site.id), []), here)]
        gone = [rows for (key, _), rows in bound.items() if key == part.key]
        found += [Finding(Lack.PLACE_GONE, part.name, count=len(rows), part_key=part.key) for rows in gone]
        bound = defaultdict(list, {key: rows for key, rows in bound.items() if key[0] != part.key})
    return found + _two_posts(plan)


def _at(part: Part, site: Site, bound: list[HolderSeen], here: dict[PersonId, bool]) -> list[Finding]:
    """What lacks in one part at one place."""

    def lack(what: Lack, count: int = 1) -> Finding:
        return Finding(what, part.name, site.name, count, part.key, site.id)

    if part.section is Section.CALLS:
        missing = part.number - callable_for(part, site)
        return [lack(Lack.NO_POOL, missing)] if missing > 0 else []
    if part.section not in MANNED:
        return []
    staying = [one for one in bound if one.person_id in here]
    found = [lack(Lack.PERSON_GONE, len(bound) - len(staying))] if len(staying) < len(bound) else []
    if part.section is Section.BODIES and not enough_full(sum(here[one.person_id] for one in staying)):
        return [*found, lack(Lack.TOO_FEW_MEMBERS)]
    return found if staying else [*found, lack(Lack.NOBODY)]


def _still_here(people: Collection[PersonId]) -> dict[PersonId, bool]:
    """Who of some people has not left, each with whether they are a full member of the Party."""
    with connection.cursor() as cursor:
        cursor.execute(_STILL_HERE, {"people": list(people), "day": clock.today()})
        return {PersonId(person): full for person, full in cursor.fetchall()}


def _two_posts(plan: PlanSeen) -> list[Finding]:
    """Nobody mans two posts on a day: whoever is bound to several would be refused at the second."""
    posts = {part.key: part.name for part in plan.content.of(Section.POSTS)}
    rows = [one for one in holders(plan.plan_id) if one.part in posts]
    several = {person for person, many in Counter(one.person_id for one in rows).items() if many > 1}
    by_part = Counter(one.part for one in rows if one.person_id in several)
    return [Finding(Lack.TWO_POSTS, posts[part], count=many, part_key=part) for part, many in by_part.items()]
