"""Reading figures: for a place or an area and a period, with denominator and the moment they stand at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lianfang.headquarters.bulletins import freezing
from lianfang.headquarters.bulletins.figures import shared, together
from lianfang.headquarters.bulletins.queries.frozen import Span
from lianfang.headquarters.bulletins.types import PeriodBackwards, Proof, UnknownFigure
from lianfang.headquarters.upward import queries as upward
from lianfang.headquarters.upward.types import DayByDay, KeptBelow, Parted
from lianfang.kernel import clock
from lianfang.kernel.figures import Declaration, Figure, Period, declared
from lianfang.kernel.ranges import Range, intersect, merged
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
    if upward.meeting(ranges):
        return values([key], [ranges], period)[0][key]
    as_of = _as_of(told)
    with together():
        out_of = _each(declaration(told.denominator), [ranges], period)[0] if told.denominator else None
        return Figure(key, _each(told, [ranges], period)[0], told.unit, out_of, as_of)


def values(keys: Sequence[str], many: Sequence[Sequence[Range]], period: Period) -> list[dict[str, Figure]]:
    """Several figures over several lists of ranges: for each list the figures by key, in few queries whatever their number.

    What nodes below answer for is taken from what they tell, the rest is counted here. Raises UnknownFigure and PeriodBackwards, and where
    nodes answer KeptBelow and DayByDay.
    """
    if period.last < period.first:
        raise PeriodBackwards
    told = {key: declaration(key) for key in keys}
    told |= {one.denominator: declaration(one.denominator) for one in list(told.values()) if one.denominator}
    below = _below(list(told.values()), many, period)
    with together():
        numbers = {key: _with_below(one, below, period) if below else _each(one, many, period) for key, one in told.items()}
    stands = {source: _oldest(_as_of(one), below) for source, one in {one.source: one for one in told.values()}.items()}
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
    """The figure of each list of ranges: from the records, and of days whose records are erased from what was frozen."""
    frozen = shared(_spans, many, period) if freezing.freezes(told) else ()
    touched = [any(intersect(list(ranges), list(span.communities)) for span in frozen) for ranges in many] if frozen else ()
    if any(touched):
        return [freezing.value(told, ranges, period, frozen if held else ()) for ranges, held in zip(many, touched, strict=True)]
    return told.each(many, period) if told.each else [told.value(ranges, period) for ranges in many]


def _below(told: Sequence[Declaration], many: Sequence[Sequence[Range]], period: Period) -> Parted | None:
    """What nodes answer for; none where figures do not come up from any."""
    found = upward.parted(many, period.last, [one.key for one in told if one.within])
    if found is not None and period.first != period.last and any(one.within and not one.events for one in told):
        raise DayByDay(node=found.standings[0].node.name)
    return found


def _with_below(told: Declaration, below: Parted, period: Period) -> Sequence[int]:
    """A figure with what nodes tell of it; only lists that have something left are counted here."""
    left = [number for number, ranges in enumerate(below.rest) if ranges]
    here = dict(zip(left, _each(told, [below.rest[number] for number in left], period), strict=True)) if left else {}
    return [here.get(number, 0) + numbers.get(told.key, 0) for number, numbers in enumerate(below.numbers)]


def _oldest(here: datetime, below: Parted | None) -> datetime:
    return min(here, below.as_of) if below and below.as_of else here


def _spans(many: Sequence[Sequence[Range]], period: Period) -> Sequence[Span]:
    return freezing.spans_in(merged(piece for ranges in many for piece in ranges), period)


def trace(key: str, ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = 200) -> Sequence[Proof]:
    """The rows behind a figure, page by page; first that some are erased, where they are. Raises UnknownFigure, and KeptBelow.

    What nodes answer for is kept there.
    """
    if below := upward.meeting(ranges):
        raise KeptBelow(node=below[0].name)
    told = declaration(key)
    gone = freezing.spans_in(ranges, period) if freezing.freezes(told) and not after else []
    return [*(freezing.proof(span, ranges) for span in gone), *told.trace(ranges, period, after=after, limit=limit - len(gone))]


def _as_of(told: Declaration) -> datetime:
    """Folded figures stand as of what is folded; registers and the ledger itself as of now."""
    return folded_until([told.source]) if told.source in folding.registered() else clock.now()
