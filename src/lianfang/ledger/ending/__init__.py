"""How a book ends: it takes no more, what was served under it is kept as sums, and its partition goes with all that lay beside it.

Run by `headquarters.closing` as the owner of the tables, step by step; every step may be repeated.
"""

from __future__ import annotations

from lianfang.ledger.ending.books import EndingBook, book_named, books_of, end_books, rolled_over, spread_of
from lianfang.ledger.ending.erasing import brought, drop_book, erase_beside, freeze_service
from lianfang.ledger.ending.looking import held_records, is_there, marks_of

__all__ = [
    "EndingBook",
    "book_named",
    "books_of",
    "brought",
    "drop_book",
    "end_books",
    "erase_beside",
    "freeze_service",
    "held_records",
    "is_there",
    "marks_of",
    "rolled_over",
    "spread_of",
]
