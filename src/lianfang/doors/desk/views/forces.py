"""Who can be sent at a place, what is needed there, the draft of who goes where, and who was called."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.places import queries as places
from lianfang.work.mobilisation import commands, queries, wording
from lianfang.work.mobilisation.types import DraftSeen, DraftState

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

PER_PAGE = 100


def _held(actor: Actor, draft_id: UUID) -> DraftSeen:
    del actor  # the frame asks about the place
    return queries.draft(draft_id)


@page("people.see", place="place_id")
def forces(request: DeskRequest, place: Place) -> HttpResponse:
    """The pool, the needs with what the latest draft would give them, and the calls."""
    ranges = places.ranges_of(place)
    latest = queries.latest_draft(place.place_id)
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else 0
    short_only = "short" in request.GET and latest is not None
    needs = queries.needs(ranges, latest.draft_id if latest else None, short_only=short_only, after=after, limit=PER_PAGE + 1)
    counts = queries.counts(ranges)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "counts": [(words, counts.get(came, 0)) for came, words in wording.CAME.items()],
        "draft": latest,
        "state": wording.STATES[latest.state] if latest else "",
        "moving": latest is not None and latest.state in (DraftState.ASKED, DraftState.SOLVING),
        "gap": None if latest is None or latest.gap is None else f"{latest.gap:.2%}",
        "rows": [{"need": need, "why": wording.WHY.get(need.why, "")} for need in needs[:PER_PAGE]],
        "further": after + PER_PAGE if len(needs) > PER_PAGE else 0,
        "short_only": short_only,
        "calls": queries.calls(ranges),
        "may_order": access.may(request.actor, "orders.send", place),
    }
    return pages.show(request, "desk/forces/page.html", context)


@page("orders.send", place="place_id", methods=("POST",))
def draft_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Ask for a draft; the process of jobs makes it."""
    commands.ask_for_draft(place.place_id, by=request.actor)
    notices.say(request, Notice(_("The draft is being worked out. You may leave this page and come back.")))
    return HttpResponseRedirect(reverse("desk:forces", args=[place.id]))


@page("orders.send", place=Of("draft_id", _held), methods=("POST",))
def draft_confirm(request: DeskRequest, draft: DraftSeen, place: Place) -> HttpResponse:
    """Make a draft hold from today."""
    told = commands.confirm(draft.draft_id, by=request.actor)
    notices.say(request, Notice(_("Confirmed: %(count)d people are sent from today.") % {"count": told.sent}))
    return HttpResponseRedirect(reverse("desk:forces", args=[place.id]))
