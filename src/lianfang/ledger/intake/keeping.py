"""The last stage: choose the book, take the receipt, write the record. Set-based, one transaction.

Ids are claimed in order, so that two calls that bring the same records wait for each other instead of locking crosswise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import Cursor

from lianfang.kernel.columns import column_of
from lianfang.kernel.db import columns_cursor
from lianfang.kernel.ids import IncidentId, time_of
from lianfang.kernel.sealing import keyring
from lianfang.ledger import rules
from lianfang.ledger.intake import photos
from lianfang.ledger.intake.arrivals import Arrival
from lianfang.ledger.intake.books import BookState, open_books, states_of
from lianfang.ledger.types import Ended, RootDiffers, SameIdOtherContent, Word

CHANNEL = "ledger_records"
REMARK = "ledger_remark.sealed"

_COLUMNS = {
    "id": "uuid", "book": "int", "kind": "text", "version": "int", "incident": "uuid", "place": "uuid", "position": "bigint",
    "actor": "uuid", "entered_by": "uuid", "channel": "text", "subject": "uuid", "occurred_at": "timestamptz", "skew": "bigint",
    "device": "uuid", "device_seq": "bigint", "recorded_at": "timestamptz", "effective_at": "timestamptz", "corrects": "uuid",
    "reason": "text", "payload": "jsonb",
}  # fmt: skip
# Answers only the ids that somebody else holds: there are seldom any.
_RECEIPTS = """
with wanted as materialized (select * from unnest(%b::uuid[], %b::int[], %b::bytea[]) with ordinality w(id, book, digest, nth)),
taken as (insert into ledger_receipt (id, book, digest) select id, book, digest from wanted order by nth on conflict (id) do nothing returning id)
select w.id from wanted w where not exists (select from taken t where t.id = w.id)
"""
_CLAIM = """
update ledger_receipt r set digest = t.digest, book = coalesce(t.book, r.book)
from unnest(%b::uuid[], %b::int[], %b::bytea[]) t(id, book, digest)
where r.id = t.id and r.digest is null and t.digest is not null
returning r.id
"""


def keep(arrivals: Sequence[Arrival], drills: Mapping[IncidentId, bool]) -> None:
    """Write the arrivals that are still without a verdict and give each its own. `drills`: incidents that are only practised."""
    with transaction.atomic():
        roots = [arrival for arrival in arrivals if arrival.record.corrects is None]
        corrections = [arrival for arrival in arrivals if arrival.record.corrects is not None]
        # Roots first: a correction that comes in the same call then finds its root like any other.
        for some in filter(None, (roots, corrections)):
            _choose_books(some, drills)
            _take_receipts(_open(some))
            _write(_open(some))
        with connection.cursor() as cursor:
            cursor.execute("select pg_notify(%s, '')", [CHANNEL])
    for arrival in _open(arrivals):
        arrival.settle(Word.KEPT)


def note_brought(arrival: Arrival, *, door: bool, person: bool) -> None:
    """Note what was on no list before this record: it goes with the record's book unless something else comes to know it."""
    brought = {"door": arrival.record.place if door else None, "person": arrival.record.subject if person else None}
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ledger_brought (id, what, book, position) values (%s, %s, %s, %s) on conflict (id) do nothing",
            [(one, what, arrival.book, arrival.position) for what, one in brought.items() if one is not None],
        )


def receipts_of(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes | None]]:
    """Book and digest by id, for those that have a receipt."""
    with columns_cursor() as cursor:
        cursor.execute("select id, book, digest from ledger_receipt where id = any(%b::uuid[])", [column_of(list(ids))])
        return {row[0]: (row[1], None if row[2] is None else bytes(row[2])) for row in cursor.fetchall()}


def _open(arrivals: Iterable[Arrival]) -> list[Arrival]:
    return [arrival for arrival in arrivals if arrival.verdict is None]


def _choose_books(arrivals: Sequence[Arrival], drills: Mapping[IncidentId, bool]) -> None:
    """A root's book is the one its waiting corrections chose, else its own by the rule; a correction's is its root's."""
    corrected = {arrival.record.corrects for arrival in arrivals if arrival.record.corrects is not None}
    known = receipts_of(corrected) if corrected else {}
    _refuse_other_roots(arrivals, known)
    chosen = {arrival.record.id: arrival.book for arrival in _open(arrivals) if arrival.book and arrival.record.corrects is None}
    chosen |= {arrival.record.id: known[arrival.record.corrects][0] for arrival in _open(arrivals) if arrival.record.corrects in known}
    by_rule = _books_by_rule([arrival for arrival in _open(arrivals) if arrival.record.id not in chosen], drills)
    opened = open_books(set(by_rule.values()))
    states = states_of(set(chosen.values()))
    for arrival in _open(arrivals):
        number = chosen.get(arrival.record.id)
        book = opened[by_rule[arrival.record.id]] if number is None else BookState(number, ended=states[number])
        arrival.book = book.id
        if book.ended:
            arrival.settle(Word.REFUSED, Ended())


def _books_by_rule(arrivals: Sequence[Arrival], drills: Mapping[IncidentId, bool]) -> dict[UUID, rules.BookName]:
    """Many records share a name: it is worked out once for each incident, class and hour (a local day begins with a full hour)."""
    names: dict[tuple[object, ...], rules.BookName] = {}
    found = {}
    for arrival in arrivals:
        record, retention = arrival.record, arrival.meant.retention
        at = rules.clamped(time_of(record.corrects or record.id), arrival.recorded_at)
        shared = (record.incident, retention, at.date(), at.hour)
        if shared not in names:
            drill = record.incident is not None and drills[IncidentId(record.incident)]
            names[shared] = rules.book_of(retention, record.incident, drill=drill, at=at)
        found[record.id] = names[shared]
    return found


