"""A place at every level: numbers, what lies below, who answers, what happened, what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext

from lianfang.doors.desk import pages, sight, words
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.freshness import folded_until, mark_of, unchanged
from lianfang.doors.desk.parts import bars, nodes
from lianfang.doors.desk.parts import children as below
from lianfang.doors.desk.parts.built import built
from lianfang.doors.desk.parts.timeline import actors_of, change_lines, record_lines
from lianfang.doors.desk.views import building as building_view
from lianfang.doors.desk.views import doors as door_view
from lianfang.doors.desk.whereabouts import crumbs, places_named, readable
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.types import OverArea
from lianfang.ground.changes import queries as changes
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind, Level
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.ranges import intersect
from lianfang.ledger import queries as ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.ground.changes.models import Change
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ranges import Range

HISTORY_HERE = 6
HISTORY_PER_PAGE = 50
DAYS = 14
LAG = 5
"""Seconds after which a page says since when figures stand."""


@page("places.see")
def start(request: DeskRequest) -> HttpResponse:
    """The reader's own place or area: where the entry "Places" leads."""
    post = accounts.main_post(request.actor)
    if post is not None and post.place_id is not None and access.may(request.actor, "places.see", places.place(post.place_id)):
        return HttpResponseRedirect(reverse("desk:place", args=[post.place_id]))
    areas = [grant.scope.area_id for grant in request.actor.holding("places.see") if isinstance(grant.scope, OverArea)]
    return HttpResponseRedirect(reverse("desk:area", args=[areas[0]]) if areas else reverse("desk:home"))


@page("places.see", place="place_id")
def place(request: DeskRequest, place: Place) -> HttpResponse:
    """A place by its level: a division, a building with its map, or a door (/desk/places/ID/)."""
    if place.at_level is Level.DOOR:
        return door_view.door(request, place)
    by_records = place.at_level.depth >= Level.COMMUNITY.depth and not nodes.meets([[place.range]])
    mark = mark_of(request, places.ranges_of(place) if by_records else None)
    if unchanged(request, mark):
        return HttpResponse(status=304)
    view = building_view.building if place.at_level in {Level.BUILDING, Level.UNIT} else _division
    response = view(request, place, mark)
    response["ETag"] = mark
    return response


def _division(request: DeskRequest, place: Place, mark: str) -> HttpResponse:
    actor = request.actor
    ranges = places.ranges_of(place)
    as_of, stale = _as_of(request, told := nodes.told_of(place))
    number = int(request.GET["page"]) if request.GET.get("page", "").isdigit() else 1
    table = below.ask(place, by=request.GET.get("by", ""), number=max(number, 1))
    seen = sight.sight_of(actor, place, ranges, accounts.answering(place), table)
    community = place.at_level is Level.COMMUNITY
    path = places.ancestors(place)
    may_edit = access.may(actor, "places.edit", place) and not (told and told.keeper)
    context = {
        "place": place,
        "may_see_people": access.may(actor, "people.see", place) and not (told and told.keeper),
        "crumbs": crumbs(actor, place, path),
        "kind": _kind(place),
        "facts": _facts(seen),
        "strip": sight.strip(seen, reverse("desk:place", args=[place.id])),
        "children": below.table(table, place, seen.standing, seen.below, seen.answers, told),
        "answers": sight.shown_answers(seen),
        "todos": sight.todos(seen),
        "lines": _latest(request, place),
        "bars": bars.bars_of(ranges, DAYS) if place.at_level.depth >= Level.STREET.depth else None,
        "areas": [] if community else places.areas_of(place, path),
        "open_doors": seen.standing.still_open if community and not told else 0,
        "lay_out": community and not seen.standing.doors and may_edit,
        "may_edit": may_edit,
        "bulletins": access.may(actor, "figures.see", place),
        "may_grant": bool(actor.holding("grants.give")),
        "told": told,
        "as_of": as_of,
        "stale": stale,
        "etag": mark,
    }
    return pages.show(request, "desk/place/page.html", context)


def _as_of(request: DeskRequest, told: nodes.Told | None) -> tuple[datetime, bool]:
    """Since when the figures of the page stand, and whether that is worth a warning."""
    here = folded_until(request)
    if told is None:
        return here, (clock.now() - here).total_seconds() > LAG
    return min(here, told.as_of or here), told.old


