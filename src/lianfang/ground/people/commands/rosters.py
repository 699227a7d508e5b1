"""Taking in whole households at once: rosters, demonstrations, the envelopes of a batch of records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from lianfang.ground.people.commands.sealing import COLUMNS, checked, sealed
from lianfang.ground.people.types import DoorNotFound, NewHousehold, TakenIn
from lianfang.kernel import clock
from lianfang.kernel.columns import columns_of
from lianfang.kernel.db import POSITIONS, acting, columns_cursor, lock
from lianfang.kernel.ids import AccountId, new_id
from lianfang.kernel.sealing import keyring

PERSONS = f"""
insert into people_person (id, {", ".join(COLUMNS)}, created_at)
select *, %b::timestamptz from unnest(
    %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bytea[], %b::text[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[]
)
"""
# Only a system may ask whether an id is there: row security hides persons without a home from the web role.
_UNLESS_THERE = "on conflict (id) do nothing"
# The door gives the position; a door that is none, or has ended, takes nobody in.
_HOUSEHOLDS = """
insert into people_household (id, door_id, position, name, valid_from)
select h.id, d.id, d.lo, h.name, h.since
from unnest(%b::uuid[], %b::uuid[], %b::text[], %b::date[]) as h(id, door_id, name, since)
join places_place d on d.id = h.door_id and d.level = 'door' and d.valid_to is null
"""
_RESIDENCES = """
insert into people_residence (id, person_id, household_id, door_id, position, kind, relation, valid_from)
select r.id, r.person_id, h.id, h.door_id, h.position, r.kind, r.relation, r.since
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::date[]) as r(id, person_id, household_id, kind, relation, since)
join people_household h on h.id = r.household_id
"""


def take_in(households: Iterable[NewHousehold], *, by: AccountId | None, at_once: int = 1000) -> TakenIn:
    """Add households with their people, set by set, each thousand in a transaction of its own.

    For people not known yet: nobody is compared beforehand, pairs that may be one are noted by the database. Raises PersonInvalid
    for the first person whose fields do not read, and DoorNotFound for a door that is none in the scope; the sets before stay.
    """
    total = TakenIn(0, 0, 0)
    rest = iter(households)
    while some := list(islice(rest, at_once)):
        taken = _take_in(some, by)
        total = TakenIn(total.households + taken.households, total.people + taken.people, total.residences + taken.residences)
    return total


def _take_in(households: Sequence[NewHousehold], by: AccountId | None) -> TakenIn:
    ring, now, today = keyring(), clock.now(), clock.today()
    members = [(household, member) for household in households for member in household.members]
    persons = [(member.person.id, sealed(checked(member.person), ring)) for _, member in members]
    homes = [
        (new_id(), member.person.id, household.id, kind, member.relation, household.since or today)
        for household, member in members
        for kind in member.kinds
    ]
    with acting(by), columns_cursor() as cursor:
        lock(POSITIONS, shared=True)
        columns = [[getattr(row, column) for _, row in persons] for column in COLUMNS]
        cursor.execute(PERSONS + _UNLESS_THERE, [now, [identifier for identifier, _ in persons], *columns])
        cursor.execute(_HOUSEHOLDS, columns_of([(each.id, each.door_id, each.name, each.since or today) for each in households], 4))
        if cursor.rowcount != len(households):
            raise DoorNotFound
        cursor.execute(_RESIDENCES, columns_of(homes, 6))
    return TakenIn(len(households), len(persons), len(homes))
