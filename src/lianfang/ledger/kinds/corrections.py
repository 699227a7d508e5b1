"""Corrections (更正): a record that replaces or withdraws another, its root.

Corrections of one root are ordered by their own effective time, then id, and the last holds, whole: what it does
not say is as the root said. One may arrive before its root, and then waits.
"""

from __future__ import annotations

from typing import Annotated, Any

from lianfang.kernel.errors import Refused
from lianfang.ledger.kinds.registry import Body, Retention, kind
from lianfang.ledger.kinds.words import Choice, Moment, words


class Action(Choice):
    """What a correction does to its root."""

    REPLACE = "replace", "replace", "更正"
    WITHDRAW = "withdraw", "withdraw", "撤回"


class Ground(Choice):
    """Why a record is corrected: the `reason` of the record."""

    MISTYPED = "mistyped", "typed wrongly", "录入有误"
    WRONG_PLACE = "wrong_place", "wrong door or place", "地点有误"
    WRONG_TIME = "wrong_time", "wrong time", "时间有误"
    RECORDED_TWICE = "recorded_twice", "recorded twice", "重复记录"
    LEARNED_LATER = "learned_later", "learned better later", "后经核实"
    OTHER = "other", "other", "其他"


class NothingReplaced(Refused):
    """A correction that replaces says with what: other facts, or another time."""


class WithdrawnAndReplaced(Refused):
    """A correction that withdraws a record cannot also replace it."""


@kind(
    "correction",
    version=1,
    retention=Retention.RESIDENT,
    english="Correction",
    term="更正",
    sample={"kind": "visit", "version": 1, "action": "replace", "to": {"outcome": "phone"}, "at": None},
)
class Correction(Body, frozen=True):
    """Replaces or withdraws the record named in `corrects`, for the reason given in `reason`.

    It lies in the book of its root, needs the rights of the root's kind, and counts only where its place is its root's.
    """

    kind: Annotated[str, words("Kind", "原记录种类", "kind of the root record", pattern="^[a-z_]{1,40}$", max_length=40)]
    version: Annotated[int, words("Version", "版本", "version of the kind in which `to` is written", ge=1, le=999)]
    action: Annotated[Action, words("Action", "更正方式", "replace or withdraw")]
    to: Annotated[dict[str, Any] | None, words("Replaced by", "更正为", "the whole payload that holds from now on")] = None
    at: Annotated[Moment | None, words("Time moved to", "时间更正为", "when it really was, if the time is what is corrected")] = None

    def breach(self) -> Refused | None:
        """A replacement says what or when; a withdrawal says neither."""
        if self.action is Action.REPLACE and self.to is None and self.at is None:
            return NothingReplaced()
        if self.action is Action.WITHDRAW and (self.to is not None or self.at is not None):
            return WithdrawnAndReplaced()
        return None
