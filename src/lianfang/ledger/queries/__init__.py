"""Reads of the book: what happened where, one record, what waits, and how far figures stand."""

from lianfang.ledger.queries.folded import folded_until, wait_until_folded
from lianfang.ledger.queries.history import actors_of, history, record, remark_of, remarks_of
from lianfang.ledger.queries.incidents import acted_in, books_of, incident_of_book
from lianfang.ledger.queries.standing import standing
from lianfang.ledger.queries.waiting import own_waiting, waiting, waiting_count

__all__ = [
    "acted_in",
    "actors_of",
    "books_of",
    "folded_until",
    "history",
    "incident_of_book",
    "own_waiting",
    "record",
    "remark_of",
    "remarks_of",
    "standing",
    "wait_until_folded",
    "waiting",
    "waiting_count",
]
