"""Record kinds: the published language between phones, intake, duties and figures.

Plain Python without Django. One file per duty; adding a kind is adding a class there. `registry` keeps them,
`rendering` writes `docs/records.md` and the form that phones draw from.
"""

from lianfang.ledger.kinds import (
    attendance,
    campaigns,
    corrections,
    doorsteps,
    errands,
    former,
    former_matters,
    notes,
    orders,
    questions,
    returns,
)
from lianfang.ledger.kinds.registry import Kind, Retention, Subject, current, every, find, names, of, still_taken

__all__ = [
    "Kind",
    "Retention",
    "Subject",
    "attendance",
    "campaigns",
    "corrections",
    "current",
    "doorsteps",
    "errands",
    "every",
    "find",
    "former",
    "former_matters",
    "names",
    "notes",
    "of",
    "orders",
    "questions",
    "returns",
    "still_taken",
]
