"""Reactions (联动): what a record sets off, once, and never in a rebuild.

Each reaction has a cursor of its own and sees every touched root as it stands, in the order of the book. What it appends has an id
made from its cause (`kernel.ids.derived_id`), so that twice is once; cursor and appended records are one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction

from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.ledger.folding import batches, cursors
from lianfang.ledger.folding.cursors import Cursor, Mark
from lianfang.ledger.intake import take
from lianfang.ledger.queries.standing import standing_of_touched
from lianfang.ledger.types import Author, SameIdOtherContent, StandingRecord, Word

BATCH = 500  # records shown in one transaction
LOOKED_THROUGH = 5000  # records among which they are looked for


@dataclass(frozen=True, slots=True)
class Reaction:
    """What some kinds of record set off. `react` answers the records to append, as they would be sent to intake.

    `among`: SQL over the kind, version and payload of a record `s` that holds for all that may set something off, so that the others are not even read.
    """

    name: str
    kinds: Collection[str]
    react: Callable[[StandingRecord], Sequence[Mapping[str, Any]]]
    among: str = "true"


class ReactionRefused(Refused):
    """What a reaction wanted to append was not taken: {code}."""


_reactions: dict[str, Reaction] = {}


def register(reaction: Reaction) -> Reaction:
    """Add a reaction; duties do so when their app starts. The same name twice is a mistake of the programmer."""
    if reaction.name in _reactions:
        raise ValueError(f"reaction {reaction.name} is registered twice")
    _reactions[reaction.name] = reaction
    return reaction


def registered() -> dict[str, Reaction]:
    """All reactions by name."""
    return dict(_reactions)


def ensure_cursors() -> None:
    """Every reaction has a cursor. In a book that others have read already, a new reaction begins at its end: it is no news."""
    known = cursors.read()
    fresh = [name for name in registered() if name not in {cursor.name for cursor in known}]
    if not fresh:
        return
    begun = [cursor for cursor in known if cursor.name in registered()]
    at = cursors.end_of_book(cursors.ZERO) if begun else cursors.ZERO
    cursors.begin(fresh, [""] * len(fresh), at, clock.now())


def react_available() -> int:
    """Let every reaction see what is new, one short transaction per batch; how many batches were seen.

    One that fails stops alone, says so, and is tried again in the next round. The caller holds the lock of folding.
    """
    ensure_cursors()
    return sum(_catch_up(reaction) for reaction in registered().values())


def _catch_up(reaction: Reaction) -> int:
    done = 0
    while True:
        [cursor] = cursors.read([reaction.name])
        end = cursors.end_of_book(cursor.mark)
        if end == cursor.mark or not _one_batch(reaction, cursor, end):
            return done
        done += 1


def _one_batch(reaction: Reaction, cursor: Cursor, end: Mark) -> bool:
    """Show a reaction its next batch; whether that went well."""
    try:
        with transaction.atomic():
            upto, found = _shown(reaction, cursor.mark, end, LOOKED_THROUGH)
            if len(found) > BATCH:
                upto, found = _shown(reaction, cursor.mark, end, BATCH)
            for record in found:
                _append(reaction.react(record))
            cursors.advance([reaction.name], upto, clock.now())
    except (Refused, DatabaseError) as failed:
        if isinstance(failed, DatabaseError) and not connection.is_usable():
            raise
        why = failed.facts["code"] if isinstance(failed, ReactionRefused) else type(failed).__name__
        cursors.stick(reaction.name, str(why), None, clock.now())
        return False
    return True


def _shown(reaction: Reaction, after: Mark, end: Mark, limit: int) -> tuple[Mark, list[StandingRecord]]:
    """What a reaction sees among so many records, and up to where."""
    upto = cursors.cut(after, end, limit)
    batches.bound(upto)
    return upto, standing_of_touched(after, upto, reaction.kinds, reaction.among)


def _append(records: Sequence[Mapping[str, Any]]) -> None:
    """Append what a reaction answered. An id that is already there, with whatever content, was appended before: once is enough."""
    if not records:
        return
    for verdict in take(records, Author(None, trusted=True)):
        known_already = isinstance(verdict.why, SameIdOtherContent)
        if verdict.word not in {Word.KEPT, Word.REPEATED} and not known_already:
            raise ReactionRefused(code=verdict.code)
