"""Rounds as orders (敲门行动): that one was opened over a part of the tree, that it was given more time, and that it was closed.

The round itself (its name, basis and purpose) is master data of `work/rounds`; these records say when it began and ended, and are what
its state is folded from anew.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from lianfang.ledger.kinds.registry import Body, Retention, kind
from lianfang.ledger.kinds.words import Moment, words

_LEVELS = ("province", "city", "county", "street", "community", "building", "unit")


@kind(
    "round_opened",
    version=1,
    retention=Retention.ORDER,
    english="Round opened",
    term="排查开始",
    ability="rounds.open",
    levels=_LEVELS,
    sample={
        "round": "0195d4c2-0000-7000-8000-000000000001", "form": "headcount/1",
        "opens_at": "2026-03-10T00:00:00Z", "closes_at": "2026-03-12T12:00:00Z",
    },
)  # fmt: skip
class RoundOpened(Body, frozen=True):
    """Every door of an area is to be visited from one moment to another, with one form. The place is where the round is run from."""

    round: Annotated[UUID, words("Round", "轮次", "the round")]
    form: Annotated[str, words("Form", "排查表", "the form, name and version", pattern="^[a-z_]{1,30}/[0-9]{1,3}$")]
    opens_at: Annotated[Moment, words("Opens", "开始", "from when visits count")]
    closes_at: Annotated[Moment, words("Deadline", "截止", "up to when visits count")]


@kind(
    "round_extended",
    version=1,
    retention=Retention.ORDER,
    english="Round given more time",
    term="排查延期",
    ability="rounds.open",
    levels=_LEVELS,
    sample={"round": "0195d4c2-0000-7000-8000-000000000001", "from": "2026-03-12T12:00:00Z", "until": "2026-03-13T12:00:00Z"},
)
class RoundExtended(Body, frozen=True, rename={"earlier": "from"}):
    """The deadline of a round was moved to a later moment: visits up to then count in it. Why is kept in the log of changes."""

    round: Annotated[UUID, words("Round", "轮次", "the round")]
    earlier: Annotated[Moment, words("Deadline before", "原截止", "up to when visits counted before")]
    until: Annotated[Moment, words("Deadline", "截止", "up to when visits count")]


@kind(
    "round_closed",
    version=1,
    retention=Retention.ORDER,
    english="Round closed",
    term="排查结束",
    ability="rounds.open",
    levels=_LEVELS,
    sample={"round": "0195d4c2-0000-7000-8000-000000000001", "at": "2026-03-12T10:00:00Z"},
)
class RoundClosed(Body, frozen=True):
    """A round was ended before its deadline: visits from that moment on no longer count in it."""

    round: Annotated[UUID, words("Round", "轮次", "the round")]
    at: Annotated[Moment, words("Ended", "结束时间", "from when visits no longer count")]
