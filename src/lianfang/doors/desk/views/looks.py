"""The log of looks: one's own for everybody, all within reach for those who watch over it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.desk import pages, words
from lianfang.doors.desk.frame import SIGNED_IN, DeskRequest, page
from lianfang.doors.desk.navigation import administration_tabs
from lianfang.doors.desk.views.myself import own_id
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.people import queries
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from lianfang.ground.people.types import LookTaken

PER_PAGE = 50


@page(SIGNED_IN)
def looks(request: DeskRequest) -> HttpResponse:
    """What I looked at, when and why."""
    reach = access.ranges(request.actor, "people.see")
    found = queries.looks(reach, _before(request), PER_PAGE, account_id=own_id(request))
    context = {
        "own": True,
        "title": _("What I looked at"),
        "under": _("each full value, with your reason; the person can see it too"),
        "empty": "",
    }
    return _list(request, found, context)


@page("looks.see")
def looks_all(request: DeskRequest) -> HttpResponse:
    """Who looked at what, when and why, within what the reader watches over; filters stand in the address."""
    reach = access.ranges(request.actor, "looks.see")
    chosen = _account(request)
    found = queries.looks(reach, _before(request), PER_PAGE, account_id=chosen)
    lookers = accounts.names_of({look.account_id for look in queries.looks(reach, None, 500)})
    context = {
        "own": False,
        "title": _("Log of looks"),
        "under": _("who saw a full value, of whom, why"),
        "empty": _("Whenever somebody sees a full phone or paper number, it stands here."),
        "accounts": [
            {"id": each, "name": name, "chosen": each == chosen} for each, name in sorted(lookers.items(), key=lambda pair: pair[1])
        ],
        "tabs": administration_tabs(request.actor, request.path),
    }
    return _list(request, found, context)


def _account(request: DeskRequest) -> AccountId | None:
    try:
        return AccountId(UUID(request.GET.get("account", "")))
    except ValueError:
        return None


def _before(request: DeskRequest) -> datetime | None:
    """Looks before a moment (for the next page) or up to the end of a day (for the filter)."""
    try:
        if request.GET.get("before"):
            return datetime.fromisoformat(request.GET["before"])
        if request.GET.get("until"):
            return clock.day_bounds(date.fromisoformat(request.GET["until"]))[1]
    except ValueError:
        return None
    return None


def _list(request: DeskRequest, found: Sequence[LookTaken], context: dict[str, Any]) -> HttpResponse:
    wanted = request.GET.get("field", "")
    names = accounts.names_of({look.account_id for look in found})
    people = queries.names_masked({look.person_id for look in found})
    shown = [
        {
            "at": look.at,
            "who": names.get(look.account_id, ""),
            "person_id": look.person_id,
            "whose": people.get(look.person_id, _("no longer on the list")),
            "there": look.person_id in people,
            "field": look.field,
            "reason": words.word(words.REASONS, look.reason),
            "channel": look.channel,
        }
        for look in found
        if not wanted or wanted in look.field.split(",")
    ]
    earlier = found[-1].at.isoformat() if len(found) == PER_PAGE else ""
    until = request.GET.get("until", "")
    more = {"looks": shown, "fields": list(words.FIELDS.items()), "field": wanted, "until": until, "earlier": earlier}
    return pages.show(request, "desk/looks/list.html", {**context, **more})
