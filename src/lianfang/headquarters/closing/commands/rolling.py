"""Books whose time is over: gate logs after thirty days, drills and peacetime books later. The same steps, without a decision: the law made it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lianfang.headquarters.closing.commands.proposing import add_steps
from lianfang.headquarters.closing.models import Closing
from lianfang.headquarters.closing.types import State, What
from lianfang.kernel import clock, db
from lianfang.kernel.ids import new_id
from lianfang.ledger import ending
from lianfang.ledger.kinds.registry import ROLLING

DRILLS_MONTHS = 6
"""How long a drill can be looked at again: its yearly record is written from the bulletins."""
PEACETIME_YEARS = 2
"""Peacetime books are kept for the year and two after it, so that a year can be set against the one before."""
_NOWHERE = UUID(int=0)


def roll_over() -> int:
    """Order the end of books whose time is over; how many. They are carried out like the others. As owner."""
    due = ending.rolled_over(min(ROLLING.values()), drills=DRILLS_MONTHS, peacetime_years=PEACETIME_YEARS)
    with transaction.atomic():
        db.lock("closing rolling")
        known = {key for keys in Closing.objects.filter(what=What.ROLLING).values_list("checked__keys", flat=True) for key in keys or ()}
        fresh = [book for book in due if book.key not in known]
        for book in fresh:
            now = clock.now()
            row = Closing(
                id=new_id(), what=What.ROLLING, name=book.key, books=[book.id], place=_NOWHERE, position=0, state=State.CONFIRMED,
                authority="", document="", asked_at=now, confirmed_at=now, checked={"keys": [book.key]},
            )  # fmt: skip
            row.save(force_insert=True)
            add_steps(row)
    return len(fresh)
