"""People on duty counted for many lists of ranges at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from lianfang.ground.places.queries.past_doors import columns_each
from lianfang.kernel.ranges import Range
from lianfang.ledger.types import REAL

_PEOPLE = """
select w.no, count(distinct s.actor)
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join mobilisation_presence s on s.position >= w.lo and s.position < w.hi and s.stream = %(stream)s
    and s.began_at < %(ends)s and (s.ended_at is null or s.ended_at > %(begins)s)
group by 1
"""


def people_on_duty_each(many: Sequence[Sequence[Range]], begins: datetime, ends: datetime) -> list[int]:
    """Distinct people (人) who were on duty at any moment of a time, in each list of ranges."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {**columns_each(many), "begins": begins, "ends": ends, "stream": REAL})
        found = {number: int(count) for number, count in cursor.fetchall()}
    return [found.get(number, 0) for number in range(len(many))]
