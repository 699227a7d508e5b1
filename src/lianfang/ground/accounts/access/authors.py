"""What many authors may do, where and when: asked once for a whole batch of records."""

from __future__ import annotations

from collections.abc import Iterable

from lianfang.ground.accounts.rules.roles import ABILITIES, Role
from lianfang.ground.accounts.types import Authority
from lianfang.ground.places import queries as places
from lianfang.kernel.clock import day_bounds
from lianfang.kernel.db import columns_cursor
from lianfang.kernel.ids import AccountId, AreaId, PlaceId

_HELD = """
select g.account_id, g.role, g.place_id, g.area_id, g.valid_from, g.valid_to, g.revoked_at, a.closed_at
from accounts_grant g join accounts_account a on a.id = g.account_id
where g.account_id = any(%b::uuid[])
order by g.given_at, g.id
"""


def authors(account_ids: Iterable[AccountId]) -> dict[AccountId, list[Authority]]:
    """What each author may do in which range from when to when, past grants and revoked ones with their ends.

    Former positions are included: a record that comes late is stamped with the position its place had when it was
    made. A closed account keeps what it had until it was closed; an unknown one has an empty list.
    """
    found: dict[AccountId, list[Authority]] = {account_id: [] for account_id in account_ids}
    with columns_cursor() as cursor:
        cursor.execute(_HELD, [list(found)])
        held = cursor.fetchall()
    reach = places.reading_ranges_each({PlaceId(row[2]) for row in held if row[2]})
    areas = places.area_ranges_each({AreaId(row[3]) for row in held if row[3]}) if any(row[3] for row in held) else {}
    for account_id, role, place, area, valid_from, valid_to, revoked_at, closed_at in held:
        ends = min(filter(None, (day_bounds(valid_to)[0] if valid_to else None, revoked_at, closed_at)), default=None)
        begins, allowed = day_bounds(valid_from)[0], ABILITIES[Role(role)]
        pieces = reach[PlaceId(place)] if place else areas[AreaId(area)] if area else []
        found[AccountId(account_id)] += [Authority(piece, allowed, begins, ends) for piece in pieces]
    return found
