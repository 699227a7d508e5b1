"""Sheets for the wall: one place, or every building or unit of a community in walking order; on the screen and as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import pages
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.parts import wall as parts
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Kind, Level
from lianfang.kernel import clock, paper
from lianfang.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.ground.places.models import Place

TEMPLATE = Path(__file__).parents[1] / "paper" / "wall.typ"
_LEVELS = {Level.COMMUNITY, Level.BUILDING, Level.UNIT}
_EACH = ("buildings", "units")


@page("places.see", place="place_id")
def wall(request: DeskRequest, place: Place) -> HttpResponse:
    """The sheet of a place as it will hang, with what else can be printed."""
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "sheets": _sheets(request, place, _each(request)),
        "each": _each(request),
        "community": place.at_level is Level.COMMUNITY,
        "now": clock.now(),
        "title": _("Sheet for the wall"),
    }
    return pages.show(request, "desk/chain/wall.html", context)


@page("places.see", place="place_id")
def wall_paper(request: DeskRequest, place: Place) -> HttpResponse:
    """The same as a PDF, A4 or A3."""
    size = "a3" if request.GET.get("paper") == "a3" else "a4"
    content = paper.compile(TEMPLATE, parts.facts(_sheets(request, place, _each(request)), paper=size))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="wall-{size}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _each(request: DeskRequest) -> str:
    asked = request.GET.get("each", "")
    return asked if asked in _EACH else ""


def _sheets(request: DeskRequest, place: Place, each: str) -> list[parts.Sheet]:
    """The sheets asked for; whoever holds something in the place is read once."""
    if place.at_level not in _LEVELS:
        raise NotFound
    path = places.ancestors(place)
    holders = accounts.holders(places.ranges_of(place))
    known = parts.Known(
        numbers=accounts.public_numbers({one.account_id for one in holders}),
        duty=accounts.duty_phone([place.place_id, *(above.place_id for above in reversed(path))]),
        address=lambda one: request.build_absolute_uri(reverse("residents:place", args=[one.id])),
        posts=organisations.posts(places.ranges_of(place)),
    )
    community = next((above for above in path if above.at_level is Level.COMMUNITY), place)
    return [
        parts.sheet(one, _title(path, one, building), "" if one is community else community.name, holders, known)
        for one, building in _wanted(place, each)
    ]


def _wanted(place: Place, each: str) -> list[tuple[Place, Place | None]]:
    if place.at_level is not Level.COMMUNITY or not each:
        return [(place, None)]
    buildings = [one for one in places.buildings_of(place) if one.of_kind is Kind.BUILDING]
    if each == "buildings":
        return [(one, None) for one in buildings]
    units = places.units_of(place)
    return [(unit, building) for building in buildings for unit in units if building.range.holds(unit.range)]


def _title(path: Sequence[Place], one: Place, building: Place | None) -> str:
    if one.at_level is not Level.UNIT:
        return one.name
    around = building or next(above for above in path if above.at_level is Level.BUILDING)
    return around.name + one.name
