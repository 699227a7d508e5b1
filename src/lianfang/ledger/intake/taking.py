"""`take`: records in, a verdict each out. The stages in order, each settling what it can.

Read · told apart from what is already known · understood · set against the ground (places, incidents, accounts) ·
kept, or laid aside for the secretary. Reading stages come before the first write, so that no transaction holds an xid long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.db import OperationalError, connection

from lianfang.kernel import clock
from lianfang.ledger.intake import envelopes, grounds, incoming, keeping, quarantine
from lianfang.ledger.intake.arrivals import Arrival, acted, arrival_of, understand
from lianfang.ledger.intake.books import ended_of, states_of
from lianfang.ledger.kinds.form import Channel, Incoming
from lianfang.ledger.types import Author, Ended, SameIdOtherContent, Sending, TooMany, Unreadable, Verdict, Word

LIMIT = 5000
_TRIES = 3

Raw = bytes | msgspec.Raw | Mapping[str, Any] | Incoming


def take(records: Sequence[Raw], author: Author, *, channel: Channel | None = None, received_at: datetime | None = None) -> list[Verdict]:
    """Check and keep up to 5,000 records of any age, in any order; a verdict for each, in the order in which they came.

    Durable before it returns, unless the caller holds a transaction open. `channel` is how records were learned that do not
    say it themselves. `received_at` is the moment of arrival (the present one unless tests or restores say otherwise).
    Raises `TooMany`, and what the database raises when it is away; nothing else.
    """
    [verdicts] = take_together([Sending(records, author, channel)], received_at=received_at or clock.now())
    return verdicts


def take_together(sendings: Sequence[Sending], *, received_at: datetime) -> list[list[Verdict]]:
    """What several authors send at the same moment, read and kept as one: far less work than one after the other, and no other verdicts."""
    for sending in sendings:
        if len(sending.records) > LIMIT:
            raise TooMany(limit=LIMIT, found=len(sending.records))
    read = [[_read(raw, sending, received_at) for raw in sending.records] for sending in sendings]
    for wave in _waves(read):
        first: dict[UUID, Arrival] = {}
        for arrival in wave:
            first.setdefault(arrival.record.id, arrival)
        fresh = list(first.values())
        _settle_known(fresh)
        _judge(_open(fresh), received_at)
        if len(fresh) < len(wave):
            for arrival in wave:
                arrival.verdict = _verdict(arrival, first[arrival.record.id])
    return [[arrival if isinstance(arrival, Verdict) else _settled(arrival) for arrival in arrivals] for arrivals in read]


def _waves(read: Sequence[Sequence[Arrival | Verdict]]) -> list[list[Arrival]]:
    """Sendings that share no record with one before them go together; one that does waits for what became of it."""
    tellings = [[arrival for arrival in arrivals if isinstance(arrival, Arrival)] for arrivals in read]
    whole = [arrival for told in tellings for arrival in told]
    if len(read) == 1 or len({arrival.record.id for arrival in whole}) == len(whole):
        return [whole]
    waves: list[list[Arrival]] = []
    last: dict[UUID, int] = {}
    for told in tellings:
        ids = {arrival.record.id for arrival in told}
        wave = max((last[one] + 1 for one in ids if one in last), default=0)
        if wave == len(waves):
            waves.append([])
        waves[wave] += told
        last |= dict.fromkeys(ids, wave)
    return waves


def take_arrival(arrival: Arrival, *, received_at: datetime) -> Verdict:
    """Take one record that was received before, as it was read then (a release from quarantine)."""
    for book, _ in keeping.receipts_of([arrival.record.id]).values():
        arrival.book = book
    _judge([arrival], received_at)
    return _settled(arrival)


def _judge(fresh: Sequence[Arrival], received_at: datetime) -> None:
    """Give new records their verdicts and keep those that may be kept."""
    for arrival in fresh:
        if broken := understand(arrival, received_at):
            arrival.settle(Word.REFUSED, broken)
    _turn_away_ended(_open(fresh))
    # Records that bring doors or people come first and one by one: others of the same call may stand on what they bring.
    for arrival in _open(fresh):
        envelope = arrival.record.envelope
        if envelope is not None and (envelope.door is not None or envelope.person is not None):
            _retrying([arrival], partial(envelopes.keep_with_envelope, arrival, envelope))
    _keep_plain(_open(fresh))


def _turn_away_ended(arrivals: Sequence[Arrival]) -> None:
    """Records of an incident whose book is erased go no further: they bring no door and no person, and nobody is asked to decide on them."""
    named = {arrival.record.incident for arrival in arrivals if arrival.record.incident is not None}
    ended = ended_of(named) if named else frozenset()
    for arrival in arrivals:
        if (arrival.record.incident, arrival.meant.retention.value) in ended:
            arrival.settle(Word.REFUSED, Ended())


def _read(raw: Raw, sending: Sending, at: datetime) -> Arrival | Verdict:
    if isinstance(raw, Incoming):
        record = raw
    else:
        try:
            record = incoming.read(raw)
        except Unreadable as why:
            return Verdict(incoming.name_of(raw), Word.REFUSED, why)
    digest = incoming.digest(record, acted(record, sending.author))
    if record.channel is None and sending.channel is not None:
        record = msgspec.structs.replace(record, channel=sending.channel)
    return arrival_of(record, sending.author, digest, at)


def _verdict(arrival: Arrival, first: Arrival) -> Verdict:
    """The verdict of an arrival: its own, or, for the same id again in one call, repetition or conflict with the first."""
    settled = _settled(first)
    if arrival is first:
        return settled
    if arrival.digest != first.digest:
        return Verdict(settled.id, Word.REFUSED, SameIdOtherContent())
    return Verdict(settled.id, Word.REPEATED) if settled.word is Word.KEPT else settled


def _settled(arrival: Arrival) -> Verdict:
    assert arrival.verdict is not None  # noqa: S101 - the last stage settles all
    return arrival.verdict


def _open(arrivals: Sequence[Arrival]) -> list[Arrival]:
    return [arrival for arrival in arrivals if arrival.verdict is None]


def _settle_known(arrivals: Sequence[Arrival]) -> None:
    """Records that were sent before get their verdict at once, whatever has changed since (grants, versions, places)."""
    if not arrivals:
        return
    known = keeping.receipts_of({arrival.record.id for arrival in arrivals})
    ended = states_of({book for book, digest in known.values() if digest is not None})
    for arrival in arrivals if known else ():
        book, digest = known.get(arrival.record.id, (0, None))
        if digest is None:
            arrival.book = book  # a correction that waits for it has chosen
            continue
        if ended[book]:
            arrival.settle(Word.REFUSED, Ended())
        else:
            keeping.judge_known(arrival, digest)
    quarantine.settle_known(_open(arrivals))


def _keep_plain(arrivals: Sequence[Arrival]) -> None:
    if not arrivals:
        return
    ground = grounds.preheat(arrivals)
    for arrival in arrivals:
        if broken := grounds.check(arrival, ground):
            arrival.settle(Word.REFUSED, broken)
    outside = [arrival for arrival in _open(arrivals) if not grounds.allowed(arrival, ground)]
    if outside:
        _retrying(outside, partial(quarantine.lay_aside, outside))
    if keepable := _open(arrivals):
        _retrying(keepable, partial(keeping.keep, keepable, ground.incidents))


def _retrying(arrivals: Sequence[Arrival], write: Callable[[], None]) -> None:
    """Write once more where two writers locked each other crosswise; inside a caller's transaction the caller must."""
    left = _TRIES
    while True:
        try:
            return write()
        except OperationalError as failed:
            left -= 1
            if not left or connection.in_atomic_block or getattr(failed.__cause__, "sqlstate", None) not in {"40P01", "40001"}:
                raise
            for arrival in arrivals:
                arrival.verdict = None
