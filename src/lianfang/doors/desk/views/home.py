"""The first page after sign-in: what needs me, my places, my matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import pages, words
from lianfang.doors.desk.frame import SIGNED_IN, DeskRequest, page
from lianfang.doors.desk.freshness import mark_of, unchanged
from lianfang.doors.desk.parts.children import standings
from lianfang.doors.desk.parts.strip import Todo
from lianfang.doors.desk.parts.timeline import actors_of, record_lines
from lianfang.doors.desk.views.duty import my_spell
from lianfang.doors.desk.views.matters import rows_of
from lianfang.doors.desk.whereabouts import places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.types import OverArea, OverPlace
from lianfang.kernel import clock
from lianfang.kernel.figures import Unit
from lianfang.ledger import queries as ledger
from lianfang.work.matters import queries as matters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.doors.desk.parts.children import Standing
    from lianfang.ground.accounts.types import GrantSeen
    from lianfang.kernel.ranges import Range

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
    mark = mark_of(request, ranges if _narrow(ranges) else None)
    if unchanged(request, mark):
        return HttpResponse(status=304)
    held = [grant for grant in accounts.grants_of(actor.account_id) if _holds(grant)] if actor.account_id else []
    scopes = [scope_ranges(grant) for grant in held]
    standing = standings(scopes) if scopes else []
    mine = matters.matters_of(actor.account_id, limit=MINE) if actor.account_id and access.ranges(actor, "matters.see") else []
    seen = access.ranges(actor, "records.see")
    latest = ledger.history(seen, limit=LATELY) if seen and _narrow(seen) else []
    as_of = ledger.folded_until()
    context = {
        "greeting": greeting(actor.name),
        "todos": _todos(request, held, standing),
        "places": [_row(grant, each) for grant, each in zip(held, standing, strict=True)],
        "matters": rows_of(mine),
        "duty": {"mine": my_spell(request)} if access.ranges(actor, "duty.record") else None,
        "lines": record_lines(latest, names=actors_of(latest), where=places_named({line.place for line in latest})),
        "as_of": as_of,
        "stale": (clock.now() - as_of).total_seconds() > LAG,
        "etag": mark,
    }
    response = pages.show(request, "desk/home/page.html", context)
    response["ETag"] = mark
    return response


_COMMUNITY = 10**7


def _narrow(ranges: Sequence[Range]) -> bool:
    """Whether the reader's reach is at most a few communities, so that its last records are found at once."""
    return sum(piece.hi - piece.lo for piece in ranges) <= 4 * _COMMUNITY


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
    """What waits for the reader, the most pressing first."""
    actor, todos = request.actor, []
    if actor.account_id and access.ranges(actor, "matters.see"):
        mine = matters.waiting_for(actor.account_id)
        if mine.late:
            todos.append(Todo(mine.late, Unit.ITEMS, _("of my matters are late"), "", reverse("desk:matters"), _("See"), "late"))
        if mine.open - mine.late:
            todos.append(Todo(mine.open - mine.late, Unit.ITEMS, _("matters wait for me"), "", reverse("desk:matters"), _("See"), "owed"))
    settling = access.ranges(actor, "records.settle")
    if settling and (waiting := ledger.waiting_count(settling)):
        todos.append(
            Todo(
                waiting,
                Unit.ITEMS,
                _("records wait for my decision"),
                _("made outside their author's grant"),
                reverse("desk:quarantine"),
                _("Decide"),
                "owed",
            )
        )
    for grant, each in zip(held, standing, strict=True):
        if each.by_state["none"] and grant.place_id:
            where = reverse("desk:place", args=[grant.place_id])
            note = _("of %(all)s doors of %(place)s") % {"all": f"{each.doors:,}", "place": grant.scope_name}
            todos.append(Todo(each.by_state["none"], Unit.HOUSEHOLDS, _("nobody has ever been there"), note, where, _("See")))
    return todos
