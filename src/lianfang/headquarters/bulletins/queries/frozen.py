"""Which days of which communities are frozen, and their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from lianfang.headquarters.bulletins.models import FrozenFigure, FrozenSpan
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.kernel.ranges import Range


@dataclass(frozen=True, slots=True)
class Span:
    """Days of communities whose figures are frozen."""

    id: UUID
    certificate: int
    first: date
    last: date
    communities: tuple[Range, ...]


def spans(first: date, last: date) -> list[Span]:
    """Those that hold a day of a period, the one frozen last first: it was reckoned with all before it."""
    rows = FrozenSpan.objects.filter(first__lte=last, last__gte=first).order_by("-certificate")
    return [
        Span(row.id, row.certificate, row.first, row.last, tuple(Range(int(lo), int(hi)) for lo, hi in row.communities)) for row in rows
    ]


def frozen(span: Span, figure: str, days: Period, communities: Sequence[Range]) -> int:
    """A frozen figure, added up over days and whole communities."""
    rows = FrozenFigure.objects.filter(
        span=span.id, figure=figure, day__gte=days.first, day__lte=days.last, position__in=[one.lo for one in communities]
    )
    return int(rows.aggregate(sum=Sum("value"))["sum"] or 0)


def keep_span(span: Span) -> None:
    """Write down what is frozen, last of all: from then on figures answer from it."""
    pairs = [[str(one.lo), str(one.hi)] for one in span.communities]
    FrozenSpan.objects.update_or_create(
        id=span.id,
        defaults={
            "certificate": span.certificate, "first": span.first, "last": span.last, "communities": pairs, "frozen_at": clock.now(),
        },
    )  # fmt: skip


def keep_figures(span: Span, day: date, values: Sequence[tuple[str, int, int]]) -> int:
    """Write the figures of one day, in place of what was written of it before."""
    with connection.cursor() as cursor:
        cursor.execute("delete from bulletins_frozenfigure where span = %s and day = %s", [span.id, day])
        cursor.executemany(
            "insert into bulletins_frozenfigure (span, figure, day, position, value) values (%s, %s, %s, %s, %s)",
            [(span.id, figure, day, position, value) for figure, position, value in values if value],
        )
    return sum(1 for _, _, value in values if value)
