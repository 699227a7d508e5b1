"""A building: its map by unit and floor, the legend, and at the side the door that is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianfang.doors.desk import pages
from lianfang.doors.desk.freshness import folded_until
from lianfang.doors.desk.parts import answers as answering
from lianfang.doors.desk.parts.building import Door, Map, building_map
from lianfang.doors.desk.parts.rounds import reason_name, state_of
from lianfang.doors.desk.views.panel import panel_of
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import PlaceId, RoundId
from lianfang.kernel.ranges import contains
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.rounds import queries as rounds
from lianfang.work.rounds.types import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from lianfang.doors.desk.frame import DeskRequest
    from lianfang.ground.places.models import Place
    from lianfang.work.rounds.types import RoundSeen

ROUNDS = 12
LAG = 5  # seconds after which a page says since when figures stand


def doors_with_states(place: Place, told: RoundSeen | None = None) -> list[Door]:
    """The doors of a building or unit in walking order, from the top floor of each unit down, with how they stand: last of all, or in a round."""
    found = places.doors_of(place)
    stand = _in_round(told, found) if told else _last_of_all(found)
    doors = []
    for door in found:
        unit = door.parent if door.parent is not None and door.parent.at_level is Level.UNIT else None
        there = Door(
            id=door.id,
            label=door.name,
            unit=unit.name if unit else "",
            floor=door.floor,
            ordinal=unit.ordinal if unit else 0,
            kind=door.kind,
        )
        doors.append(replace(there, **stand.get(door.place_id, {})))
    order: dict[str, int] = {}
    for each in doors:
        order.setdefault(each.unit, len(order))
    return sorted(doors, key=lambda door: (order[door.unit], -(door.floor if door.floor is not None else 0)))


def _last_of_all(found: Sequence[Place]) -> dict[PlaceId, dict[str, Any]]:
    states = rounds.door_states([door.place_id for door in found])
    return {place_id: {"state": str(state.outcome), "tries": state.tries} for place_id, state in states.items()}


def _in_round(told: RoundSeen, found: Sequence[Place]) -> dict[PlaceId, dict[str, Any]]:
    reach, stand = rounds.reach(told.id), dict[PlaceId, dict[str, Any]]()
    states = rounds.doors_in_round(told.id, [door.place_id for door in found])
    for door in found:
        state = states.get(door.place_id)
        if not contains(reach, door.range):
            stand[door.place_id] = {"outside": True}
        elif state is not None and state.reason is not None:
            name = reason_name(state.reason) if state.reason is Reason.HOUSEHOLD else ""
            stand[door.place_id] = {"state": state_of(state.reason), "tries": state.tries, "told": name}
        elif state is not None:
            stand[door.place_id] = {"state": str(state.outcome), "tries": state.tries}
    return stand


def round_asked(request: DeskRequest, place: Place) -> RoundSeen | None:
    """The round in the address, where the reader may see figures here and it reaches the place."""
    try:
        told = rounds.one(RoundId(UUID(request.GET.get("round", ""))))
        told.must_count()
        rounds.reach_within(told.id, places.ranges_of(place))
    except (ValueError, Refused):
        return None
    return told if access.may(request.actor, "figures.see", place) else None


def kept(request: DeskRequest) -> str:
    """What the addresses of doors keep of the map's own: the round that is shown, and whether it is folded."""
    said = {name: request.GET[name] for name in ("round", "fold") if request.GET.get(name)}
    return f"?{urlencode(said)}" if said else ""


def map_of(doors: Sequence[Door], *, notes: dict[str, str] | None = None, fold: bool = True) -> Map:
    """The map of doors in walking order."""
    return building_map(doors, notes=notes or {}, fold=fold)


def building(request: DeskRequest, place: Place, mark: str) -> HttpResponse:
    """The page of a building, or of one unit of it."""
    as_of = folded_until(request)
    told = round_asked(request, place)
    doors = doors_with_states(place, told)
    answers = accounts.answering(place)
    leaders = {answer.scope_name: answer.name for answer in answers if answer.role == "unit_leader"}
    drawn = map_of(doors, notes=leaders, fold=request.GET.get("fold") != "no")
    chosen = _chosen(request, doors)
    path = places.ancestors(place)
    before, after = _neighbours(place)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place, path),
        "facts": _facts(place, drawn),
        "map": drawn,
        "only": request.GET.get("only", ""),
        "chosen": chosen.id if chosen else None,
        "panel": panel_of(request, places.place(PlaceId(chosen.id)), cell=chosen if told else None) if chosen else None,
        "caption": _("Blank boxes were not visited yet and can be filled in by hand"),
        "round": told,
        "rounds": _choices(request, place, told),
        "kept": kept(request),
        "before": before,
        "after": after,
        "answers": answering.shown(
            place,
            answers,
            me=request.actor.account_id,
            on_duty={spell.account_id for spell in mobilisation.on_duty(places.ranges_of(place))},
            may_grant=bool(request.actor.holding("grants.give")),
        ),
        "areas": places.areas_of(place, path),
        "may_record": access.may(request.actor, "records.write", place),
        "may_edit": access.may(request.actor, "places.edit", place),
        "as_of": as_of,
        "stale": (clock.now() - as_of).total_seconds() > LAG,
        "etag": mark,
    }
    return pages.show(request, "desk/place/building.html", context)


def _choices(request: DeskRequest, place: Place, told: RoundSeen | None) -> list[RoundSeen]:
    """The rounds that can be chosen: the latest that reach here, and the one that is shown."""
    if not access.may(request.actor, "figures.see", place):
        return []
    found = rounds.rounds(places.ranges_of(place), limit=ROUNDS)
    return found if told is None or told.id in {one.id for one in found} else [*found, told]


def _chosen(request: DeskRequest, doors: Sequence[Door]) -> Door | None:
    try:
        wanted = UUID(request.GET.get("door", ""))
    except ValueError:
        return None
    return next((door for door in doors if door.id == wanted), None)


def _facts(place: Place, drawn: Map) -> list[str]:
    facts = []
    units = len({wing.name for wing in drawn.wings if wing.name})
    if units and place.at_level is Level.BUILDING:
        facts.append(ngettext("%(n)s unit", "%(n)s units", units) % {"n": units})
    if drawn.floors:
        facts.append(ngettext("%(n)s floor", "%(n)s floors", drawn.floors) % {"n": drawn.floors})
    facts.append(ngettext("%(n)s door", "%(n)s doors", drawn.doors) % {"n": drawn.doors})
    return facts


def _neighbours(place: Place) -> tuple[Place | None, Place | None]:
    """The building before and after this one, in walking order."""
    if place.parent is None:
        return None, None
    beside = places.children(place.parent)
    at = next((number for number, one in enumerate(beside) if one.id == place.id), None)
    if at is None:
        return None, None
    return beside[at - 1] if at else None, beside[at + 1] if at + 1 < len(beside) else None


def cells_of(drawn: Map, changed: UUID) -> list[Door]:
    """The cell of one door as it stands in the map, to be put in place of the old one."""
    placed = [door for row in drawn.rows for _floor, cells in row.floors for door in cells if door is not None]
    return [replace(door) for door in (*placed, *drawn.houses) if door.id == changed]
