"""What came into the book after somebody had read it: late records and corrections of a time that was told already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from lianfang.kernel.ranges import Range, merged
from lianfang.ledger.folding.cursors import Mark

_AFTER = """
select r.corrects is not null, coalesce(r.reason, ''), count(*), max(r.recorded_at), count(distinct r.device)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join ledger_record r on r.position >= w.lo and r.position < w.hi
left join ledger_record root on root.book = r.book and root.id = r.corrects
where (r.xact, r.seq) > (%(xact)s::text::xid8, %(seq)s) and coalesce(root.effective_at, r.effective_at) < %(ends)s
    and r.book <> all(array(select id from ledger_book where drill))
group by 1, 2
"""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Records (late) and corrections by their ground that arrived after a mark and tell of the time before a moment."""

    late: int
    devices: int
    corrections: dict[str, int]
    last_at: datetime | None


def arrived_after(mark: Mark, ranges: Sequence[Range], ends: datetime) -> Arrived:
    """What arrived in the ranges after a mark of the book, of before a moment; practised events are left out."""
    pieces = merged(ranges)
    values: dict[str, Any] = {
        "lo": [piece.lo for piece in pieces],
        "hi": [piece.hi for piece in pieces],
        "xact": str(mark.xact),
        "seq": mark.seq,
        "ends": ends,
    }
    late, devices, corrections, last = 0, 0, dict[str, int](), None
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, values)
        for corrects, reason, count, at, sent_by in cursor.fetchall():
            last = at if last is None else max(last, at)
            if corrects:
                corrections[reason] = corrections.get(reason, 0) + int(count)
            else:
                late, devices = late + int(count), max(devices, int(sent_by))
    return Arrived(late, devices, corrections, last)
