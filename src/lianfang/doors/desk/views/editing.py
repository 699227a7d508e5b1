"""Editing places: names, buildings and doors, points, endings. Everything goes through `places.commands`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.places import BuildingForm, DoorForm, EndForm, PointForm, RenameForm
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts.timeline import actors_of, change_lines
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.changes import queries as changes
from lianfang.ground.places import commands, queries
from lianfang.ground.places.types import Kind, Level, NameTaken
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms

    from lianfang.ground.places.models import Place

CHANGES = 8
_NAME: tuple[tuple[type[Refused], str], ...] = (
    (NameTaken, "name"),
    (NameTaken, "label"),
    (Refused, "name"),
    (Refused, "label"),
    (Refused, "on"),
)


@page("places.edit", place="place_id")
def place_edit(request: DeskRequest, place: Place) -> HttpResponse:
    """What may be changed about a place, with its last changes."""
    return _edit(request, place)


def _edit(request: DeskRequest, place: Place, **forms_bound: forms.Form) -> HttpResponse:
    changed = changes.changes_of_row("places_place", place.id, limit=CHANGES)
    community = place.at_level is Level.COMMUNITY
    context: dict[str, Any] = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "aliases": [alias.name for alias in queries.aliases(place)],
        "rename_form": RenameForm(initial={"name": place.name}),
        "building_form": BuildingForm() if community else None,
        "door_form": _door_form(place) if place.at_level is Level.BUILDING else None,
        "point_form": PointForm(initial={"longitude": place.longitude, "latitude": place.latitude}),
        "end_form": EndForm(initial={"on": clock.today()}),
        "areas": _areas(place) if community else [],
        "may_edit_areas": access.may(request.actor, "areas.edit", place),
        "may_end": not place.at_level.is_division,
        "lines": change_lines(changed, names=actors_of((), changed)),
    }
    return pages.show(request, "desk/place/edit.html", context | forms_bound)


def _areas(place: Place) -> list[dict[str, Any]]:
    found = queries.areas_within(queries.ranges_of(place))
    ranges = queries.area_ranges_each([area.area_id for area in found])
    counted = queries.door_counts_each([ranges[area.area_id] for area in found]) if found else []
    return [{"id": area.id, "name": area.name, "kind": area.kind, "doors": each.doors} for area, each in zip(found, counted, strict=True)]


def _door_form(place: Place, data: Any = None) -> DoorForm:
    form = DoorForm(data)
    units = [child for child in queries.children(place) if child.at_level is Level.UNIT]
    form.offer("unit", [("", _("none")), *((str(unit.id), unit.name) for unit in units)])
    return form


def _done(request: DeskRequest, place: Place, told: str) -> HttpResponse:
    notices.say(request, Notice(told))
    return HttpResponseRedirect(reverse("desk:place_edit", args=[place.id]))


def _try(request: DeskRequest, place: Place, name: str, form: forms.Form, do: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """Do what a valid form asks and say it, or show the page again with the fault beside the field."""
    if form.is_valid():
        try:
            return _done(request, place, do(form.cleaned_data))
        except Refused as refused:
            fault_of(form, refused, _NAME)
    return _edit(request, place, **{name: form})


@page("places.edit", place="place_id", methods=("POST",))
def rename(request: DeskRequest, place: Place) -> HttpResponse:
    """A new name from today; the former one is kept and found."""

    def do(told: dict[str, Any]) -> str:
        commands.rename(place.place_id, told["name"], by=request.actor.account_id)
        return _("Renamed. The former name is kept and still found.")

    return _try(request, place, "rename_form", RenameForm(request.POST), do)


@page("places.edit", place="place_id", methods=("POST",))
def alias(request: DeskRequest, place: Place) -> HttpResponse:
    """Another name that people use."""
    name = request.POST.get("name", "").strip()[:80]
    if not name:
        return HttpResponseRedirect(reverse("desk:place_edit", args=[place.id]))
    commands.add_alias(place.place_id, name, by=request.actor.account_id)
    notices.say(
        request,
        Notice(
            _("“%(name)s” is now found as well.") % {"name": name},
            undo=reverse("desk:alias_end", args=[place.id]),
            undo_words=_("Undo"),
            fields={"name": name},
        ),
    )
    return HttpResponseRedirect(reverse("desk:place_edit", args=[place.id]))


@page("places.edit", place="place_id", methods=("POST",))
def alias_end(request: DeskRequest, place: Place) -> HttpResponse:
    """A name that is used no more."""
    commands.end_alias(place.place_id, request.POST.get("name", ""), by=request.actor.account_id)
    return _done(request, place, _("The name is no longer used."))


@page("places.edit", place="place_id", methods=("POST",))
def building_new(request: DeskRequest, place: Place) -> HttpResponse:
    """One building, house or site of a community."""

    def do(told: dict[str, Any]) -> str:
        by, name = request.actor.account_id, told["name"]
        if told["kind"] == Kind.HOUSE:
            commands.add_houses(place.place_id, [name], by=by)
        elif told["kind"] == Kind.SITE:
            commands.add_site(place.place_id, name, by=by)
        else:
            commands.add_building(place.place_id, name, by=by)
        return _("“%(name)s” is added.") % {"name": name}

    return _try(request, place, "building_form", BuildingForm(request.POST), do)


@page("places.edit", place="place_id", methods=("POST",))
def no_fixed(request: DeskRequest, place: Place) -> HttpResponse:
    """Open the block for people without a fixed dwelling, so that they are on the list too."""
    opened = commands.open_no_fixed_dwelling(place.place_id, by=request.actor.account_id)
    notices.say(request, Notice(_("Opened. Add a door for each shed, boat or sleeping place.")))
    return HttpResponseRedirect(reverse("desk:place_edit", args=[opened]))


@page("places.edit", place="place_id", methods=("POST",))
def door_new(request: DeskRequest, place: Place) -> HttpResponse:
    """One more door of a building."""

    def do(told: dict[str, Any]) -> str:
        parent = _parent(place, told["unit"])
        commands.add_door(parent, told["label"], by=request.actor.account_id, kind=Kind(told["kind"]), floor=told["floor"])
        return _("Door %(label)s is added.") % {"label": told["label"]}

    return _try(request, place, "door_form", _door_form(place, request.POST), do)


def _parent(place: Place, unit: str) -> PlaceId:
    """The unit chosen, if it is one of the building, else the building itself."""
    return next((child.place_id for child in queries.children(place) if str(child.id) == unit), place.place_id)


@page("places.edit", place="place_id", methods=("POST",))
def point(request: DeskRequest, place: Place) -> HttpResponse:
    """Where a place lies, by longitude and latitude."""

    def do(told: dict[str, Any]) -> str:
        commands.set_point(place.place_id, told["longitude"], told["latitude"], by=request.actor.account_id)
        return _("The point is saved.")

    return _try(request, place, "point_form", PointForm(request.POST), do)


@page("places.edit", place="place_id", methods=("POST",))
def end(request: DeskRequest, place: Place) -> HttpResponse:
    """A place is no more; what was recorded there stays."""

    def do(told: dict[str, Any]) -> str:
        commands.end(place.place_id, by=request.actor.account_id, on=told["on"])
        return _("Ended. What was recorded there stays.")

    return _try(request, place, "end_form", EndForm(request.POST), do)
