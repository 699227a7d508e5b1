"""Reading figures: for a place or an area and a period, with denominator and the moment they stand at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lianfang.headquarters.bulletins.figures import together
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
    with together():
        out_of = declaration(told.denominator).value(ranges, period) if told.denominator else None
        return Figure(key, told.value(ranges, period), told.unit, out_of, as_of)


def values(keys: Sequence[str], many: Sequence[Sequence[Range]], period: Period) -> list[dict[str, Figure]]:
    """Several figures over several lists of ranges: for each list the figures by key, in few queries whatever their number.

    Raises UnknownFigure and PeriodBackwards.
    """
    if period.last < period.first:
        raise PeriodBackwards
    told = {key: declaration(key) for key in keys}
    told |= {one.denominator: declaration(one.denominator) for one in list(told.values()) if one.denominator}
    with together():
        numbers = {key: _each(one, many, period) for key, one in told.items()}
    stands = {source: _as_of(one) for source, one in {one.source: one for one in told.values()}.items()}
    return [
        {
            key: Figure(
                key, numbers[key][number], told[key].unit, numbers[out_of][number] if (out_of := told[key].denominator) else None,
                stands[told[key].source],
            )
            for key in keys
        }
        for number in range(len(many))
    ]  # fmt: skip


def _each(told: Declaration, many: Sequence[Sequence[Range]], period: Period) -> Sequence[int]:
    return told.each(many, period) if told.each else [told.value(ranges, period) for ranges in many]


def trace(key: str, ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = 200) -> Sequence[Proof]:
    """The rows behind a figure, page by page. Raises UnknownFigure."""
    return declaration(key).trace(ranges, period, after=after, limit=limit)


def _as_of(told: Declaration) -> datetime:
    """Folded figures stand as of what is folded; registers and the ledger itself as of now."""
    return folded_until([told.source]) if told.source in folding.registered() else clock.now()
