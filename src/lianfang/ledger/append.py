"""How a duty's command writes a record: one fact, through the same checks as intake.

The command has asked `accounts.access` before; the record is therefore taken without asking for grants again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from lianfang.ground.accounts.access import Actor
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, IncidentId, PlaceId, RecordId, new_id
from lianfang.ledger import kinds
from lianfang.ledger.folding.cursors import Mark
from lianfang.ledger.intake import take
from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.kinds.registry import Body
from lianfang.ledger.queries.folded import wait_for
from lianfang.ledger.types import Author, Channel, Saved, Word

FOLDED_WITHIN = 1.0  # seconds a command waits for its figures


def append(
    body: Body,
    *,
    place: PlaceId,
    by: Actor,
    occurred_at: datetime | None = None,
    channel: Channel | None = None,
    **more: Any,
) -> Saved:
    """Append one record and wait, at most a second after it is committed, until figures include it (`Saved.folded`).

    `more`: `record_id`, `incident`, `actor` (who acted, if not the writer), `subject`, `corrects` with `reason`, `remark`. Raises what intake
    refuses for. Inside a caller's transaction the waiting begins when that is committed.
    """
    record_id = RecordId(more.pop("record_id", None) or new_id())
    record = _form(body, record_id, place, occurred_at or clock.now(), channel, more)
    [verdict] = take([record], Author(by.account_id, trusted=True))
    if verdict.word not in {Word.KEPT, Word.REPEATED}:
        assert verdict.why is not None  # noqa: S101 - only kept and repeated have no reason
        raise verdict.why
    saved = Saved(record_id)
    mark = _mark_of(record_id)
    if mark is not None:
        transaction.on_commit(lambda: _wait(saved, mark))
    return saved


def _form(
    body: Body, record_id: RecordId, place: PlaceId, occurred_at: datetime, channel: Channel | None, more: Mapping[str, Any]
) -> dict[str, Any]:
    """The record as it would be sent."""
    kind = kinds.of(body)
    remark = more.get("remark")
    form = {
        "id": record_id, "kind": kind.name, "version": kind.version, "place": place, "occurred_at": occurred_at,
        "channel": channel, "payload": msgspec.to_builtins(body), "envelope": {"remark": remark} if remark else None,
    }  # fmt: skip
    named: dict[str, UUID | AccountId | IncidentId | Ground | None] = {
        name: more.get(name) for name in ("incident", "actor", "subject", "corrects", "reason")
    }
    unknown = set(more) - set(named) - {"remark"}
    if unknown:
        raise TypeError(f"a record has no {', '.join(sorted(unknown))}")
    return form | named


def _mark_of(record_id: RecordId) -> Mark | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select b.xact::text, b.seq from ledger_receipt r join ledger_record b on b.book = r.book and b.id = r.id where r.id = %s",
            [record_id],
        )
        row = cursor.fetchone()
        return Mark(int(row[0]), row[1]) if row else None


def _wait(saved: Saved, mark: Mark) -> None:
    saved.folded = wait_for(mark, FOLDED_WITHIN)
