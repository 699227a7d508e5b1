"""What visits set off here: a household that asks for help raises a matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lianfang.kernel.ids import derived_id
from lianfang.ledger import kinds
from lianfang.ledger.kinds.errands import About
from lianfang.ledger.reacting import Reaction
from lianfang.ledger.types import StandingRecord
from lianfang.work.matters.offices import owner_at
from lianfang.work.matters.rules import help_due


def raise_help(visit: StandingRecord) -> Sequence[Mapping[str, Any]]:
    """A visit at which help was asked for raises one matter, owned by the secretary there, due in a day.

    One matter for a visit, however often it is corrected: a correction that takes the request back leaves it to a person to settle.
    """
    if not visit.payload["wants_help"]:
        return ()
    return (
        {
            "id": derived_id(visit.id, "matters.help_wanted"),
            "kind": "matter_raised",
            "version": kinds.current("matter_raised").version,
            "place": visit.place,
            "occurred_at": visit.effective_at,
            "incident": visit.incident,
            "actor": visit.actor,
            "channel": visit.channel,
            "subject": visit.subject,
            "payload": {
                "about": About.HELP_WANTED,
                "due_at": help_due(visit.recorded_at),
                "owner": owner_at(visit.place),
                "cause": visit.id,
            },
        },
    )


HELP_WANTED = Reaction("matters.help_wanted", ("visit",), raise_help, among="(s.payload ->> 'wants_help')::boolean")
