"""What goes when its time is over: the content of files, the values of rows that need nobody, everything of an ended incident."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from lianfang.ground.people import commands as people
from lianfang.ground.rosters.loading_types import Verdict
from lianfang.ground.rosters.models import Roster, Row

KEPT: Final = timedelta(days=30)
"""How long a file and the values of its rows are kept, so that its answer can be fetched and what waits can be mended."""
_AT_ONCE = 10_000


def erase_book(book: int) -> int:
    """Everything of the rosters that came in for an ended incident, and the people that only they brought; how many of all that went."""
    rosters = Roster.objects.filter(book=book)
    added = Row.objects.filter(roster__in=rosters, verdict=Verdict.ADDED, person_id__isnull=False)
    went = people.erase_persons([one for one in added.values_list("person_id", flat=True).distinct() if one], book)
    return went + rosters.delete()[0]


def erase_overdue() -> int:
    """The contents of files, and the values of rows, of all rosters whose time is over; how many rows and files. Verdicts and ids stay."""
    gone = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select rosters_erase_some(%s)", [_AT_ONCE])
            [some] = cursor.fetchone()
        if not some:
            return gone
        gone += some
