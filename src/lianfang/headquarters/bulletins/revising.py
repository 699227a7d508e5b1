"""What a bulletin says about those before it: numbers told then that the records tell otherwise now, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from lianfang.headquarters.bulletins import queries, reading, wording
from lianfang.headquarters.bulletins.composing import Content, compose, dated, values_of
from lianfang.headquarters.bulletins.definitions import Definition
from lianfang.headquarters.bulletins.types import FiguresErased, Issue, Subject
from lianfang.headquarters.upward import queries as upward
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.queries.arrived import Arrived, arrived_after

LOOKED_BACK = timedelta(days=7)
"""How far back earlier bulletins are told again."""


def whole(definition: Definition, subject: Subject, period: Period) -> Content:
    """A bulletin as it would be published now: with what it revises of those before."""
    told = queries.earlier(subject.id, definition.key, period.first - LOOKED_BACK)
    return compose(definition, subject, period) | {"revisions": revisions(subject, period, told)}


def revisions(subject: Subject, period: Period, earlier: Sequence[Issue]) -> list[dict[str, Any]]:
    """For each earlier issue about whose time something arrived since: what it said, what the records say now, and what arrived.

    `earlier` are the standing issues of the same bulletin, the oldest first. An issue that another one has revised already is compared with what
    was told last.
    """
    found = []
    from_below = bool(upward.meeting(subject.ranges))
    for issue in earlier:
        if issue.first > period.last:
            continue
        arrived = arrived_after(issue.mark, subject.ranges, clock.day_bounds(issue.last)[1])
        if arrived.last_at is None and not from_below:
            continue  # nothing came that could tell otherwise; what comes to nodes below is known by their figures only
        changes = _changes(subject, issue, _told_last(issue, earlier))
        if changes:
            found.append(
                {
                    "issue": str(issue.id),
                    "number": issue.number,
                    "period": {"first": issue.first.isoformat(), "last": issue.last.isoformat()},
                    "changes": changes,
                    "why": _why(arrived) if arrived.last_at else None,
                }
            )
    return found


def _told_last(issue: Issue, earlier: Sequence[Issue]) -> dict[str, int]:
    told = values_of(issue.content)
    for later in earlier:
        for revision in later.content["revisions"]:
            if revision["issue"] == str(issue.id):
                told |= {change["figure"]: change["is"] for change in revision["changes"]}
    return told


def _changes(subject: Subject, issue: Issue, told: Mapping[str, int]) -> list[dict[str, Any]]:
    keys = dated(list(told))
    try:
        [now] = reading.values(keys, [subject.ranges], Period(issue.first, issue.last))
    except FiguresErased:  # what was told of erased days stands
        return []
    return [
        {
            "figure": key,
            "name": wording.both(reading.declaration(key).name),
            "unit": now[key].unit.value,
            "was": told[key],
            "is": now[key].value,
        }
        for key in keys
        if now[key].value != told[key]
    ]


def _why(arrived: Arrived) -> dict[str, Any]:
    grounds = {ground.value: ground for ground in Ground}
    return {
        "late": arrived.late,
        "devices": arrived.devices,
        "last_at": arrived.last_at.isoformat() if arrived.last_at else None,
        "corrections": [
            {"reason": reason, "name": wording.both(grounds[reason].english) if reason in grounds else None, "count": count}
            for reason, count in sorted(arrived.corrections.items())
        ],
    }
