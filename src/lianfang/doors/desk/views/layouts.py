"""Laying out buildings from a phrase, with a preview; and editing the doors of a building on a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.places import LayoutForm
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts.building import Door, building_map
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.views.building import doors_with_states, map_of
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.places import commands, queries
from lianfang.ground.places.types import Kind, Level
from lianfang.kernel.errors import Refused

if TYPE_CHECKING:
    from lianfang.ground.places.commands import LayoutSpec
    from lianfang.ground.places.models import Place
    from lianfang.ground.places.rules.layouts import LayoutPart

EXAMPLES = (
    "1-8栋，3个单元，18层，每层2户，没有4层，房号为层号加两位",
    "9栋，2个单元，6层，每层2户，底层商铺",
)
"""Phrases are read in both languages; an English reader is shown how it is said in theirs first."""
ENGLISH = "buildings 1-8, 3 units, 18 floors, 2 doors a floor, no floor 4; the room is floor and two digits"
_SKETCH = UUID(int=0)


@page("places.edit", place="place_id", methods=("GET", "POST"))
def lay_out(request: DeskRequest, place: Place) -> HttpResponse:
    """Read the phrase, show what it would be, and lay it out when that is what was meant."""
    form = LayoutForm(request.POST or None)
    preview: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            spec = commands.parse_layout(form.cleaned_data["phrase"])
            if request.POST.get("step") == "save":
                return _lay_out(request, place, spec, form.cleaned_data["compound"])
            preview = _preview(place, spec)
        except Refused as refused:
            fault_of(form, refused, ((Refused, "phrase"),))
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "form": form,
        "preview": preview,
        "examples": EXAMPLES if (get_language() or "").startswith("zh") else (ENGLISH, *EXAMPLES),
    }
    return pages.show(request, "desk/place/lay_out.html", context)


def _lay_out(request: DeskRequest, place: Place, spec: LayoutSpec, compound: str) -> HttpResponse:
    laid = commands.lay_out(place.place_id, spec, by=request.actor.account_id, compound=compound)
    told = ngettext("%(n)s door is laid out.", "%(n)s doors are laid out.", laid.doors) % {"n": f"{laid.doors:,}"}
    notices.say(request, Notice(told))
    return HttpResponseRedirect(reverse("desk:place", args=[place.id]))


def _preview(place: Place, spec: LayoutSpec) -> dict[str, Any]:
    """The names, the counts, and the first building as it will look; names that are there already are said."""
    names = [name for part in spec.parts for name in part.buildings]
    there = {child.name for child in queries.children(place)}
    first = spec.parts[0]
    return {
        "buildings": names,
        "doors": spec.doors,
        "taken": _(", ").join(name for name in names if name in there),
        "sample_name": first.buildings[0],
        "map": building_map(_sketched(first)),
    }


def _sketched(part: LayoutPart) -> list[Door]:
    doors = []
    for unit in range(1, max(1, part.units) + 1):
        name = _("Unit %(n)s") % {"n": unit} if part.units else ""
        for number, (floor, label, shop) in enumerate(part.doors(unit if part.units else 0)):
            kind = "shop" if shop else "dwelling"
            doors.append(Door(uuid5(_SKETCH, f"{unit}-{number}"), label, name, floor, number, kind))
    return sorted(doors, key=lambda door: (door.unit, -(door.floor or 0), door.ordinal))


@page("places.edit", place="place_id", methods=("GET", "POST"))
def grid(request: DeskRequest, place: Place) -> HttpResponse:
    """The doors of a building as a grid of inputs: numbers, shops, merging, one more floor."""
    refused: Refused | None = None
    if request.method == "POST":
        try:
            told = _GRID.get(request.POST.get("do", ""), _labels)(request, place)
        except Refused as no:
            refused = no
        else:
            notices.say(request, Notice(told))
            return HttpResponseRedirect(reverse("desk:grid", args=[place.id]))
    doors = doors_with_states(place)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "map": map_of(doors, fold=False),
        "units": [child for child in queries.children(place) if child.at_level is Level.UNIT] or [place],
        "refused": refused,
    }
    return pages.show(request, "desk/place/grid.html", context, status=422 if refused else 200)


def _labels(request: DeskRequest, place: Place) -> str:
    """Numbers and shops that differ from what is there."""
    by, changed = request.actor.account_id, 0
    for door in queries.doors_of(place):
        label = request.POST.get(f"label-{door.id}", door.name).strip()
        if label and label != door.name:
            commands.rename(door.place_id, label, by=by)
            changed += 1
        wanted = _kind(door, shop=f"shop-{door.id}" in request.POST, asked=f"label-{door.id}" in request.POST)
        if wanted is not None:
            commands.set_kind(door.place_id, wanted, by=by)
            changed += 1
    return (
        ngettext("%(n)s change is saved.", "%(n)s changes are saved.", changed) % {"n": changed} if changed else _("Nothing was changed.")
    )


def _kind(door: Place, *, shop: bool, asked: bool) -> Kind | None:
    """What a door becomes by its tick: a shop, a dwelling again, or None where nothing changes."""
    if not asked or shop == (door.of_kind is Kind.SHOP):
        return None
    return Kind.SHOP if shop else Kind.DWELLING


def _merge(request: DeskRequest, place: Place) -> str:
    """Two ticked doors become one; the first keeps its records, its label names both."""
    ticked = [door for door in queries.doors_of(place) if str(door.id) in request.POST.getlist("merge")]
    match ticked:
        case [kept, taken]:
            commands.merge_doors(kept.place_id, taken.place_id, by=request.actor.account_id)
            return _("%(kept)s and %(taken)s are one door now.") % {"kept": kept.name, "taken": taken.name}
        case _:
            return _("Tick exactly two doors to merge them. Nothing was changed.")


def _floor(request: DeskRequest, place: Place) -> str:
    """One more floor of a unit."""
    try:
        floor = int(request.POST.get("floor", ""))
    except ValueError:
        return _("A floor is a number. Nothing was changed.")
    asked = request.POST.get("unit", "")
    parent = next((child for child in queries.children(place) if str(child.id) == asked), place)
    labels = [label.strip() for label in request.POST.get("labels", "").replace("，", ",").replace("、", ",").split(",") if label.strip()]
    commands.add_doors(parent.place_id, [(label, floor, Kind.DWELLING) for label in labels], by=request.actor.account_id)
    return ngettext("%(n)s door is added.", "%(n)s doors are added.", len(labels)) % {"n": len(labels)}


_GRID = {"labels": _labels, "merge": _merge, "floor": _floor}
