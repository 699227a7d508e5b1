"""The parts of a round's page: figures, coverage by grid, building or unit, missing doors as one walks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import words
from lianfang.doors.desk.parts.timeline import actors_of
from lianfang.ground.changes import queries as changes
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind, Level
from lianfang.kernel import clock
from lianfang.kernel.figures import Unit
from lianfang.kernel.ranges import intersect
from lianfang.work.rounds import queries
from lianfang.work.rounds.types import Coverage, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.doors.desk.words import Text
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ranges import Range
    from lianfang.work.rounds.types import MissingDoor, RoundSeen

STATE_OF = {Reason.NOT_YET: "none", Reason.HOUSEHOLD: "check"}
"""The sign of a reason where it is not the outcome's own."""
SETTLED = ("seen", "phone", "away", "vacant", "moved", "shut")
REASONS = (Reason.NOT_YET, Reason.LIT, Reason.DARK, Reason.REFUSED, Reason.CHECK, Reason.HOUSEHOLD)


def state_of(reason: Reason) -> str:
    """The sign that a reason is shown by."""
    return STATE_OF.get(reason, str(reason))


def reason_name(reason: Reason) -> str:
    """The name of a reason: that of its sign, but for a household without an outcome."""
    return _("One household left") if reason is Reason.HOUSEHOLD else str(words.sign(state_of(reason)).name)


