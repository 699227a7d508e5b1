"""Doors of rounds that no record touches: visited before their round was opened or prolonged, or home to a household that came or left.

The folder takes them up bit by bit, in transactions well under a second, between folding what is new; done twice it changes nothing.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import connection, transaction

from lianfang.kernel.ids import RoundId
from lianfang.ledger.folding import engine
from lianfang.work.rounds.models import Earlier
from lianfang.work.rounds.projections import ROUND_DOOR
from lianfang.work.rounds.queries.campaigns import reach
from lianfang.work.rounds.state import TOUCHED

AT_ONCE = 1_000
"""Doors in one transaction."""
STRETCH = 0.5
"""Seconds of one turn; then what is new is folded first."""

_UPTO = """
select max(position), count(*) from (
    select position from rounds_doorstate where position > %s and position < %s order by position limit %s
) following
"""
_EMPTY = "delete from rounds_touched"
_EARLIER = """
insert into rounds_touched
select r.id, s.place, r.stream, r.opens_at, r.ends_at, s.position
from rounds_round r join rounds_earlier e on e.round_id = r.id join rounds_doorstate s on s.stream = r.stream and s.effective_at >= e.since
where r.id = %(round)s and s.position > %(after)s and s.position <= %(upto)s
"""
# Households that came or left on a day matter to every round that had not ended by then.
_HOUSEHOLDS = """
with taken as (
    delete from rounds_changeddoor where place in (select place from rounds_changeddoor order by place limit %(most)s) returning place, since
)
insert into rounds_touched
select r.id, s.place, r.stream, r.opens_at, r.ends_at, s.position
from taken t join rounds_round r on r.ends_at >= t.since::timestamp at time zone 'Asia/Shanghai'
join rounds_rounddoor s on s.round = r.id and s.place = t.place
"""


def catch_up() -> int:
    """Take up doors for about half a second; how many steps were taken, 0 when there are none left."""
    until, steps = time.monotonic() + STRETCH, 0
    for step in (households_step, earlier_step):
        while time.monotonic() < until and step():
            steps += 1
    return steps


def households_step() -> bool:
    """The next doors to which a household came, or which one left; whether there were any."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from rounds_changeddoor)")
        if not cursor.fetchone()[0]:
            return False
    with transaction.atomic():
        engine.compute_again(ROUND_DOOR, (TOUCHED, _EMPTY, _HOUSEHOLDS), {"most": AT_ONCE})
    return True


def earlier_step() -> bool:
    """The next doors of a round whose earlier visits are still to be taken in; whether there were any."""
    with transaction.atomic():
        owed = Earlier.objects.select_for_update().order_by("since", "round_id").first()
        if owed is None:
            return False
        stretch = _following(owed)
        if stretch is None:
            owed.delete()
            return True
        values: dict[str, Any] = {"round": owed.round_id, "after": stretch[0], "upto": stretch[1]}
        engine.compute_again(ROUND_DOOR, (TOUCHED, _EMPTY, _EARLIER), values)
        owed.upto = stretch[1]
        owed.save(update_fields=["upto"])
    return True


def _following(owed: Earlier) -> tuple[int, int] | None:
    """After which position the next doors lie, and up to which one; None where the round reaches no more."""
    for piece in reach(RoundId(owed.round_id)):
        after = max(owed.upto, piece.lo - 1)
        if after >= piece.hi - 1:
            continue
        with connection.cursor() as cursor:
            cursor.execute(_UPTO, [after, piece.hi, AT_ONCE])
            last, count = cursor.fetchone()
        if count:
            return after, last if count == AT_ONCE else piece.hi - 1
    return None
