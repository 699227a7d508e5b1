"""The first page after sign-in: what needs me, my places, my matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import pages, words
from lianfang.doors.desk.frame import SIGNED_IN, DeskRequest, page
from lianfang.doors.desk.freshness import mark_of, narrow, unchanged
from lianfang.doors.desk.parts import needs, standing_in
from lianfang.doors.desk.parts.children import standings
from lianfang.doors.desk.parts.strip import Todo
from lianfang.doors.desk.parts.timeline import actors_of, record_lines
from lianfang.doors.desk.views.duty import my_spell
from lianfang.doors.desk.views.matters import rows_of
from lianfang.doors.desk.whereabouts import places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.types import OverArea, OverPlace
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.headquarters.playbooks import queries as playbooks
from lianfang.kernel import clock
from lianfang.kernel.figures import Unit
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import contains
from lianfang.ledger import queries as ledger
from lianfang.work.matters import queries as matters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.doors.desk.parts.children import Standing
    from lianfang.ground.accounts.types import GrantSeen
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ranges import Range

_PRESSING = ("late", "owed", "")
MORNING, NOON, EVENING = 5, 12, 18
LATELY, MINE = 5, 5
LAG = 5
"""Seconds after which a page says since when figures stand."""


def greeting(name: str) -> str:
    """By the hour, with the reader's name."""
    hour = clock.local(clock.now()).hour
    if MORNING <= hour < NOON:
        return _("Good morning, %(name)s") % {"name": name}
    if NOON <= hour < EVENING:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


@page(SIGNED_IN)
def home(request: DeskRequest) -> HttpResponse:
    """Mine (/desk/)."""
    actor = request.actor
    ranges = access.ranges(actor, "places.see")
    mark = mark_of(request, ranges)
    if unchanged(request, mark):
        return HttpResponse(status=304)
    held = [grant for grant in accounts.grants_of(actor.account_id) if _holds(grant)] if actor.account_id else []
    scopes = [scope_ranges(grant) for grant in held]
    standing = standings(scopes) if scopes else []
    mine = matters.matters_of(actor.account_id, limit=MINE) if actor.account_id and access.ranges(actor, "matters.see") else []
    seen = access.ranges(actor, "records.see")
    latest = ledger.history(seen, limit=LATELY) if seen and narrow(seen) else []
    as_of = ledger.folded_until()
    context = {
        "greeting": greeting(actor.name),
        "todos": _todos(request, held, standing),
        "divided": _divided(held),
        "places": [_row(grant, each) for grant, each in zip(held, standing, strict=True)],
        "stood_in": standing_in.rows(playbooks.stood_in(actor.account_id)) if actor.account_id else [],
        "matters": rows_of(mine),
        "duty": {"mine": my_spell(request)} if access.ranges(actor, "duty.record") else None,
        "lately": bool(seen) and narrow(seen),
        "lines": record_lines(latest, names=actors_of(latest), where=places_named({line.place for line in latest})),
        "as_of": as_of,
        "stale": (clock.now() - as_of).total_seconds() > LAG,
        "etag": mark,
    }
    response = pages.show(request, "desk/home/page.html", context)
    response["ETag"] = mark
    return response


def _holds(grant: GrantSeen) -> bool:
    today = clock.today()
    return grant.revoked_at is None and grant.valid_from <= today and (grant.valid_to is None or today < grant.valid_to)


def scope_ranges(grant: GrantSeen) -> list[Range]:
    """What a grant covers today; nothing for one over organisations."""
    if grant.place_id is not None:
        return access.scope_ranges(OverPlace(grant.place_id), reading=False)
    if grant.area_id is not None:
        return access.scope_ranges(OverArea(grant.area_id), reading=False)
    return []


def _divided(held: Sequence[GrantSeen]) -> list[Place]:
    """Places above a community that somebody answers for: what waits in each place below them is fetched after the page."""
    ids = {PlaceId(grant.place_id) for grant in held if grant.place_id}
    return [one for one in places.places_by_id(list(ids)).values() if one.at_level.depth < Level.COMMUNITY.depth]


def _row(grant: GrantSeen, standing: Standing) -> dict[str, Any]:
    address = ("desk:place", grant.place_id) if grant.place_id else ("desk:area", grant.area_id)
    return {
        "name": grant.scope_name,
        "href": reverse(address[0], args=[address[1]]) if address[1] else "",
        "role": words.word(words.ROLES, grant.role),
        "doors": standing.doors,
        "settled": standing.settled,
        "still_open": standing.still_open,
    }


def _todos(request: DeskRequest, held: Sequence[GrantSeen], standing: Sequence[Standing]) -> list[Todo]:
    """What waits for the reader, the most pressing first: own matters, then what waits at each place they answer for."""
    actor, mine = request.actor, matters.MatterCount(0, 0)
    todos: list[Todo] = []
    if actor.account_id and access.ranges(actor, "matters.see"):
        mine = matters.waiting_for(actor.account_id)
        if mine.late:
            todos.append(Todo(mine.late, Unit.ITEMS, _("of my matters are late"), "", reverse("desk:matters"), _("See"), "late"))
    over = [(grant, each, ranges) for grant, each in zip(held, standing, strict=True) if grant.place_id and (ranges := scope_ranges(grant))]
    over = [one for one in over if not any(_inside(one, other) for other in over)]
    several = len(over) > 1
    # The chain of a city takes seconds: it is fetched after the page.
    few = all(narrow(ranges) for _grant, _each, ranges in over)
    found = needs.needs_each(actor, [ranges for _grant, _each, ranges in over], chain=few)
    for (grant, _each, ranges), one in zip(over, found, strict=True):
        note = grant.scope_name if several else ""
        todos += needs.todos(one, grant.place_id, mine_late=mine.late, note=note)  # type: ignore[arg-type]  # only places are here
        todos += needs.rounds_open(actor, ranges)
    if mine.open - mine.late:
        todos.append(Todo(mine.open - mine.late, Unit.ITEMS, _("matters wait for me"), "", reverse("desk:matters"), _("See"), "owed"))
    for grant, each, _ranges in over:
        if each.by_state["none"]:
            where = reverse("desk:place", args=[grant.place_id])
            note = _("of %(all)s doors of %(place)s") % {"all": f"{each.doors:,}", "place": grant.scope_name}
            todos.append(Todo(each.by_state["none"], Unit.HOUSEHOLDS, _("nobody has ever been there"), note, where, _("See")))
    return sorted(todos, key=lambda todo: _PRESSING.index(todo.tone))


_Over = tuple["GrantSeen", "Standing", "list[Range]"]


def _inside(one: _Over, other: _Over) -> bool:
    """Whether a grant lies within a wider one, which tells of it already; of two over the same place the first tells."""
    if one is other or not all(contains(other[2], piece) for piece in one[2]):
        return False
    return one[2] != other[2] or other[0].grant_id < one[0].grant_id
