"""The table of what lies below a place: doors, settled, open by state, who answers, and heat by building."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import words
from lianfang.doors.desk.parts import heat
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel.ranges import Range, intersect
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.doors.desk.words import Text
    from lianfang.ground.accounts.types import Answer
    from lianfang.ground.places.models import Area, Place

PER_PAGE = 100
STATES = ("none", "lit", "dark", "refused", "check")
"""Open states as columns: first the doors nobody has visited."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Doors of something, how many of them are settled, and the open ones by state."""

    doors: int
    settled: int
    by_state: dict[str, int]

    @property
    def still_open(self) -> int:
        """Doors that still wait for an outcome, those never visited among them."""
        return self.doors - self.settled

    @property
    def counts(self) -> list[int]:
        """Open doors by state, in the order of the columns."""
        return [self.by_state.get(state, 0) for state in STATES]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    href: str
    standing: Standing
    who: str = ""
    note: str = ""
    cells: Sequence[heat.Cell] = ()


@dataclass(frozen=True, slots=True)
class Mode:
    """One way of dividing the place: by grid, by compound, by building."""

    key: str
    name: Text
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows are shown of how many."""

    first: int
    last: int
    all: int
    previous: int | None
    next: int | None


@dataclass(frozen=True, slots=True)
class Children:
    """The whole table."""

    title: Text
    head: Text
    rows: Sequence[Row]
    sum: Row
    modes: Sequence[Mode] = ()
    heat: Text = ""
    who: bool = False
    note: Text = ""
    page: Page | None = None
    states: Sequence[str] = field(default=STATES)


def standings(many: Sequence[Sequence[Range]]) -> list[Standing]:
    """How the doors of several lists of ranges stand, in two queries whatever their number."""
    doors = places.door_counts_each(many)
    counted = rounds.door_counts_each(many)
    return [_standing(there.doors, each) for there, each in zip(doors, counted, strict=True)]


def _standing(doors: int, counted: Any) -> Standing:
    by_state = {str(outcome): count for outcome, count in counted.by_outcome.items()}
    by_state["none"] = max(doors - counted.visited, 0)
    return Standing(doors, counted.settled, by_state)


def of_places(place: Place, standing: Standing, answers: Sequence[Answer], *, number: int = 1) -> Children | None:
    """The divisions, buildings or units directly below a place."""
    below = places.children(place)
    if not below:
        return None
    start = (max(number, 1) - 1) * PER_PAGE
    shown = below[start : start + PER_PAGE]
    who = _who_by(answers)
    rows = [
        Row(child.name, reverse("desk:place", args=[child.id]), each, who.get(child.id, ""), _note(child))
        for child, each in zip(shown, standings([places.ranges_of(child) for child in shown]), strict=True)
    ]
    level = place.at_level
    return Children(
        title=_("Below"),
        head=words.LEVELS_BELOW.get(level, ""),
        rows=rows,
        sum=Row(place.name, "", standing),
        who=any(row.who for row in rows) or level in {Level.COMMUNITY, Level.STREET},
        page=_page(number, len(below)) if len(below) > PER_PAGE else None,
    )


def _note(child: Place) -> str:
    return child.code or (words.word(words.KINDS, child.kind) if child.kind in {"house", "site", "no_fixed"} else "")


def _page(number: int, everything: int) -> Page:
    first = (number - 1) * PER_PAGE + 1
    last = min(number * PER_PAGE, everything)
    return Page(first, last, everything, number - 1 if number > 1 else None, number + 1 if last < everything else None)


def _who_by(answers: Sequence[Answer]) -> dict[UUID, str]:
    """Who answers for each place or area right below, the first named of several."""
    named: dict[UUID, list[str]] = {}
    for answer in answers:
        target = answer.place_id or answer.area_id
        if answer.relation == "below" and target is not None:
            named.setdefault(target, []).append(answer.name)
    return {
        target: names[0] if len(names) == 1 else _("%(name)s and %(n)s more") % {"name": names[0], "n": len(names) - 1}
        for target, names in named.items()
    }


def of_areas(place: Place, standing: Standing, areas: Sequence[tuple[Area, Sequence[Range]]], answers: Sequence[Answer]) -> Children:
    """The grids or compounds of a community, each with a cell of heat for every building it holds."""
    buildings = places.buildings_of(place)
    by_building = standings([[building.range] for building in buildings])
    who = _who_by(answers)
    left = {building.id for building, each in zip(buildings, by_building, strict=True) if each.doors}
    rows = []
    for (area, ranges), each in zip(areas, standings([ranges for _area, ranges in areas]), strict=True):
        held = [(b, s) for b, s in zip(buildings, by_building, strict=True) if intersect([b.range], ranges)]
        left -= {building.id for building, _ in held}
        cells = [heat.Cell(b.name, s.still_open, s.doors, reverse("desk:place", args=[b.id])) for b, s in held]
        rows.append(Row(area.name, reverse("desk:area", args=[area.id]), each, who.get(area.id, ""), cells=cells))
    outside = [
        heat.Cell(b.name, s.still_open, s.doors, reverse("desk:place", args=[b.id]))
        for b, s in zip(buildings, by_building, strict=True)
        if b.id in left
    ]
    if outside:
        rows.append(_outside(outside, [s for b, s in zip(buildings, by_building, strict=True) if b.id in left], place))
    return Children(
        title=_("Below"),
        head=_("Area"),
        rows=rows,
        sum=Row(place.name, "", standing),
        heat=_("Open doors by building"),
        who=True,
    )


def with_modes(table: Children, modes: Sequence[Mode]) -> Children:
    """The same table with the ways of dividing the place above it."""
    return replace(table, modes=modes)


def _outside(cells: Sequence[heat.Cell], each: Sequence[Standing], place: Place) -> Row:
    """Buildings that belong to none of the areas: they must not fall from sight."""
    by_state: dict[str, int] = {}
    for standing in each:
        for state, count in standing.by_state.items():
            by_state[state] = by_state.get(state, 0) + count
    whole = Standing(sum(one.doors for one in each), sum(one.settled for one in each), by_state)
    href = reverse("desk:place_edit", args=[place.id])
    return Row(_("In no area"), href, whole, note=_("buildings that nobody has put into one"), cells=cells)
