"""Quarantine (待审): records from outside their author's grant. The secretary of the place decides; the body is sealed until then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from lianfang.kernel.db import columns_cursor
from lianfang.kernel.errors import Refused
from lianfang.kernel.sealing import keyring
from lianfang.ledger.intake.arrivals import Arrival
from lianfang.ledger.types import (
    Author,
    FromCutDevice,
    OutsideGrant,
    SameIdOtherContent,
    TooManyWaiting,
    UnknownAuthor,
    Waiting,
    WasRejected,
    Word,
)

# A device gone wrong must not bury the secretary.
WAITING_AT_MOST = 10_000
PURPOSE = "ledger_quarantine.sealed"

_LAY_ASIDE = """
insert into ledger_quarantine (id, digest, author, device, kind, place, position, incident, effective_at, received_at, sealed, cause, state)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'waiting') on conflict (id) do nothing
"""
_CAUSES: dict[str, type[Refused]] = {cause.code: cause for cause in (OutsideGrant, FromCutDevice)}


def settle_known(arrivals: Sequence[Arrival]) -> None:
    """Records that already wait, or were turned down, get the same verdict again; released ones have a receipt."""
    with columns_cursor() as cursor:
        cursor.execute(
            "select id, digest, state, cause from ledger_quarantine where id = any(%b::uuid[]) and state <> 'released'",
            [[arrival.record.id for arrival in arrivals]],
        )
        known = {row[0]: (bytes(row[1]), Waiting(row[2]), _CAUSES[row[3]]) for row in cursor.fetchall()}
    for arrival in arrivals:
        if arrival.record.id not in known:
            continue
        digest, state, cause = known[arrival.record.id]
        if digest != arrival.digest:
            arrival.settle(Word.REFUSED, SameIdOtherContent())
        elif state is Waiting.REJECTED:
            arrival.settle(Word.REFUSED, WasRejected())
        else:
            arrival.settle(Word.QUARANTINED, cause())


def lay_aside(arrivals: Sequence[Arrival]) -> None:
    """Seal the records and let them wait, all or none. Somebody without an account has nobody to decide for: refused."""
    with transaction.atomic():
        for author in dict.fromkeys(arrival.author for arrival in arrivals):
            _lay_aside([arrival for arrival in arrivals if arrival.author == author], author)


def _lay_aside(arrivals: Sequence[Arrival], author: Author) -> None:
    if author.account_id is None:
        for arrival in arrivals:
            arrival.settle(Word.REFUSED, UnknownAuthor())
        return
    room = WAITING_AT_MOST - _waiting_of(author.account_id)
    for arrival in arrivals[max(room, 0) :]:
        arrival.settle(Word.REFUSED, TooManyWaiting(limit=WAITING_AT_MOST))
    fitting = arrivals[: max(room, 0)]
    with connection.cursor() as cursor:
        cursor.executemany(_LAY_ASIDE, [_row(arrival, author) for arrival in fitting])
    for arrival in fitting:
        arrival.settle(Word.QUARANTINED, _cause(author)())


def _cause(author: Author) -> type[Refused]:
    return FromCutDevice if author.cut_off else OutsideGrant


def _waiting_of(account_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_quarantine where author = %s and state = 'waiting'", [account_id])
        return int(cursor.fetchone()[0])


def _row(arrival: Arrival, author: Author) -> list[Any]:
    body = msgspec.json.encode(arrival.record).decode()
    return [
        arrival.record.id, arrival.digest, author.account_id, author.device_id, arrival.record.kind, arrival.record.place, arrival.position,
        arrival.record.incident, arrival.effective_at, arrival.recorded_at, keyring().seal(body, PURPOSE), _cause(author).code,
    ]  # fmt: skip
