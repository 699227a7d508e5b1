"""What waits at a place, and at each place right below it: how a street or a city sees where help is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import pages, words
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.parts import needs as parts
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place


@page("places.see", place="place_id")
def waiting(request: DeskRequest, place: Place) -> HttpResponse:
    """The list of a place; its table by place below is fetched after the page, where counting takes longer than reading."""
    divided = place.at_level.depth < Level.COMMUNITY.depth
    if divided and request.htmx:
        return pages.part(request, "desk/waiting/table.html", table_of(request, place))
    whole = places.ranges_of(place)
    [found] = parts.needs_each(request.actor, [whole], chain=not divided)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "divided": divided,
        "todos": [*parts.todos(found, place.id), *parts.rounds_open(request.actor, whole)],
    }
    return pages.show(request, "desk/waiting/page.html", context)


def table_of(request: DeskRequest, place: Place) -> dict[str, object]:
    """What waits in each place right below, those with the widest gaps in the chain first."""
    below = places.children(place)
    each = parts.needs_each(request.actor, [[child.range] for child in below])
    some = [(child, found) for child, found in zip(below, each, strict=True) if not found.calm]
    some.sort(key=lambda one: [-(count or 0) for count in one[1].counts])
    totals = [sum(counts) for counts in zip(*([count or 0 for count in one.counts] for one in each), strict=True)]
    rows = [
        {
            "name": child.name,
            "href": reverse("desk:waiting", args=[child.id]),
            "gaps": reverse("desk:answering", args=[child.id]),
            "counts": list(zip(found.counts, totals, strict=True)),
        }
        for child, found in some
    ]
    return {
        "head": words.LEVELS_BELOW.get(place.at_level, ""),
        "rows": rows,
        "totals": totals,
        "calm": len(below) - len(rows),
        "columns": list(zip(_columns(), totals, strict=True)) if each else [],
    }


def _columns() -> list[tuple[str, str]]:
    """What is counted, and in which unit; in the order of `Needs.counts`."""
    return [
        (_("Chain gaps"), _("doors")),
        (_("Due today"), _("doors")),
        (_("Matters late"), _("items")),
        (_("To decide"), _("records")),
        (_("Rosters to load"), _("rosters")),
        (_("To settle"), _("rows and questions")),
    ]
