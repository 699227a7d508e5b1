"""What each step does. Every one may be repeated: what is done already counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import commands as bulletins
from lianfang.headquarters.bulletins import freezing, subjects
from lianfang.headquarters.bulletins.definitions.daily import DAILY
from lianfang.headquarters.bulletins.queries.frozen import Span, keep_span
from lianfang.headquarters.bulletins.types import AlreadyPublished
from lianfang.headquarters.closing import inventory
from lianfang.headquarters.closing.commands.holding import copy_held
from lianfang.headquarters.closing.models import Closing
from lianfang.headquarters.closing.types import Machine, NotFolded, State, StillFound
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range
from lianfang.ledger import ending, folding
from lianfang.ledger.ending import EndingBook
from lianfang.ledger.folding import rebuilding
from lianfang.ledger.queries.folded import wait_until_folded

Counts = Mapping[str, int]
MARKS = 24
"""How many ids of records, and pieces of sealed words, of each book are searched for afterwards."""
_FOLDED_WITHIN = 20.0


def _books(row: Closing) -> list[EndingBook]:
    known = ending.books_of(row.incident) if row.incident else [book for key in row.checked["keys"] for book in ending.book_named(key)]
    return [book for book in known if book.id in row.books]


def _going(row: Closing) -> list[EndingBook]:
    return [book for book in _books(row) if book.goes]


def last_bulletins(row: Closing, _machine: Machine) -> Counts:
    """The daily bulletin of the last day, if nobody has published it."""
    spread = ending.spread_of([book.id for book in _going(row)])
    if row.incident is None or spread.last is None:
        return {}
    day = min(spread.last, clock.today())
    try:
        bulletins.publish(DAILY, subjects.of_place(places.place(PlaceId(row.place))), Period(day, day), by=access.local_administrator())
    except AlreadyPublished:
        return {"published": 0}
    return {"published": 1}


def end_books(row: Closing, _machine: Machine) -> Counts:
    """From now on the books take nothing."""
    ending.end_books([book.id for book in _going(row)])
    return {"books": len(_going(row))}


def all_folded(_row: Closing, _machine: Machine) -> Counts:
    """Figures hold everything that came in."""
    if not folding.fold_here() and not wait_until_folded(_FOLDED_WITHIN):
        raise NotFolded
    return {}


def freeze_figures(row: Closing, _machine: Machine) -> Counts:
    """The figures of every day, by community, into frozen tables; they answer as soon as all are there."""
    spread = ending.spread_of([book.id for book in _going(row) if not book.drill])  # what was practised stands in no figure
    if spread.first is None or spread.last is None:
        return {}
    # The day itself is frozen too when something was recorded on it; otherwise it ends as a day without the incident. What only grew old goes
    # with its own days: the months since are answered from their own records, down to the door.
    last = max(spread.last, clock.today() - timedelta(days=1)) if row.incident else spread.last
    span = Span(row.id, row.number or 0, spread.first, last, tuple(Range(*one) for one in spread.communities))
    day, kept = span.first, 0
    while day <= span.last:
        kept += freezing.freeze(span, day)
        day += timedelta(days=1)
    keep_span(span)
    return {"figures": kept, "days": (span.last - span.first).days + 1, "communities": len(span.communities)}


def freeze_service(row: Closing, _machine: Machine) -> Counts:
    """Who did how much, without residents."""
    return {"rows": sum(ending.freeze_service(book) for book in _going(row))}


def copy_holds(row: Closing, _machine: Machine) -> Counts:
    """What is held is copied, sealed."""
    return {"held": copy_held(row.incident, row.books)} if row.incident else {}


def take_marks(row: Closing, _machine: Machine) -> Counts:
    """Bytes to search for afterwards; written backwards and as text, so that the search does not find them here."""
    row.marks = [mark[::-1].hex() for book in _going(row) for mark in ending.marks_of(book, MARKS)]
    row.save(update_fields=["marks"])
    return {"marks": len(row.marks)}


def erase_beside(row: Closing, _machine: Machine) -> Counts:
    """Free words of records, and what waited in quarantine."""
    gone: dict[str, int] = {}
    for book in _books(row):
        for name, count in ending.erase_beside(book).items():
            gone[name] = gone.get(name, 0) + count
    return gone


def drop_records(row: Closing, _machine: Machine) -> Counts:
    """The partitions of the books with residents' data."""
    return {"records": sum(ending.drop_book(book) for book in _going(row))}


def rebuild(_row: Closing, _machine: Machine) -> Counts:
    """What was folded from the records goes with them."""
    found = rebuilding.rebuild()
    return {"rows": sum(one.too_many + one.different for one in found)}


def end_sessions(row: Closing, _machine: Machine) -> Counts:
    """Everybody signs in again: what a session remembered of a page is gone."""
    if row.incident is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("delete from django_session")
        return {"sessions": int(cursor.rowcount)}


def renew_keys(_row: Closing, machine: Machine) -> Counts:
    """Sealed fields under a new key, the old ones destroyed: what is left of sealed bytes anywhere opens no more."""
    return machine.renew_keys()


def rewrite_storage(_row: Closing, machine: Machine) -> Counts:
    """Tables that lost rows are written anew, the log of the database is turned over, files of the program are swept."""
    return {**machine.rewrite(inventory.touched()), **machine.sweep()}


def back_up(_row: Closing, machine: Machine) -> Counts:
    """A fresh backup, and the keys of all older ones destroyed."""
    return machine.back_up()


def search(row: Closing, machine: Machine) -> Counts:
    """Look for the marks in every byte that is left. One hit and there is no certificate."""
    found = machine.search([bytes.fromhex(mark)[::-1] for mark in row.marks])
    row.checked = {
        **row.checked, "files": found.files, "bytes": found.size, "marks": found.marks, "hits": list(found.hits), "left_out": list(found.left_out),
        "at": clock.now().isoformat(),
    }  # fmt: skip
    row.save(update_fields=["checked"])
    if found.hits:
        raise StillFound(count=len(found.hits))
    return {"files": found.files, "marks": found.marks}


def certify(row: Closing, _machine: Machine) -> Counts:
    """The certificate: what went, as counted by each step."""
    row.counts = {f"{step.name}.{name}": count for step in row.steps.order_by("ordinal") for name, count in step.counts.items() if count}
    row.state, row.finished_at, row.marks = State.DONE, clock.now(), []
    row.save(update_fields=["counts", "state", "finished_at", "marks"])
    return {}


STEPS: Mapping[str, Callable[[Closing, Machine], Counts]] = {
    "bulletins": last_bulletins,
    "books": end_books,
    "folded": all_folded,
    "figures": freeze_figures,
    "service": freeze_service,
    "holds": copy_holds,
    "marks": take_marks,
    "beside": erase_beside,
    "records": drop_records,
    "rebuild": rebuild,
    "sessions": end_sessions,
    "keys": renew_keys,
    "storage": rewrite_storage,
    "backups": back_up,
    "check": search,
    "certificate": certify,
}
"""By name; those that erase are named by the contexts that registered them."""
