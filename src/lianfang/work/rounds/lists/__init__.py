"""Lists of open doors on paper and in workbooks: printed in walking order with empty boxes, filled in by hand, and typed back as records.

A list that went out comes back by the number of each door; what is written there are records of channel paper, and the same list again
changes nothing.
"""

from lianfang.work.rounds.lists.coming_back import FilledRow, ListUnreadable, TakenBack, answered, take_back
from lianfang.work.rounds.lists.going_out import DOORS_AT_MOST, ListTooLong, blank
from lianfang.work.rounds.lists.whereto import WhereTo, WhereToNotUnderstood, named

__all__ = [
    "DOORS_AT_MOST",
    "FilledRow",
    "ListTooLong",
    "ListUnreadable",
    "TakenBack",
    "WhereTo",
    "WhereToNotUnderstood",
    "answered",
    "blank",
    "named",
    "take_back",
]
