"""The roster of an incident (力量花名册): who is bound to it or was called, what they answered, when they first came, and where they are now."""

from __future__ import annotations

from typing import Any

from django.db import connection

from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import IncidentSeen
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.people import queries as people
from lianfang.headquarters.playbooks.queries.service import SPELLS
from lianfang.headquarters.playbooks.roster_types import OfOrganisation, OnRoster
from lianfang.kernel import clock
from lianfang.kernel.ids import OrganisationId, PersonId, PlaceId
from lianfang.ledger.queries import books_of

_WHO = f"""
with {SPELLS}, bound as (
    select person, min(position) as position, array_agg(distinct what order by what) as duties from held
    where valid_from <= %(today)s and valid_to > %(today)s group by person
), called as (
    select distinct on (s.person) s.person, s.force_id, f.position, f.organisation, coalesce(s.answer, '') as answer
    from mobilisation_summons s join mobilisation_call c on c.id = s.call_id join mobilisation_force f on f.id = s.force_id
    where c.book = any(%(books)s) order by s.person, s.answered_at desc nulls last, s.id
), who as (
    select coalesce(b.person, c.person) as person, coalesce(b.position, c.position) as position, coalesce(b.duties, '{{}}') as duties,
           coalesce(h.organisation, c.organisation) as organisation, c.answer
    from bound b full join called c on c.person = b.person left join home h on h.person = coalesce(b.person, c.person)
), came as (
    select coalesce(a.person_id, s.actor) as person, min(s.began_at) as first
    from mobilisation_presence s left join accounts_account a on a.id = s.actor
    where {{there}} and coalesce(s.ended_at, %(now)s) > %(opened)s group by 1
), now as (
    select distinct on (1) coalesce(a.person_id, s.actor) as person, s.place, s.post
    from mobilisation_presence s left join accounts_account a on a.id = s.actor
    where {{there}} and s.ended_at is null order by 1, s.began_at desc
), told as (
    select w.*, came.first, now.place as here, now.post, (select f.id from mobilisation_force f where f.person = w.person
           order by f.valid_from desc, f.id limit 1) as force
    from who w left join came on came.person = w.person left join now on now.person = w.person
)
"""
_THERE = """s.began_at <= %(now)s and s.stream = (case when %(drill)s then %(incident)s::uuid else ledger_stream(false, null) end)
      and exists (select from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) r(lo, hi) where s.position >= r.lo and s.position < r.hi)"""
_WITH = _WHO.replace("{there}", _THERE)
_LISTED = f"""
{_WITH}
select person, position, duties, organisation, answer, first, here, post, force from told
where (not %(one)s or organisation is not distinct from %(organisation)s::uuid)
order by organisation nulls last, position, person offset %(after)s limit %(limit)s
"""
_SUMMED = f"""
{_WITH}
select organisation, count(*), count(answer), count(*) filter (where answer in ('yes', 'on_the_way', 'here')), count(first), count(here)
from told group by organisation
"""


def roster(
    told: IncidentSeen, *, organisation: OrganisationId | None = None, one: bool = False, after: int = 0, limit: int = 200
) -> list[OnRoster]:
    """Everybody of an incident within the scope, masked, by organisation and place; with `one` only those of `organisation` (None: of none)."""
    facts = _facts(told) | {"one": one, "organisation": organisation, "after": after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, facts)
        rows = cursor.fetchall()
    names = people.names_masked(PersonId(row[0]) for row in rows)
    bodies = organisations.names_of_organisations({OrganisationId(row[3]) for row in rows if row[3]})
    posts = organisations.posts_named({row[7] for row in rows if row[7]})
    return [
        OnRoster(
            PersonId(row[0]), row[8], names.get(PersonId(row[0]), ""), bodies.get(row[3], "") if row[3] else "", tuple(row[2]), row[4], row[5],
            PlaceId(row[6]) if row[6] else None, posts.get(row[7], "") if row[7] else "",
        )
        for row in rows
    ]  # fmt: skip


def roster_by_organisation(told: IncidentSeen) -> list[OfOrganisation]:
    """The same counted by organisation, in the order of the tree; those of none come last."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMMED, _facts(told))
        sums = {row[0]: row[1:] for row in cursor.fetchall()}
    names = organisations.names_of_organisations([OrganisationId(one) for one in sums if one])
    found = [OfOrganisation(one, name, *sums[one]) for one, name in names.items()]
    return found + ([OfOrganisation(None, "", *sums[None])] if None in sums else [])


def _facts(told: IncidentSeen) -> dict[str, Any]:
    pieces = incidents.incident_ranges(told)
    return {
        "incident": told.incident_id, "today": clock.today(), "now": clock.now(), "opened": told.opened_at, "drill": told.drill,
        "lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces], "books": books_of(told.incident_id),
    }  # fmt: skip
