"""Whether a page still stands: the mark a page carries, and the answer to a reader who has it already.

The mark changes with the reader's grants, language and size of type, with the day, and with the last record and the last
change at the place; above the community, where something always happens, with the minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from lianfang.doors.desk.pages import ELDER_COOKIE
from lianfang.ground.changes import queries as changes
from lianfang.kernel import clock
from lianfang.ledger import queries as ledger
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from lianfang.doors.desk.frame import DeskRequest
    from lianfang.kernel.ranges import Range

FEW = 40_000_000
"""Positions of four communities."""


def mark_of(request: DeskRequest, ranges: Sequence[Range] | None) -> str:
    """The mark of a page over some ranges; None for ranges where something always happens, as it does in more than a few communities."""
    grants = sorted(str(grant.grant_id) for grant in request.actor.grants)
    parts = [
        *grants,
        request.get_full_path(),
        get_language() or "",
        request.COOKIES.get(ELDER_COOKIE, ""),
        clock.today().isoformat(),
        *(_last(request, ranges) if ranges is not None and narrow(ranges) else [clock.now().strftime("%H%M")]),
    ]
    return f'"{blake2b(chr(0).join(parts).encode(), digest_size=12).hexdigest()}"'


def narrow(ranges: Sequence[Range]) -> bool:
    """Whether the ranges are at most a few communities, so that their last records are found at once."""
    return sum(piece.hi - piece.lo for piece in ranges) <= FEW


def _last(request: DeskRequest, ranges: Sequence[Range]) -> list[str]:
    """The last record and change in the ranges, how many visits are known (a late one is not the last), and whether some wait to be folded."""
    records = ledger.history(ranges, limit=1)
    changed = changes.changes_within(ranges, limit=1)
    lag = (clock.now() - folded_until(request)).total_seconds() > 1
    # What is due passes unrecorded, and what comes late is not the last one: both are told by the minute.
    return (
        [str(record.id) for record in records]
        + [str(change.id) for change in changed]
        + [str(rounds.visits_told(ranges)), str(lag), clock.now().strftime("%H%M")]
    )


def folded_until(request: DeskRequest) -> datetime:
    """Since when the figures of a page stand; asked once a page, and before anything that is counted."""
    if request.folded_until is None:
        request.folded_until = ledger.folded_until()
    return request.folded_until


def unchanged(request: DeskRequest, mark: str) -> bool:
    """Whether the reader has this very page; a line that waits to be said makes it another."""
    return request.headers.get("If-None-Match") == mark and not request.session.get("notices")
