"""What waits in quarantine for a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from lianfang.kernel.ids import AccountId, PlaceId, RecordId
from lianfang.kernel.ranges import Range
from lianfang.kernel.sealing import keyring
from lianfang.kernel.within import inside
from lianfang.ledger.intake.quarantine import PURPOSE
from lianfang.ledger.kinds.form import Incoming
from lianfang.ledger.models import Quarantined


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A record that waits for a decision: by whom, where, and what it says (without what its envelope holds)."""

    id: RecordId
    kind: str
    place: PlaceId
    position: int
    author: AccountId
    effective_at: datetime
    received_at: datetime
    payload: Mapping[str, Any]
    brings: tuple[str, ...]


def waiting(ranges: Sequence[Range], *, limit: int = 50) -> list[WaitingRecord]:
    """Records in the ranges that wait for a decision, longest first."""
    rows = Quarantined.objects.filter(inside(ranges), state="waiting").order_by("received_at", "id")[:limit]
    return [_as_waiting(row) for row in rows]


@dataclass(frozen=True, slots=True)
class OwnWaiting:
    """A record of one's own that waits, or what was decided about it."""

    id: RecordId
    kind: str
    place: PlaceId
    cause: str
    state: str
    effective_at: datetime
    received_at: datetime


def own_waiting(author: AccountId, since: datetime) -> list[OwnWaiting]:
    """Records that an author sent since a moment and that wait, or were decided upon; the latest first."""
    rows = Quarantined.objects.filter(author=author, received_at__gte=since).order_by("-received_at", "-id")
    return [
        OwnWaiting(RecordId(row.id), row.kind, PlaceId(row.place), row.cause, row.state, row.effective_at, row.received_at)
        for row in rows[:500]
    ]


def waiting_count(ranges: Sequence[Range]) -> int:
    """How many records in the ranges wait."""
    return Quarantined.objects.filter(inside(ranges), state="waiting").count()


def _as_waiting(row: Quarantined) -> WaitingRecord:
    said = msgspec.json.decode(keyring().open(bytes(row.sealed or b""), PURPOSE), type=Incoming)
    envelope = said.envelope
    return WaitingRecord(
        id=RecordId(row.id), kind=row.kind, place=PlaceId(row.place), position=row.position, author=AccountId(row.author),
        effective_at=row.effective_at, received_at=row.received_at, payload=said.payload,
        brings=tuple(name for name in ("door", "person", "remark") if envelope is not None and getattr(envelope, name) is not None),
    )  # fmt: skip
