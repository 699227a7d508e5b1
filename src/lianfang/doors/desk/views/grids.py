"""Drawing grids over the buildings of a community and ten-household groups over the doors of a building: sizes, proposal, saving, undo."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.people import queries as people
from lianfang.ground.places import commands, queries
from lianfang.ground.places.types import AreaKind, Kind, Level
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AreaId, PlaceId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lianfang.ground.places.models import Place
    from lianfang.ground.places.queries import Drawing, DrawnRow

NEW = "new-"
SEVERAL = "="  # what lies in several areas stays so unless it is told otherwise
ADVICE = {AreaKind.GRID: (300, 500), AreaKind.TEN_HOUSEHOLDS: (8, 13)}


@dataclass
class _Line:
    """One building or door of the page."""

    id: UUID
    name: str
    group: str
    units: int
    doors: int
    size: int
    was: str
    to: str
    several: str = ""
    counts: bool = True  # a site, and the block for people without a fixed dwelling, is no building
    starts: bool = False  # the first of its compound or unit


@dataclass
class _Column:
    """One area of the page with its sums. `key` is its id, or new-1 of one that is not founded yet."""

    key: str
    name: str
    places: int = 0
    units: int = 0
    doors: int = 0
    size: int = 0


@dataclass
class _Sheet:
    """The page: what is drawn, or proposed."""

    drawing: Drawing
    sizes: Mapping[UUID, int]
    lines: list[_Line] = field(default_factory=list)
    columns: list[_Column] = field(default_factory=list)

    def fill(self, proposal: Sequence[tuple[str, Sequence[Place]]] = ()) -> None:
        """Lines and columns of what is there; where there is a proposal, of that."""
        self.columns = [_Column(str(area.id), area.name) for area in self.drawing.areas]
        proposed: dict[UUID, str] = {}
        for number, (name, places) in enumerate(proposal, start=1):
            key = self._there(places, set(proposed.values())) or f"{NEW}{number}"
            if key.startswith(NEW):
                self.columns.append(_Column(key, self._free(name)))
            proposed |= dict.fromkeys((place.id for place in places), key)
        if not proposal:
            self.columns.append(_Column(f"{NEW}1", _next_name(self.drawing)))
        names = {column.key: column.name for column in self.columns}
        before = None
        for row in self.drawing.rows:
            line = self._line(row, names)
            line.to = proposed.get(line.id, "") if proposal else line.was
            line.starts = line.group != before
            before = line.group
            self.lines.append(line)
        self._sum()

    def _there(self, places: Sequence[Place], taken: set[str]) -> str:
        """The area that holds most of some places already, so that it stays what it is: people answer for it."""
        ids = {place.id for place in places}
        held = Counter(str(area) for row in self.drawing.rows if row.place.id in ids for area in row.areas if str(area) not in taken)
        return held.most_common(1)[0][0] if held else ""

    def _free(self, name: str) -> str:
        """A name that no other area of the page has."""
        taken, free, number = {column.name for column in self.columns}, name, len(self.columns)
        while free in taken:
            number += 1
            free = re.sub(r"\d+(?=\D*$)", str(number), name)
        return free

    def _line(self, row: DrawnRow, names: Mapping[str, str]) -> _Line:
        held = [str(area) for area in (*row.areas, *row.partly)]
        was = held[0] if len(held) == 1 and row.areas else SEVERAL if held else ""
        several = _(", ").join(names[key] for key in held) if was == SEVERAL else ""
        size = self.sizes.get(row.place.id) or row.dwellings
        counts = row.place.of_kind not in {Kind.SITE, Kind.NO_FIXED}
        return _Line(row.place.id, row.place.name, row.group, row.units, row.doors, size, was, was, several, counts)

    def _sum(self) -> None:
        by_key = {column.key: column for column in self.columns}
        for line in self.lines:
            if (column := by_key.get(line.to)) is not None:
                column.places += line.counts
                column.units += line.units
                column.doors += line.doors
                column.size += line.size


def _next_name(drawing: Drawing) -> str:
    number = len(drawing.areas) + 1
    return f"第{number}网格" if drawing.kind is AreaKind.GRID else f"第{number}组"


@page("areas.edit", place="place_id", methods=("GET", "POST"))
def grids(request: DeskRequest, place: Place) -> HttpResponse:
    """Put the buildings of a community into grids."""
    drawing = queries.grids_of(place)
    counted = people.counts_each([row.place.range for row in drawing.rows])
    sizes = {row.place.id: count.households for row, count in zip(drawing.rows, counted, strict=True)}
    return _drawn(request, place, _Sheet(drawing, sizes))


@page("areas.edit", place="place_id", methods=("GET", "POST"))
def ten_households(request: DeskRequest, place: Place) -> HttpResponse:
    """Put the homes of a building into ten-household groups; above a building, to the page that lists its buildings."""
    if place.at_level.depth < Level.BUILDING.depth:
        return HttpResponseRedirect(reverse("desk:grids", args=[place.id]))
    return _drawn(request, place, _Sheet(queries.groups_of(place), {}))


def _drawn(request: DeskRequest, place: Place, sheet: _Sheet) -> HttpResponse:
    do = request.POST.get("do", "") if request.method == "POST" else ""
    refused: Refused | None = None
    if do in {"save", "undo"}:
        try:
            told = _save(request, place, sheet) if do == "save" else _undo(request, place, sheet)
        except Refused as no:
            refused = no
        else:
            notices.say(request, Notice(told))
            return HttpResponseRedirect(request.path)
    sheet.fill(_proposal(place, sheet) if do == "propose" else ())
    drawing = sheet.drawing
    least, most = ADVICE[drawing.kind]
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "kind": drawing.kind,
        "lines": sheet.lines,
        "columns": sheet.columns,
        "gaps": [line for line in sheet.lines if not line.to],
        "overlaps": [line for line in sheet.lines if line.to == SEVERAL],
        "total": sum(line.size for line in sheet.lines),
        "least": least,
        "most": most,
        "proposed": do == "propose",
        "undo": _kept(place) in request.session,
        "refused": refused,
        "buildings": [line for line in sheet.lines if line.doors] if drawing.kind is AreaKind.GRID else [],
    }
    return pages.show(request, "desk/grids/page.html", context, status=422 if refused else 200)


def _proposal(place: Place, sheet: _Sheet) -> list[tuple[str, list[Place]]]:
    drawing = sheet.drawing
    if drawing.kind is AreaKind.GRID:
        return [(f"第{number}网格", each) for number, each in enumerate(queries.proposed_grids(drawing, sheet.sizes), start=1)]
    units = {row.place.id: row.group for row in drawing.rows}
    numbers: dict[str, int] = {}
    named = []
    for each in queries.proposed_groups(drawing):
        unit = units[each[0].id]
        numbers[unit] = numbers.get(unit, 0) + 1
        named.append((f"{place.name}{unit}第{numbers[unit]}组", each))
    return named


def _save(request: DeskRequest, place: Place, sheet: _Sheet) -> str:
    """Put every line that was changed where it is said to belong, and give areas that were renamed their names."""
    drawing, by = sheet.drawing, request.actor.account_id
    known = {str(area.id): area for area in drawing.areas}
    targets: dict[PlaceId, list[AreaId | str]] = {}
    for row in drawing.rows:
        to, was = request.POST.get(f"to-{row.place.id}"), request.POST.get(f"was-{row.place.id}", "")
        if to is None or to in {was, SEVERAL}:
            continue
        if to in known:
            targets[row.place.place_id] = [known[to].area_id]
        else:
            targets[row.place.place_id] = [request.POST.get(f"name-{to}", "")] if to.startswith(NEW) else []
    renamed = 0
    for key, area in known.items():
        name = request.POST.get(f"name-{key}", area.name).strip()
        if name and name != area.name:
            commands.rename_area(area.area_id, name, by=by)
            renamed += 1
    if not targets:
        return _("Saved.") if renamed else _("Nothing was changed.")
    drawn = commands.draw_areas(drawing.kind, drawing.community.place_id, targets, by=by)
    _keep(request, place, drawn)
    return _told(drawn.changed)


def _undo(request: DeskRequest, place: Place, sheet: _Sheet) -> str:
    """Take the last drawing back; what would take that back is kept in its place."""
    kept = request.session.get(_kept(place), {})
    targets = {PlaceId(UUID(key)): [_target(one) for one in each] for key, each in kept.items()}
    drawn = commands.draw_areas(sheet.drawing.kind, sheet.drawing.community.place_id, targets, by=request.actor.account_id)
    _keep(request, place, drawn)
    return _told(drawn.changed)


def _told(changed: int) -> str:
    return ngettext("%(n)s change is saved.", "%(n)s changes are saved.", changed) % {"n": changed}


def _kept(place: Place) -> str:
    return f"drawn:{place.id}"


def _keep(request: DeskRequest, place: Place, drawn: commands.Drawn) -> None:
    """What takes the drawing back, by ids and names of areas only, until the session ends."""
    request.session[_kept(place)] = {str(key): [str(one) for one in each] for key, each in drawn.undo.items()}


def _target(text: Any) -> AreaId | str:
    try:
        return AreaId(UUID(str(text)))
    except ValueError:
        return str(text)
