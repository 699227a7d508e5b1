"""Settling a line: one of two records is withdrawn by a correction, or both are right."""

from __future__ import annotations

from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import RecordId
from lianfang.ledger.commands import withdraw
from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.types import Saved
from lianfang.work.rounds.models import SettledLine
from lianfang.work.rounds.queries.lines import lines
from lianfang.work.rounds.rules import LINES_SHOWN_FOR
from lianfang.work.rounds.types import LineNotFound


def settle_line(line_id: UUID, keep: RecordId | None, *, by: Actor, reason: Ground) -> list[Saved]:
    """Keep one record of a line, withdrawing the other; with None both are right. For a line of a changed door or person, the one record or none.

    Raises LineNotFound for a line that is gone or none of the actor's, and what withdrawing refuses for.
    """
    writing = access.ranges(by, "records.write")
    settles_all = bool(access.ranges(by, "records.settle"))
    found = next(
        (one for one in lines(writing, clock.now() - LINES_SHOWN_FOR, of=None if settles_all else by.account_id) if one.id == line_id), None
    )
    if found is None or by.account_id is None:
        raise LineNotFound
    access.require(by, "records.write", places.place(found.place_id))
    others = [said.record_id for said in found.said if keep is not None and said.record_id != keep]
    if keep is None or not others:
        SettledLine.objects.get_or_create(
            pk=line_id, defaults={"position": found.position, "settled_by": by.account_id, "settled_at": clock.now()}
        )
    return [withdraw(record_id, by=by, reason=reason) for record_id in others]
