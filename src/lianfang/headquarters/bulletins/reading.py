"""Reading figures: for a place or an area and a period, with denominator and the moment they stand at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lianfang.headquarters.bulletins.types import PeriodBackwards, Proof, UnknownFigure
from lianfang.kernel import clock
from lianfang.kernel.figures import Declaration, Figure, Period, declared
from lianfang.kernel.ranges import Range
from lianfang.ledger import folding
from lianfang.ledger.queries import folded_until


def declaration(key: str) -> Declaration:
    """A figure by its key. Raises UnknownFigure."""
    found = declared().get(key)
    if found is None:
        raise UnknownFigure(key=key)
    return found


def value(key: str, ranges: Sequence[Range], period: Period) -> Figure:
    """A figure over ranges of positions. Raises UnknownFigure and PeriodBackwards."""
    told = declaration(key)
    if period.last < period.first:
        raise PeriodBackwards
    as_of = _as_of(told)
    out_of = declaration(told.denominator).value(ranges, period) if told.denominator else None
    return Figure(key, told.value(ranges, period), told.unit, out_of, as_of)


def trace(key: str, ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = 200) -> Sequence[Proof]:
    """The rows behind a figure, page by page. Raises UnknownFigure."""
    return declaration(key).trace(ranges, period, after=after, limit=limit)


def _as_of(told: Declaration) -> datetime:
    """Folded figures stand as of what is folded; registers and the ledger itself as of now."""
    return folded_until([told.source]) if told.source in folding.registered() else clock.now()
