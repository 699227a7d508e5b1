"""Pairs of persons that may be one: read by the system only, which makes a matter of each (never by the web login)."""

from __future__ import annotations

from django.db import connection

from lianfang.ground.people.models import Match
from lianfang.ground.people.types import PairAlike, PairApart, PersonAt
from lianfang.kernel.ids import PersonId, PlaceId

# Registered here and living there is no contradiction: only who lives in two places, or is registered in two. Whoever shares a door is apart
# nowhere: those are two rows of one door, and its own matter. Of whom somebody has said that they are two, nobody is asked again.
_APART = """
select m.id, m.one_id, h.door_id, m.other_id, h.other_door_id
from (select id, one_id, other_id from people_match where not taken_up order by id limit %s) m
left join lateral (
    select a.door_id, b.door_id as other_door_id
    from people_residence a join people_residence b on b.person_id = m.other_id and b.kind = a.kind and b.valid_to is null
    where a.person_id = m.one_id and a.valid_to is null
      and not exists (select from people_apart s where s.one_id = m.one_id and s.other_id = m.other_id) and not exists (
        select from people_residence o join people_residence t on t.door_id = o.door_id and t.person_id = m.other_id and t.valid_to is null
        where o.person_id = m.one_id and o.valid_to is null
    )
    order by a.kind limit 1
) h on true
order by m.id
"""


def matches(limit: int = 100, *, after: int = 0) -> list[PairAlike]:
    """Pairs in the order they were found, beyond a number."""
    rows = Match.objects.filter(pk__gt=after).order_by("pk")[:limit]
    return [PairAlike(row.pk, PersonId(row.one_id), PersonId(row.other_id), row.basis, row.found_at) for row in rows]


def pairs_to_take_up(limit: int) -> list[PairApart]:
    """The next pairs that nobody has taken up."""
    with connection.cursor() as cursor:
        cursor.execute(_APART, [limit])
        return [
            PairApart(
                number,
                (PersonAt(PersonId(one), PlaceId(door)), PersonAt(PersonId(other), PlaceId(other_door))) if door is not None else None,
            )
            for number, one, door, other, other_door in cursor.fetchall()
        ]
