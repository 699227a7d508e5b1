"""Reads of what came up from below."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection

from lianfang.headquarters.upward.models import Node as Row
from lianfang.headquarters.upward.models import OrganisationRow, RoundRow
from lianfang.headquarters.upward.types import KeptBelow, Node, NodeUnknown, OrganisationUp, Parted, RoundUp, Standing
from lianfang.kernel.ranges import Range, subtract

__all__ = ["days", "forget", "meeting", "node", "nodes", "organisations", "parted", "rounds_between", "standings"]

_LAST = """select distinct on (d.node) d.node, d.day, d.as_of, d.keys from upward_day d
where d.node = any(%s) and d.day <= %s order by d.node, d.day desc"""

_SUMS = """select w.no, w.node, f.key, sum(f.value) from unnest(%s::int[], %s::text[], %s::date[], %s::bigint[], %s::bigint[]) w(no, node, day, lo, hi)
join upward_figure f on f.node = w.node and f.day = w.day and f.lo = w.lo and f.hi = w.hi group by 1, 2, 3"""

_DAYS = """select f.day, f.key, sum(f.value) from unnest(%s::text[], %s::bigint[], %s::bigint[]) w(node, lo, hi)
join upward_figure f on f.node = w.node and f.lo = w.lo and f.hi = w.hi where f.day between %s and %s and f.key = any(%s) group by 1, 2"""


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())


_KNOWN_FOR = 5.0  # seconds for which a process remembers which nodes there are: every page asks several times, most for nothing
_remembered: list[tuple[float, list[Node]]] = []


def nodes() -> list[Node]:
    """The nodes whose figures come up here, by code; none in most installations. What was added elsewhere is known within seconds."""
    if not _remembered or time.monotonic() - _remembered[0][0] > _KNOWN_FOR:
        rows = Row.objects.order_by("code")
        _remembered[:] = [(time.monotonic(), [Node(row.code, row.name, Range(row.lo, row.hi), row.slot) for row in rows])]
    return _remembered[0][1]


def forget() -> None:
    """Read the nodes anew: they were changed here."""
    _remembered.clear()


def node(code: str) -> Node:
    """A node by its code. Raises NodeUnknown."""
    found = next((one for one in nodes() if one.code == code), None)
    if found is None:
        raise NodeUnknown(code=code)
    return found


def meeting(ranges: Sequence[Range]) -> list[Node]:
    """The nodes that answer for something in the ranges."""
    return [one for one in nodes() if any(one.range.meets(piece) for piece in ranges)]


def standings(some: Sequence[Node], until: date, keys: Collection[str] = ()) -> list[Standing]:
    """How far the figures of nodes stand that were told for a day or, where that is not told yet, for the last one before."""
    told = {row[0]: row[1:] for row in _rows(_LAST, [[one.code for one in some], until])} if some else {}
    found = []
    for one in some:
        day, as_of, known = told.get(one.code, (None, None, " ".join(keys)))
        found.append(Standing(one, day, as_of, frozenset(keys) - set(known.split())))
    return found


def _piece(one: Node, asked: Range) -> Range:
    """The range by which a node tells what was asked for: a division of it, or all of it. Raises KeptBelow."""
    if asked.holds(one.range):
        return one.range
    if one.range.holds(asked):
        return asked
    raise KeptBelow(node=one.name)


def parted(many: Sequence[Sequence[Range]], until: date, within: Collection[str]) -> Parted | None:
    """Lists of ranges as far as nodes answer for them, by the last day told up to one; None where no node does.

    `within` are the figures that tell what happened on the day itself: of an earlier day they are not taken. Raises KeptBelow where a list
    cuts through what a node tells of.
    """
    met = meeting([piece for ranges in many for piece in ranges])
    if not met:
        return None
    stand = standings(met, until)
    days = {one.node.code: one.day for one in stand}
    asked = [
        (number, one, _piece(one, piece)) for number, ranges in enumerate(many) for piece in ranges for one in met if one.range.meets(piece)
    ]
    told = [row for row in asked if days[row[1].code] is not None]
    columns = [
        [number for number, _one, _range in told], [one.code for _number, one, _range in told], [days[one.code] for _number, one, _range in told],
        [piece.lo for _number, _one, piece in told], [piece.hi for _number, _one, piece in told],
    ]  # fmt: skip
    numbers: list[dict[str, int]] = [{} for _ in many]
    for number, code, key, value in _rows(_SUMS, columns) if told else ():
        if key not in within or days[code] == until:
            numbers[number][key] = numbers[number].get(key, 0) + int(value)
    return Parted(
        rest=[subtract(ranges, [one.range for one in met]) for ranges in many],
        numbers=numbers,
        standings=stand,
        of=[sorted({one.code for at, one, _range in asked if at == number}) for number in range(len(many))],
    )


def days(ranges: Sequence[Range], first: date, last: date, keys: Collection[str]) -> dict[date, dict[str, int]]:
    """Figures day by day, summed over what nodes tell of the ranges."""
    pieces = [(one.code, _piece(one, piece)) for piece in ranges for one in meeting([piece])]
    columns = [[code for code, _range in pieces], [piece.lo for _code, piece in pieces], [piece.hi for _code, piece in pieces]]
    found: dict[date, dict[str, int]] = {}
    for day, key, value in _rows(_DAYS, [*columns, first, last, list(keys)]):
        found.setdefault(day, {})[key] = int(value)
    return found


def rounds_between(ranges: Sequence[Range], begins: Any, ends: Any) -> list[RoundUp]:
    """Rounds of nodes that were in progress at some time between two moments and touch the ranges, the one opened last first."""
    rows = RoundRow.objects.filter(opens_at__lt=ends, ends_at__gt=begins).order_by("-opens_at", "id")
    found = [RoundUp(row.id, row.name, Range(row.lo, row.hi), row.opens_at, row.ends_at) for row in rows]
    return [one for one in found if any(one.range.meets(piece) for piece in ranges)]


def organisations(within: Range, limit: int = 30) -> list[OrganisationUp]:
    """Organisations of nodes at places in a range that exist still, by place and name."""
    rows = OrganisationRow.objects.filter(lo__gte=within.lo, lo__lt=within.hi, valid_to=None).order_by("lo", "name")[:limit]
    return [OrganisationUp(row.id, row.parent, row.name, row.kind, Range(row.lo, row.hi), row.valid_from, row.valid_to) for row in rows]
