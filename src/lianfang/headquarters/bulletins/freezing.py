"""Figures of days whose records are erased: closed by community and day before the records go, and answered from then on.

By community, because a building may be one household: below it, and over more days than a figure adds up over, the answer is that the records
are erased, with the number of the certificate. Where several spans hold the same day, the last one holds: it was reckoned with those before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins.figures import together
from lianfang.headquarters.bulletins.queries import frozen
from lianfang.headquarters.bulletins.queries.frozen import Span
from lianfang.headquarters.bulletins.types import FiguresErased, Proof
from lianfang.kernel.figures import Declaration, Period, declared
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range, contains, intersect, merged, subtract

ROUNDS = "rounds.round_door"
SOURCES = frozenset({"ledger", "rounds.visit_day", "rounds.door_state", ROUNDS, "rounds.arrival", "matters.matters"})
"""Where residents' records are counted. Registers of places and people, and duty, stay as they are and answer by themselves."""
_WITHIN = frozenset({"doors_visited", "doors_newly_settled"})
_ONE_DAY = timedelta(days=1)


def freezes(told: Declaration) -> bool:
    """Whether a figure is counted from records that go."""
    return told.dated and told.source in SOURCES


def _adds_up(told: Declaration) -> bool:
    """Whether days add up: events do; a round's are told as of a day."""
    return told.events and told.source != ROUNDS


def _of_last_day(told: Declaration) -> bool:
    """Whether only the last day of the period counts."""
    return not told.events and told.source != ROUNDS and told.key not in _WITHIN


def value(told: Declaration, ranges: Sequence[Range], period: Period, spans: Sequence[Span]) -> int:
    """A figure over ranges and days of which some are frozen: each part from where it is known. Raises FiguresErased."""
    asked = Period(period.last, period.last) if _of_last_day(told) else period
    for number, span in enumerate(spans):
        inside = intersect(list(ranges), list(span.communities))
        first, last = max(asked.first, span.first), min(asked.last, span.last)
        if not inside or first > last:
            continue
        left, rest = subtract(list(ranges), list(span.communities)), spans[number + 1 :]
        if not _adds_up(told) and asked.first != asked.last:
            raise FiguresErased(number=span.certificate)
        found = frozen.frozen(span, told.key, Period(first, last), _whole(span, inside))
        found += value(told, left, period, rest) if left else 0
        for days in _around(asked, first, last):
            found += value(told, inside, days, rest)
        return found
    return told.each([ranges], period)[0] if told.each else told.value(ranges, period)


def _around(asked: Period, first: date, last: date) -> list[Period]:
    """The days before and after."""
    before = [Period(asked.first, first - _ONE_DAY)] if asked.first < first else []
    return before + ([Period(last + _ONE_DAY, asked.last)] if last < asked.last else [])


def _whole(span: Span, inside: Sequence[Range]) -> list[Range]:
    """The communities that make up ranges; none of them may be cut. Raises FiguresErased."""
    found = [one for one in span.communities if intersect([one], list(inside))]
    if any(not contains(list(inside), one) for one in found):
        raise FiguresErased(number=span.certificate)
    return found


def spans_in(ranges: Sequence[Range], period: Period) -> list[Span]:
    """The frozen spans that hold a day of the period somewhere in the ranges."""
    return [span for span in frozen.spans(period.first, period.last) if intersect(list(ranges), list(span.communities))]


def proof(span: Span, ranges: Sequence[Range]) -> Proof:
    """What is left of the rows behind a figure: that they are erased, by which certificate."""
    here = places.place_at(intersect(merged(ranges), list(span.communities))[0].lo)
    return Proof(
        "erased", span.id, PlaceId(here.id) if here else PlaceId(span.id), None, "", {"certificate": span.certificate, "first": span.first, "last": span.last}
    )  # fmt: skip


def freeze(span: Span, day: date) -> int:
    """Close all figures of one day for the communities of a span, before its records go; how many are not zero."""
    chosen = [told for told in declared().values() if freezes(told)]
    earlier = [one for one in frozen.spans(day, day) if one.id != span.id]
    period, values = Period(day, day), []
    with together():
        for told in chosen:
            untouched = [one for one in span.communities if not any(intersect([one], list(each.communities)) for each in earlier)]
            live = told.each([[one] for one in untouched], period) if told.each and untouched else []
            values += [(told.key, one.lo, number) for one, number in zip(untouched, live, strict=True)]
            values += [(told.key, one.lo, value(told, [one], period, earlier)) for one in span.communities if one not in untouched]
    return frozen.keep_figures(span, day, values)
