"""Correcting which column is what: for this file at once, and remembered for the next with the same headings."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from lianfang.ground.rosters.loading_types import NotTried, State
from lianfang.ground.rosters.models import Remembered
from lianfang.ground.rosters.queries.files import roster_row
from lianfang.ground.rosters.types import Column
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId


def say_columns(roster_id: UUID, sheet: str, columns: Sequence[Column], *, by: AccountId | None) -> None:
    """Say what the columns of a sheet are. The roster is to be read again; the community remembers. Raises NotTried."""
    roster = roster_row(roster_id)
    if roster.state not in (State.TRIED, State.REFUSED):
        raise NotTried
    now = clock.now()
    for layout in roster.layouts:
        if layout["sheet"] == sheet:
            layout["columns"], layout["told"] = [column.value for column in columns], True
            Remembered.objects.update_or_create(
                community_id=roster.community_id,
                signature=layout["signature"],
                defaults={"position": roster.position, "columns": layout["columns"], "said_by": by, "said_at": now},
            )
    roster.state, roster.refusal, roster.changed_at = State.RECEIVED, None, now
    roster.save(update_fields=["layouts", "state", "refusal", "changed_at"])
