"""Areas: grids, compounds, groups: founding, choosing buildings, one area's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages, sight
from lianfang.doors.desk.forms.places import AreaForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import children as below
from lianfang.doors.desk.parts.built import built
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.views.figures import AtHome
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.places import commands, queries
from lianfang.ground.places.types import AreaKind, EmptyArea, NameTaken
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AreaId, PlaceId
from lianfang.kernel.ranges import contains, intersect
from lianfang.ledger import queries as ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Area, Place
    from lianfang.kernel.ranges import Range

_FIELD_OF: tuple[tuple[type[Refused], str], ...] = ((NameTaken, "name"), (EmptyArea, "name"))
LAG = 5


class Seen:
    """An area by one of its buildings, for whoever holds the area and not the community around it."""

    def __init__(self, area: Area, place_id: PlaceId) -> None:
        self.area = area
        self.place_id = place_id


def _seen(actor: Actor, area_id: UUID) -> Any:
    """The area with its home as the place to ask about; for a reader whose reach is the area itself, a member of it."""
    area = queries.area(AreaId(area_id))
    reach = access.ranges(actor, "places.see")
    if not contains(reach, area.home.range):
        member = next((m.place for m in queries.members_of(area.area_id) if not m.excluded and contains(reach, m.place.range)), None)
        if member is not None and all(contains(reach, piece) for piece in queries.area_ranges(area.area_id)):
            return Seen(area, member.place_id)
    return AtHome(area)


@page("places.see", place=Of("area_id", _seen))
def area(request: DeskRequest, area: AtHome, place: Place) -> HttpResponse:
    """An area: numbers, its buildings, who answers; and which buildings it takes in."""
    del place  # asked about by the frame
    held = area.area
    ranges = queries.area_ranges(held.area_id)
    buildings = [one for one in queries.buildings_of(held.home) if intersect([one.range], ranges)]
    may_edit = access.may(request.actor, "areas.edit", held.home)
    own = [answer for answer in accounts.answering(held.home) if all(answer.answers_for(piece) for piece in ranges)]
    seen = sight.sight_of(request.actor, held.home, ranges, own, below.Asked([[one.range] for one in buildings], buildings))
    as_of = ledger.folded_until()
    context = {
        "area": held,
        "place": held.home,
        "crumbs": [*crumbs(request.actor, held.home)],
        "facts": built(buildings),
        "strip": sight.strip(seen, reverse("desk:area", args=[held.id])),
        "children": _children(held, buildings, seen),
        "choices": _choices(held.home, ranges) if may_edit else [],
        "may_edit": may_edit,
        "bulletins": access.may(request.actor, "figures.see", held.home),
        "answers": sight.shown_answers(seen, gaps=False),
        "as_of": as_of,
        "stale": (clock.now() - as_of).total_seconds() > LAG,
    }
    return pages.show(request, "desk/areas/page.html", context)


def _children(held: Area, buildings: Sequence[Place], seen: sight.Sight) -> below.Children | None:
    if not buildings:
        return None
    rows = [
        below.Row(one.name, reverse("desk:place", args=[one.id]), standing) for one, standing in zip(buildings, seen.below, strict=True)
    ]
    return below.Children(title=_("Buildings"), head=_("Building"), rows=rows, sum=below.Row(held.name, "", seen.standing))


def _choices(home: Place, ranges: Sequence[Range]) -> list[dict[str, Any]]:
    """The buildings of a place with their doors, and which of them lie in the ranges."""
    buildings = queries.buildings_of(home)
    counted = queries.door_counts_each([[one.range] for one in buildings]) if buildings else []
    return [
        {"id": one.id, "name": one.name, "doors": each.doors, "chosen": contains(ranges, one.range)}
        for one, each in zip(buildings, counted, strict=True)
    ]


@page("areas.edit", place="place_id", methods=("GET", "POST"))
def area_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Found an area of some buildings of a community."""
    form = AreaForm(request.POST or None)
    chosen = _chosen(request, place)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = commands.found_area(AreaKind(told["kind"]), told["name"], place.place_id, chosen, by=request.actor.account_id)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            notices.say(request, Notice(_("“%(name)s” is founded.") % {"name": told["name"]}))
            return HttpResponseRedirect(reverse("desk:area", args=[made]))
    choices = [{**one, "chosen": one["id"] in chosen} for one in _choices(place, [])]
    context = {"place": place, "crumbs": crumbs(request.actor, place), "form": form, "choices": choices}
    return pages.show(request, "desk/areas/new.html", context)


def _chosen(request: DeskRequest, home: Place) -> list[PlaceId]:
    """The buildings ticked, of those of the home."""
    ticked = set(request.POST.getlist("place"))
    return [one.place_id for one in queries.buildings_of(home) if str(one.id) in ticked] if ticked else []


@page("areas.edit", place=Of("area_id", _seen), methods=("POST",))
def area_members(request: DeskRequest, area: AtHome, place: Place) -> HttpResponse:
    """Take in the buildings that are ticked, and drop the others."""
    del place  # asked about by the frame
    held = area.area
    ranges = queries.area_ranges(held.area_id)
    there = {one.place_id for one in queries.buildings_of(held.home) if contains(ranges, one.range)}
    wanted = set(_chosen(request, held.home))
    if not wanted:
        notices.say(request, Notice(_("An area holds at least one building. Nothing was changed."), "bad"))
        return HttpResponseRedirect(reverse("desk:area", args=[held.id]))
    by = request.actor.account_id
    if wanted - there:
        commands.include(held.area_id, sorted(wanted - there), by=by)
    if there - wanted:
        commands.drop(held.area_id, sorted(there - wanted), by=by)
    notices.say(request, Notice(_("Saved.")))
    return HttpResponseRedirect(reverse("desk:area", args=[held.id]))