def _refuse_other_roots(arrivals: Sequence[Arrival], known: dict[UUID, tuple[int, bytes | None]]) -> None:
    """Corrections whose root is there, but is of another kind, at another place, or itself a correction."""
    corrections = [arrival for arrival in arrivals if arrival.record.corrects is not None]
    if not corrections:
        return
    pairs = [(known[root][0], root) for one in corrections if (root := one.record.corrects) in known and known[root][1] is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.id, r.kind, r.place from unnest(%s::int[], %s::uuid[]) p(book, id) "
            "join ledger_record r on r.book = p.book and r.id = p.id and r.corrects is null",
            [[book for book, _ in pairs], [root for _, root in pairs]],
        )
        found = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    rooted = {root for _, root in pairs} | {one.record.id for one in corrections}
    for one in corrections:
        if one.record.corrects in rooted and found.get(one.record.corrects) != (one.meant.name, one.record.place):
            one.settle(Word.REFUSED, RootDiffers())


def _take_receipts(arrivals: Sequence[Arrival]) -> None:
    """Claim the ids. A root that no one has seen gets a receipt without digest, which it fills when it comes."""
    wanted: dict[UUID, tuple[int, bytes | None]] = {
        arrival.record.corrects: (arrival.book, None) for arrival in arrivals if arrival.record.corrects is not None
    }
    wanted |= {arrival.record.id: (arrival.book, arrival.digest) for arrival in arrivals}
    in_order = sorted(wanted.items(), key=lambda one: one[0].int)
    with columns_cursor() as cursor:
        cursor.execute(
            _RECEIPTS,
            [
                column_of([name for name, _ in in_order]),
                column_of([book for _, (book, _) in in_order]),
                column_of([digest for _, (_, digest) in in_order]),
            ],
        )
        missed = [row[0] for row in cursor.fetchall()]
        if missed:
            _claim(cursor, arrivals, wanted, sorted(missed))


def _claim(
    cursor: Cursor[tuple[Any, ...]], arrivals: Sequence[Arrival], wanted: Mapping[UUID, tuple[int, bytes | None]], missed: Sequence[UUID]
) -> None:
    """Fill receipts that wait for these records; what has one already is a repetition or a conflict."""
    # Where somebody named a correction as a root, the receipt that waited for it follows the correction's own root.
    of_correction = {arrival.record.id for arrival in arrivals if arrival.record.corrects is not None}
    cursor.execute(
        _CLAIM, [missed, [wanted[name][0] if name in of_correction else None for name in missed], [wanted[name][1] for name in missed]]
    )
    kept_by_others = set(missed) - {row[0] for row in cursor.fetchall()}
    standing = receipts_of(missed)
    for arrival in arrivals:
        root_or_self = arrival.record.corrects or arrival.record.id
        if root_or_self in standing:
            arrival.book = standing[root_or_self][0]
        if arrival.record.id in kept_by_others:
            judge_known(arrival, standing[arrival.record.id][1])


def judge_known(arrival: Arrival, digest: bytes | None) -> None:
    """A record whose id has a receipt: the same content is the same record, other content a conflict."""
    if digest == arrival.digest:
        arrival.settle(Word.REPEATED)
    else:
        arrival.settle(Word.REFUSED, SameIdOtherContent())


def _write(arrivals: Sequence[Arrival]) -> None:
    if not arrivals:
        return
    statement, values = _insertion([_row(arrival) for arrival in arrivals])
    with columns_cursor() as cursor:
        cursor.execute(statement, values)
    for arrival in arrivals:
        photos.keep(arrival.record, arrival.book)
    remarks = [(arrival, text) for arrival in arrivals if (text := arrival.remark)]
    if remarks:
        ring = keyring()
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into ledger_remark (id, book, position, sealed) "
                "select * from unnest(%s::uuid[], %s::int[], %s::bigint[], %s::bytea[])",
                [
                    [arrival.record.id for arrival, _ in remarks],
                    [arrival.book for arrival, _ in remarks],
                    [arrival.position for arrival, _ in remarks],
                    [ring.seal(text, REMARK) for _, text in remarks],
                ],
            )


def _insertion(rows: Sequence[tuple[object, ...]]) -> tuple[str, list[object]]:
    """The statement that writes rows: what all of them say alike (kind, book, what is left out) goes over once, all else column by column."""
    alike, varied, said = [], [], []
    for (name, kind), column in zip(_COLUMNS.items(), zip(*rows, strict=True), strict=True):
        first = column[0]
        if name != "id" and all(value is first or value == first for value in column):
            said.append(f"%b::{kind}")
            alike.append(first)
        else:
            said.append(f"t.{name}")
            varied.append((name, kind, column_of(column)))
    arrays = ", ".join(f"%b::{kind}[]" for _, kind, _ in varied)
    names = ", ".join(name for name, _, _ in varied)
    statement = f"insert into ledger_record ({', '.join(_COLUMNS)}) select {', '.join(said)} from unnest({arrays}) t({names})"
    return statement, [*alike, *(column for _, _, column in varied)]


def _row(arrival: Arrival) -> tuple[object, ...]:
    record = arrival.record
    return (
        record.id, arrival.book, record.kind, record.version, record.incident, record.place, arrival.position, arrival.actor,
        arrival.entered_by, record.channel, record.subject, record.occurred_at, record.skew, record.device,
        record.device_seq, arrival.recorded_at, arrival.effective_at, record.corrects, record.reason, arrival.payload.decode(),
    )  # fmt: skip
