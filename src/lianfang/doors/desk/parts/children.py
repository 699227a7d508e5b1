"""The table of what lies below a place: doors, settled, open by state, who answers, and heat by building."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lianfang.doors.desk import words
from lianfang.doors.desk.parts import heat, nodes
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind, Level
from lianfang.kernel.ranges import Range, intersect
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.doors.desk.words import Text
    from lianfang.ground.accounts.chain_types import Holder
    from lianfang.ground.places.models import Area, Place

PER_PAGE = 100
MODES: tuple[tuple[AreaKind, Text], ...] = ((AreaKind.GRID, _lazy("By grid")), (AreaKind.COMPOUND, _lazy("By compound")))
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
    old: Text = ""


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
    """How the doors of several lists of ranges stand, in few queries whatever their number."""
    if nodes.meets(many):
        return [_told(found) for found in nodes.numbers(nodes.DOORS, many)]
    doors = places.door_counts_each(many)
    counted = rounds.door_counts_each(many)
    return [_standing(there.doors, each) for there, each in zip(doors, counted, strict=True)]


def _standing(doors: int, counted: Any) -> Standing:
    by_state = {str(outcome): count for outcome, count in counted.by_outcome.items()}
    by_state["none"] = max(doors - counted.visited, 0)
    return Standing(doors, counted.settled, by_state)


def _told(found: Mapping[str, int]) -> Standing:
    """The same from figures that came up."""
    by_state = {state: found[f"doors_{state}"] for state in nodes.OPEN_STATES}
    return Standing(found["doors"], found["doors_settled"], {**by_state, "none": found["doors_never"]})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the table will show, before anything is counted: the parts whose `ranges` are to be counted with the whole."""

    ranges: Sequence[Sequence[Range]]
    parts: Sequence[Place]
    """Divisions, buildings or units as rows; with `areas`, the buildings that those hold, counted after the areas."""
    areas: Sequence[Area] = ()
    modes: Sequence[Mode] = ()
    page: Page | None = None
    buildings: Sequence[Place] = ()
    """All buildings of a community, whichever are rows."""
    within: Sequence[Area] = ()
    """All areas of a community."""


def ask(place: Place, *, by: str = "", number: int = 1) -> Asked:
    """What lies below a place: by grid or compound where a community has any and nothing else is wished, else one page of its children."""
    community = place.at_level is Level.COMMUNITY
    areas = places.areas_within(places.ranges_of(place)) if community else []
    buildings = places.buildings_of(place) if community else []
    kinds: list[str] = [kind for kind, _name in MODES if any(area.kind == kind for area in areas)]
    chosen = by if by in {*kinds, "building"} else (kinds or ["building"])[0]
    modes = [
        Mode(kind, name, current=kind == chosen) for kind, name in (*MODES, ("building", _("By building"))) if kind in {*kinds, "building"}
    ]
    if chosen in kinds:
        shown = [area for area in areas if area.kind == chosen]
        held = places.area_ranges_each([area.area_id for area in shown])
        ranges = [*(held[area.area_id] for area in shown), *([one.range] for one in buildings)]
        return Asked(ranges, buildings, shown, modes, buildings=buildings, within=areas)
    below = places.children(place)
    start = (number - 1) * PER_PAGE
    parts = below[start : start + PER_PAGE]
    page = _page(number, len(below)) if len(below) > PER_PAGE else None
    ranges = [[child.range] for child in parts]
    return Asked(ranges, parts, modes=modes if kinds else (), page=page, buildings=buildings, within=areas)


def table(
    asked: Asked, place: Place, whole: Standing, each: Sequence[Standing], answers: Sequence[Holder], told: nodes.Told | None = None
) -> Children | None:
    """The table of what was asked for, with the counts of its ranges; None where nothing lies below. What is `told` and old is marked."""
    if not asked.parts:
        return None
    if asked.areas:
        return _of_areas(asked, place, whole, each, answers)
    who = _who_by(answers)
    rows = [
        Row(
            child.name,
            reverse("desk:place", args=[child.id]),
            standing,
            who.get(child.id, ""),
            _note(child),
            old=told.mark_of(child) if told else "",
        )
        for child, standing in zip(asked.parts, each, strict=True)
    ]
    level = place.at_level
    return Children(
        title=_("Below"),
        head=words.LEVELS_BELOW.get(level, ""),
        rows=rows,
        sum=Row(place.name, "", whole),
        modes=asked.modes,
        who=any(row.who for row in rows) or level in {Level.COMMUNITY, Level.STREET},
        page=asked.page,
    )


def _note(child: Place) -> str:
    return child.code or (words.word(words.KINDS, child.kind) if child.kind in {"house", "site", "no_fixed"} else "")


def _page(number: int, everything: int) -> Page:
    first = (number - 1) * PER_PAGE + 1
    last = min(number * PER_PAGE, everything)
    return Page(first, last, everything, number - 1 if number > 1 else None, number + 1 if last < everything else None)


def _who_by(answers: Sequence[Holder]) -> dict[UUID, str]:
    """Who answers for each place or area right below, the first named of several."""
    named: dict[UUID, list[str]] = {}
    for answer in answers:
        target = answer.place_id or answer.area_id
        if target is not None:
            named.setdefault(target, []).append(answer.name)
    return {
        target: names[0] if len(names) == 1 else _("%(name)s and %(n)s more") % {"name": names[0], "n": len(names) - 1}
        for target, names in named.items()
    }


def _of_areas(asked: Asked, place: Place, whole: Standing, each: Sequence[Standing], answers: Sequence[Holder]) -> Children:
    """The grids or compounds of a community, each with a cell of heat for every building it holds."""
    many = len(asked.areas)
    by_building = list(zip(asked.parts, each[many:], strict=True))
    who = _who_by(answers)
    left = {building.id for building, standing in by_building if standing.doors}
    rows = []
    for area, ranges, standing in zip(asked.areas, asked.ranges, each[:many], strict=False):
        held = [(building, its) for building, its in by_building if intersect([building.range], ranges)]
        left -= {building.id for building, _its in held}
        rows.append(Row(area.name, reverse("desk:area", args=[area.id]), standing, who.get(area.id, ""), cells=_cells(held)))
    if left:
        rows.append(_outside([(building, its) for building, its in by_building if building.id in left], place))
    return Children(
        title=_("Below"),
        head=_("Area"),
        rows=rows,
        sum=Row(place.name, "", whole),
        modes=asked.modes,
        heat=_("Open doors by building"),
        who=True,
    )


def _cells(buildings: Sequence[tuple[Place, Standing]]) -> list[heat.Cell]:
    return [heat.Cell(one.name, its.still_open, its.doors, reverse("desk:place", args=[one.id])) for one, its in buildings]


def _outside(buildings: Sequence[tuple[Place, Standing]], place: Place) -> Row:
    """Buildings that belong to none of the areas: they must not fall from sight."""
    by_state: dict[str, int] = {}
    for _building, standing in buildings:
        for state, count in standing.by_state.items():
            by_state[state] = by_state.get(state, 0) + count
    whole = Standing(sum(its.doors for _one, its in buildings), sum(its.settled for _one, its in buildings), by_state)
    href = reverse("desk:place_edit", args=[place.id])
    return Row(_("In no area"), href, whole, note=_("buildings that nobody has put into one"), cells=_cells(buildings))
