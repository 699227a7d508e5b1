"""Verbs of rounds."""

from __future__ import annotations

from typing import Unpack

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import PlaceId
from lianfang.ledger.append import Beside, append
from lianfang.ledger.kinds.doorsteps import Outcome, Visit
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.types import Saved

__all__ = ["record_visit"]


def record_visit(
    door: PlaceId,
    outcome: Outcome,
    *,
    by: Actor,
    people_seen: int = 0,
    wants_help: bool = False,
    **beside: Unpack[Beside],
) -> Saved:
    """Record one try at a door. `beside`: see `ledger.append` (record_id, occurred_at, actor, incident, remark).

    Raises NotFound or Denied by access, and what intake refuses for (people seen where nobody was met, a place that is no door).
    """
    access.require(by, "records.write", places.place(door))
    beside.setdefault("channel", Channel.SEEN)
    return append(
        Visit(outcome=outcome, people_seen=people_seen, wants_help=wants_help),
        place=door,
        by=by,
        **beside,
    )
