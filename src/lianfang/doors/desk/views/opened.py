"""Doors still open, in walking order: what to print and carry along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lianfang.doors.desk import pages, words
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.parts.children import Page, standings
from lianfang.doors.desk.whereabouts import crumbs, places_named
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.ledger import queries as ledger
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lianfang.ground.places.models import Place

PER_PAGE = 100
LAG = 5


@page("places.see", place="place_id")
def open_doors(request: DeskRequest, place: Place) -> HttpResponse:
    """The open doors of a community or anything below it; the state asked for stands in the address."""
    if place.at_level.depth < Level.COMMUNITY.depth:
        raise NotFound
    state = request.GET.get("state", "")
    state = state if state in words.OPEN_STATES else ""
    number = int(request.GET["page"]) if request.GET.get("page", "").isdigit() else 1
    [standing] = standings([places.ranges_of(place)])
    rows = _rows(place, state)
    whole = request.GET.get("page") == "all"  # to be printed: paper has no next page
    first = (max(number, 1) - 1) * PER_PAGE
    shown = rows if whole else rows[first : first + PER_PAGE]
    as_of = ledger.folded_until()
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "all": standing.still_open,
        "states": [{"sign": words.SIGNS[one], "count": standing.by_state.get(one, 0)} for one in reversed(words.OPEN_STATES)],
        "state": state,
        "rows": _grouped(shown),
        "pager": None if whole else _pager(number, len(rows)),
        "as_of": as_of,
        "stale": (clock.now() - as_of).total_seconds() > LAG,
    }
    return pages.show(request, "desk/place/open_doors.html", context)


def _rows(place: Place, state: str) -> list[dict[str, Any]]:
    """Open doors by building in walking order, each unit from its top floor down."""
    doors = places.doors_of(place)
    states = rounds.door_states([door.place_id for door in doors])
    rows = []
    for door in doors:
        stands = states.get(door.place_id)
        outcome = str(stands.outcome) if stands else "none"
        if (stands and stands.settled) or (state and outcome != state):
            continue
        rows.append(
            {
                "id": door.id,
                "label": door.name,
                "parent": door.parent,
                "floor": door.floor,
                "state": outcome,
                "tries": stands.tries if stands else 0,
                "at": stands.since if stands else None,
            },
        )
    return sorted(rows, key=lambda row: (row["parent"].lo, -(row["floor"] or 0)))


def _grouped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first row of each unit carries its name."""
    named = places_named({row["parent"].id for row in rows})
    last = None
    grouped = []
    for row in rows:
        group = "" if row["parent"].id == last else named.get(row["parent"].id, row["parent"].name)
        last = row["parent"].id
        grouped.append({**row, "group": group})
    return grouped


def _pager(number: int, everything: int) -> Page | None:
    if everything <= PER_PAGE:
        return None
    first, last = (number - 1) * PER_PAGE + 1, min(number * PER_PAGE, everything)
    return Page(first, last, everything, number - 1 if number > 1 else None, number + 1 if last < everything else None)
