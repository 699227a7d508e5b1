"""Record kinds: the published language between phones, intake, duties and figures.

Plain Python without Django. One file per duty; adding a kind is adding a class there. `registry` keeps them,
`rendering` writes `docs/records.md` and the form that phones draw from.
"""

from lianfang.ledger.kinds import attendance, corrections, doorsteps, errands, notes
from lianfang.ledger.kinds.registry import Kind, Retention, Subject, current, every, find, names, of, still_taken

__all__ = [
    "Kind",
    "Retention",
    "Subject",
    "attendance",
    "corrections",
    "current",
    "doorsteps",
    "errands",
    "every",
    "find",
    "names",
    "notes",
    "of",
    "still_taken",
]