def _kind(place: Place) -> str:
    """What the place is: community or village by its kind, everything above by its level."""
    if place.at_level is Level.COMMUNITY:
        return words.word(words.KINDS, place.kind)
    return words.word(words.LEVELS, place.level)


def _facts(seen: sight.Sight) -> list[str]:
    """A line of sense beside the name."""
    facts = []
    if grids := sum(area.kind == AreaKind.GRID for area in seen.areas):
        facts.append(ngettext("%(n)s grid", "%(n)s grids", grids) % {"n": grids})
    return [*facts, *built(seen.buildings)]


def _latest(request: DeskRequest, place: Place) -> list[Any]:
    """The last records and changes here, together by time; above the street only the changes, since records never end there."""
    ever = places.reading_ranges(place)
    told = place.at_level.depth >= Level.STREET.depth
    records = ledger.history(intersect(ever, access.ranges(request.actor, "records.see")), limit=HISTORY_HERE) if told else []
    changed = changes.changes_within(intersect(ever, access.ranges(request.actor, "places.see")), limit=HISTORY_HERE)
    names = actors_of(records, changed)
    where = places_named({record.place for record in records} | _where_changed(changed))
    lines = [*record_lines(records, names=names, where=where), *change_lines(changed, names=names, where=where)]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:HISTORY_HERE]


def _where_changed(changed: Sequence[Change]) -> set[UUID]:
    """The places at which something changed, other than the places themselves."""
    return {change.place_id for change in changed if change.place_id and change.table != "places_place"}


@page("places.see", place="place_id")
def history(request: DeskRequest, place: Place) -> HttpResponse:
    """All that happened at a place, page by page: records, or changes of master data."""
    of = "changes" if request.GET.get("of") == "changes" or not access.may(request.actor, "records.see", place) else ""
    ranges = readable(request.actor, "places.see", place)
    if of == "changes":
        lines, earlier = _changes_page(request, ranges)
    else:
        lines, earlier = _records_page(request, readable(request.actor, "records.see", place))
    context = {"place": place, "crumbs": crumbs(request.actor, place), "of": of, "lines": lines, "earlier": earlier}
    return pages.show(request, "desk/place/history.html", context)


def _records_page(request: DeskRequest, ranges: Sequence[Range]) -> tuple[list[Any], str]:
    before = None
    at, _sep, last = request.GET.get("before", "").partition("_")
    try:
        before = (datetime.fromisoformat(at), UUID(last)) if last else None
    except ValueError:
        before = None
    records = ledger.history(ranges, before=before, limit=HISTORY_PER_PAGE)
    lines = record_lines(records, names=actors_of(records), where=places_named({record.place for record in records}))
    earlier = f"{records[-1].effective_at.isoformat()}_{records[-1].id}" if len(records) == HISTORY_PER_PAGE else ""
    return lines, earlier


def _changes_page(request: DeskRequest, ranges: Sequence[Range]) -> tuple[list[Any], str]:
    try:
        before = datetime.fromisoformat(request.GET["before"]) if request.GET.get("before") else None
    except ValueError:
        before = None
    changed = changes.changes_within(ranges, before=before, limit=HISTORY_PER_PAGE)
    earlier = changed[-1].at.isoformat() if len(changed) == HISTORY_PER_PAGE else ""
    return change_lines(changed, names=actors_of((), changed), where=places_named(_where_changed(changed))), earlier


@page("figures.see", place="place_id")
def bars_part(request: DeskRequest, place: Place) -> HttpResponse:
    """The bars of a large place, fetched after its page: counting days of a whole city takes longer than the rest."""
    context = {"bars": bars.bars_of(places.ranges_of(place), DAYS)}
    return pages.part(request, "desk/place/bars.html", context)


@page("places.see", place="place_id", methods=("POST",))
def call(request: DeskRequest, place: Place, account_id: UUID) -> HttpResponse:
    """The number of somebody who answers for a place in sight: asked for by a button, not listed."""
    answer = next((one for one in accounts.answering(place) if one.account_id == account_id), None)
    if answer is None:
        raise NotFound
    context = {"phone": accounts.phone_of(answer.account_id), "name": answer.name, "place": place, "crumbs": crumbs(request.actor, place)}
    if request.htmx:
        return pages.part(request, "desk/parts/phone.html", context)
    return pages.show(request, "desk/place/call.html", context)
