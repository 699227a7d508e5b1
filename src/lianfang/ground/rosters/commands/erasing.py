"""What goes when its time is over: the content of files, the values of rows that need nobody, everything of an ended incident."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from lianfang.ground.rosters.models import Content, Roster, Row
from lianfang.kernel import clock

KEPT: Final = timedelta(days=30)
"""How long a file and the values of its rows are kept, so that its answer can be fetched and what waits can be mended."""


def erase_book(book: int) -> int:
    """Everything of the rosters that came in for an ended incident; how many rosters and rows went."""
    return Roster.objects.filter(book=book).delete()[0]


def erase_overdue() -> int:
    """The contents of files, and the values of rows, of rosters whose time is over; how many. Verdicts and ids stay."""
    over = Roster.objects.filter(brought_at__lt=clock.now() - KEPT).values("pk")
    gone: int = Content.objects.filter(roster__in=over).delete()[0]
    return gone + Row.objects.filter(roster__in=over, sealed__isnull=False).update(sealed=None, said_sealed=None)
