"""How a duty's command writes a record: one fact, through the same checks as intake.

The command has asked `accounts.access` before; the record is therefore taken without asking for grants again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack
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
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.kinds.registry import Body
from lianfang.ledger.queries.folded import wait_for
from lianfang.ledger.types import Author, Saved

FOLDED_WITHIN = 1.0  # seconds a command waits for its figures


class Beside(TypedDict, total=False):
    """What a command may say of a record besides its facts and place; all of it may be left out.

    `actor` is who acted, if not the writer; `corrects` goes with `reason`; `record_id` is made here unless a phone or form has made it.
    """

    record_id: UUID | None
    occurred_at: datetime | None
    channel: Channel | None
    incident: IncidentId | None
    actor: AccountId | None
    subject: UUID | None
    corrects: RecordId | None
    reason: Ground | None
    remark: str | None


def append(body: Body, *, place: PlaceId, by: Actor, **beside: Unpack[Beside]) -> Saved:
    """Append one record and wait, at most a second after it is committed, until figures include it (`Saved.folded`).

    Raises what intake refuses for. Inside a caller's transaction the waiting begins when that is committed.
    """
    kind = kinds.of(body)
    remark = beside.pop("remark", None)
    record_id = RecordId(beside.pop("record_id", None) or new_id())
    record = {
        **beside,
        "id": record_id,
        "kind": kind.name,
        "version": kind.version,
        "place": place,
        "occurred_at": beside.get("occurred_at") or clock.now(),
        "payload": msgspec.to_builtins(body),
        "envelope": {"remark": remark} if remark else None,
    }
    [verdict] = take([record], Author(by.account_id, trusted=True))
    if verdict.why is not None:
        raise verdict.why
    saved = Saved(record_id)
    mark = _mark_of(record_id)
    transaction.on_commit(lambda: _wait(saved, mark))
    return saved


def _mark_of(record_id: RecordId) -> Mark:
    with connection.cursor() as cursor:
        cursor.execute(
            "select b.xact::text, b.seq from ledger_receipt r join ledger_record b on b.book = r.book and b.id = r.id where r.id = %s",
            [record_id],
        )
        xact, seq = cursor.fetchone()
        return Mark(int(xact), seq)


def _wait(saved: Saved, mark: Mark) -> None:
    saved.folded = wait_for(mark, FOLDED_WITHIN)
