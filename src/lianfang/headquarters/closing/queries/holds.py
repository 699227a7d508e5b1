"""What is held, without what it says."""

from __future__ import annotations

from uuid import UUID

from lianfang.headquarters.closing.models import Held, Hold
from lianfang.headquarters.closing.types import ClosingNotFound, HoldSeen, ItemKind
from lianfang.kernel.ids import AccountId, IncidentId


def holds_of(incident_id: IncidentId) -> list[HoldSeen]:
    """The holds of an incident, those that go on first."""
    rows = list(Hold.objects.filter(incident=incident_id).order_by("released_at", "held_at", "id"))
    return [_seen(row) for row in sorted(rows, key=lambda row: row.released_at is not None)]


def hold(hold_id: UUID) -> HoldSeen:
    """One hold. Raises ClosingNotFound."""
    row = Hold.objects.filter(pk=hold_id).first()
    if row is None:
        raise ClosingNotFound
    return _seen(row)


def _seen(row: Hold) -> HoldSeen:
    kept = Held.objects.filter(pk=row.pk).exists()
    return HoldSeen(
        id=row.id, incident=IncidentId(row.incident), kind=ItemKind(row.kind), item=row.item, reason=row.reason, authority=row.authority,
        until=row.until, keeper=AccountId(row.keeper), held_by=AccountId(row.held_by) if row.held_by else None, held_at=row.held_at,
        kept=kept, released_at=row.released_at,
    )  # fmt: skip
