"""Who served in an incident, where, on how many days and for how long: from dated rows and signed spells, never from what somebody typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import IncidentSeen
from lianfang.ground.people import queries as people
from lianfang.headquarters.playbooks.models import Service
from lianfang.headquarters.playbooks.types import ServiceSeen
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId, OrganisationId, PersonId

# Every spell in which somebody held a post, was in a team, answered for an area, belonged to a branch or was sent somewhere, of the incident.
SPELLS = """
spell as (
    select h.person_id as person, p.name as what, p.place_id as place, p.position, h.valid_from, h.valid_to
    from organisations_postholder h join organisations_post p on p.id = h.post_id where p.incident_id = %(incident)s
    union all
    select m.person_id, t.name, t.place_id, t.position, m.valid_from, m.valid_to
    from organisations_teammember m join organisations_team t on t.id = m.team_id where t.incident_id = %(incident)s
    union all
    select r.person_id, a.name, a.home_id, r.position, r.valid_from, r.valid_to
    from organisations_responsibility r join places_area a on a.id = r.area_id where r.incident_id = %(incident)s
    union all
    select m.person_id, b.name, b.place_id, m.position, m.valid_from, m.valid_to
    from organisations_membership m join organisations_branch b on b.organisation_id = m.organisation_id
    where b.incident_id = %(incident)s and m.kind = 'attached'
    union all
    select s.person, n.name, n.place, n.position, s.valid_from, s.valid_to
    from mobilisation_assignment s join mobilisation_need n on n.id = s.need_id where n.incident = %(incident)s
), held as (
    select person, what, place, position, valid_from, coalesce(valid_to, %(today)s + 1) as valid_to from spell
    where coalesce(valid_to, %(today)s + 1) > valid_from
), home as (
    select distinct on (h.person) h.person, coalesce(m.organisation_id, f.organisation) as organisation
    from (select distinct person from held) h
    left join organisations_membership m on m.person_id = h.person and m.kind = 'home'
        and m.valid_from <= %(today)s and (m.valid_to is null or m.valid_to > %(today)s)
    left join mobilisation_force f on f.person = h.person and f.valid_from <= %(today)s and (f.valid_to is null or f.valid_to > %(today)s)
    order by h.person
)
"""
_ORGANISATIONS = f"""
with {SPELLS}
select h.organisation, coalesce(o.name, '') from (select distinct organisation from home) h
left join organisations_organisation o on o.id = h.organisation order by 2, 1
"""
# Minutes: what they signed at the incident's places in its days, by the account of the person, or as the person where they have none.
_SERVED = f"""
with {SPELLS}, days as (
    select h.person, range_agg(daterange(h.valid_from, h.valid_to)) as days, min(h.valid_from) as first, max(h.valid_to) - 1 as last,
           min(h.position) as position, array_agg(distinct p.name order by p.name) as places, array_agg(distinct h.what order by h.what) as duties
    from held h join places_place p on p.id = h.place join home o on o.person = h.person
    where o.organisation is not distinct from %(organisation)s::uuid group by h.person
), signed as (
    select d.person,
           sum(extract(epoch from least(coalesce(s.ended_at, %(now)s), %(now)s) - greatest(s.began_at, %(opened)s)))::bigint / 60 as minutes
    from mobilisation_presence s left join accounts_account a on a.id = s.actor join days d on d.person = coalesce(a.person_id, s.actor)
    where s.began_at < %(now)s and coalesce(s.ended_at, %(now)s) > %(opened)s
      and exists (select from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) r(lo, hi) where s.position >= r.lo and s.position < r.hi)
      and s.stream = (case when %(drill)s then %(incident)s::uuid else ledger_stream(false, null) end)
    group by d.person
)
select d.person, d.position, d.first, d.last, (select sum(upper(piece) - lower(piece)) from unnest(d.days) piece)::int,
       coalesce(s.minutes, 0), d.places, d.duties
from days d left join signed s on s.person = d.person
order by d.position, d.person
"""


def organisations_that_served(incident: IncidentId) -> list[tuple[OrganisationId | None, str]]:
    """The home organisations of those who served in an incident, by name; None for those who have none."""
    with connection.cursor() as cursor:
        cursor.execute(_ORGANISATIONS, {"incident": incident, "today": clock.today()})
        return [(OrganisationId(row[0]) if row[0] else None, row[1]) for row in cursor.fetchall()]


def served(told: IncidentSeen, organisation: OrganisationId | None) -> list[dict[str, Any]]:
    """What everybody of one home organisation did in an incident up to now: the columns of `Service`."""
    pieces = incidents.incident_ranges(told)
    facts = {
        "incident": told.incident_id, "organisation": organisation, "today": clock.today(), "now": clock.now(), "opened": told.opened_at,
        "drill": told.drill, "lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces],
    }  # fmt: skip
    names = ("person", "position", "first", "last", "days", "minutes", "places", "duties")
    with connection.cursor() as cursor:
        cursor.execute(_SERVED, facts)
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def services(run_id: UUID, organisation: OrganisationId | None = None) -> list[ServiceSeen]:
    """What people of an organisation did, as it was kept when the incident was stood down; masked, by where they served."""
    rows = list(Service.objects.filter(run_id=run_id, organisation=organisation).order_by("position", "person"))
    names = people.names_masked(PersonId(row.person) for row in rows)
    return [
        ServiceSeen(
            PersonId(row.person), names.get(PersonId(row.person), ""), OrganisationId(row.organisation) if row.organisation else None,
            row.first, row.last, row.days, row.minutes, tuple(row.places), tuple(row.duties),
        )
        for row in rows
    ]  # fmt: skip


def letters(run_id: UUID) -> list[tuple[OrganisationId | None, int, int, int]]:
    """For each home organisation: how many served, on how many days taken together, for how many minutes that were signed."""
    found: dict[UUID | None, list[tuple[int, int]]] = {}
    for organisation, days, minutes in Service.objects.filter(run_id=run_id).values_list("organisation", "days", "minutes"):
        found.setdefault(organisation, []).append((days, minutes))
    return [
        (OrganisationId(one) if one else None, len(rows), sum(days for days, _ in rows), sum(minutes for _, minutes in rows))
        for one, rows in sorted(found.items(), key=lambda pair: str(pair[0]))
    ]