def strip(told: RoundSeen, far: Coverage) -> list[dict[str, Any]]:
    """Settled, open, never visited, visits, and the time that is left."""
    untouched = far.by_reason.get(Reason.NOT_YET, 0)
    over = told.ends_at <= clock.now()
    return [
        {"label": _("Settled"), "value": far.settled, "unit": Unit.HOUSEHOLDS, "denominator": far.doors, "wide": True, "note": _("a door counts when each of its households has an outcome")},
        {"label": _("Not reached") if over else _("Still open"), "value": far.open, "unit": Unit.HOUSEHOLDS, "denominator": far.doors, "tone": "owed" if far.open else "", "note": _("by reason, see below")},
        {"label": _("Never visited"), "value": untouched, "unit": Unit.HOUSEHOLDS, "denominator": far.doors, "note": _("nobody has been there in this round")},
        {"label": _("Visits"), "value": far.visits, "unit": Unit.VISITS, "denominator": None, "note": _("tries at doors; not the same as doors settled")},
        {"label": _("People seen"), "value": far.people_seen, "unit": Unit.PEOPLE, "denominator": None, "note": _("each door's most at once")},
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the coverage table."""

    name: str
    href: str
    far: Coverage
    group: bool = False

    @property
    def settled(self) -> list[int]:
        """Settled doors by outcome, in the order of the columns."""
        by_outcome = {str(outcome): count for outcome, count in self.far.by_outcome.items()}
        return [by_outcome.get(state, 0) for state in SETTLED]

    @property
    def still_open(self) -> list[int]:
        """Open doors by reason, in the order of the columns."""
        return [self.far.by_reason.get(reason, 0) for reason in REASONS[:-1]]


@dataclass(frozen=True, slots=True)
class Table:
    """Coverage by what lies below."""

    whole: Line
    lines: Sequence[Line]
    modes: Sequence[tuple[str, Text, bool]]
    settled: Sequence[str] = SETTLED
    still_open: Sequence[str] = tuple(state_of(reason) for reason in REASONS[:-1])


def table(told: RoundSeen, place: Place, ranges: Sequence[Range], whole: Coverage, *, by: str) -> Table:
    """Coverage by grid, building or unit of a community; by the places below anywhere above it."""
    sum_line = Line(place.name, "", whole)
    if place.at_level.depth < Level.COMMUNITY.depth:
        below = [child for child in places.children(place) if intersect([child.range], ranges)]
        return Table(sum_line, _lines(told, [(child.name, [child.range], str(child.id)) for child in below], ranges), ())
    modes = [("", _("Buildings")), ("unit", _("Units"))]
    grids = [area for area in places.areas_within(places.ranges_of(place)) if area.kind == AreaKind.GRID]
    if grids:
        modes.insert(1, ("grid", _("Grids")))
    held: list[tuple[str, list[Range], str]] = []
    buildings = (
        [one for one in places.buildings_of(place) if intersect([one.range], ranges)] if place.at_level is Level.COMMUNITY else [place]
    )
    if by == "grid" and grids:
        reach = places.area_ranges_each([area.area_id for area in grids])
        held = [(area.name, list(reach[area.area_id]), "") for area in grids]
    elif by == "unit":
        held = [
            (f"{one.name}{unit.name}", [unit.range], str(unit.id))
            for one in buildings
            for unit in places.children(one)
            if unit.at_level is Level.UNIT
        ]
    else:
        held = [(one.name, [one.range], str(one.id)) for one in buildings]
    return Table(sum_line, _lines(told, held, ranges), [(key, name, key == by) for key, name in modes])


def _lines(told: RoundSeen, held: Sequence[tuple[str, list[Range], str]], ranges: Sequence[Range]) -> list[Line]:
    far = queries.coverage_each(told.id, [intersect(its, list(ranges)) for _name, its, _href in held]) if held else []
    return [
        Line(name, f"?in={place_id}#missing" if place_id else "", each)
        for (name, _its, place_id), each in zip(held, far, strict=True)
        if each.doors
    ]


def reasons(far: Coverage) -> list[dict[str, Any]]:
    """The reasons with their counts, as filters of the list."""
    return [
        {"key": str(reason), "state": state_of(reason), "name": reason_name(reason), "count": far.by_reason.get(reason, 0)}
        for reason in REASONS
    ]


def taken_in(told: RoundSeen) -> str:
    """While visits that came before the round are still being counted: how far that has come."""
    return _("Visits made before this round was known are still being counted (%(share)s of the doors so far); the figures grow until that is done.") % {
        "share": f"{queries.share_taken_in(told.id):.0%}"
    }  # fmt: skip


def stated(told: RoundSeen, ranges: Sequence[Range]) -> dict[str, Any] | None:
    """What was reported when the round ended, as known then: doors not reached, by reason, and what later records have changed."""
    said = queries.end_statement(told.id, ranges)
    if said is None:
        return None
    return {
        "taken_at": said.taken_at,
        "doors": said.doors,
        "settled": said.settled,
        "unreached": sum(said.unreached.values()),
        "reasons": [
            {"state": state_of(reason), "name": reason_name(reason), "count": said.unreached[reason]}
            for reason in REASONS
            if said.unreached.get(reason)
        ],
        "more": max(said.revised_by, 0),
        "fewer": max(-said.revised_by, 0),
    }


def prolonged(told: RoundSeen) -> list[dict[str, Any]]:
    """When the deadline was moved, from when to when, by whom and why; the latest first."""
    moved = [change for change in changes.changes_of_row("rounds_round", told.id) if "closes_at" in (change.new or {}) and change.old]
    names = actors_of((), moved)
    return [
        {
            "before": datetime.fromisoformat((change.old or {})["closes_at"]),
            "after": datetime.fromisoformat((change.new or {})["closes_at"]),
            "who": names.get(change.actor, "") if change.actor else _("the local administrator"),
            "why": change.reason,
        }
        for change in moved
    ]


def taken_back(told: RoundSeen) -> dict[str, Any]:
    """When a round was taken back, by whom and why."""
    [change] = [one for one in changes.changes_of_row("rounds_round", told.id) if (one.new or {}).get("withdrawn_at")]
    who = actors_of((), [change]).get(change.actor, "") if change.actor else _("the local administrator")
    return {"at": told.withdrawn_at, "who": who, "why": change.reason}


def walked(found: Sequence[MissingDoor]) -> list[dict[str, Any]]:
    """The doors, with a heading where another building or unit begins."""
    rows: list[dict[str, Any]] = []
    last, now = "", clock.now()
    for door in found:
        where = f"{door.building_name}{door.unit_name}"
        rows.append(
            {
                "door": door,
                "state": state_of(door.reason),
                "name": reason_name(door.reason),
                "group": where if where != last else "",
                "overdue": door.next_at is not None and door.next_at < now,
                "building": reverse("desk:place", args=[door.building_id]),
            }
        )
        last = where
    return rows
