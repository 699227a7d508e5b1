"""The erasers of what records of a book brought: persons and doors that were on no list before."""

from __future__ import annotations

from lianfang.ground.people import commands as people
from lianfang.ground.places import commands as places
from lianfang.ledger.ending.erasing import brought


def erase_persons(book: int) -> int:
    """Persons whom only records of the book knew."""
    return people.erase_persons(brought(book, "person"), book)


def erase_doors(book: int) -> int:
    """Words at doors that records of the book found; the doors stay."""
    return places.unname_doors(brought(book, "door"))
