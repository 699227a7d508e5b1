"""Messages to workers: what was sent, who has got it and read it, writing one, taking one back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.messages import MessageForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.whereabouts import crumbs, places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AreaId, MessageId
from lianfang.work.outreach import commands, queries
from lianfang.work.outreach.types import NamesSomebody, NewMessage, WordsWrong

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.work.outreach.types import MessageSeen

PER_PAGE = 50
ABILITY = "messages.send"
_FIELD_OF: tuple[tuple[type[Refused], str], ...] = ((WordsWrong, "words"), (NamesSomebody, "words"))


def rows_of(found: list[MessageSeen]) -> list[dict[str, Any]]:
    """Messages as rows, with the names of places, areas and senders."""
    where = places_named({one.place_id for one in found})
    areas = places.areas_named({one.area_id for one in found if one.area_id is not None})
    names = accounts.names_of({one.sender for one in found if one.sender is not None})
    return [
        {
            "told": one,
            "where": areas.get(one.area_id, "") if one.area_id is not None else where.get(one.place_id, ""),
            "sender": names.get(one.sender, "") if one.sender else "",
        }
        for one in found
    ]


@page(ABILITY)
def messages(request: DeskRequest) -> HttpResponse:
    """What was sent within what the reader answers for (/desk/messages/)."""
    ranges = access.ranges(request.actor, ABILITY)
    found = queries.messages(ranges, before=_before(request), limit=PER_PAGE + 1)
    posts = [place for place in accounts.posts_of(request.actor) if access.may(request.actor, ABILITY, place)]
    context = {
        "rows": rows_of(found[:PER_PAGE]),
        "earlier": found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        "posts": posts,
        "now": clock.now(),
    }
    return pages.show(request, "desk/messages/list.html", context)


def _before(request: DeskRequest) -> MessageId | None:
    try:
        return MessageId(UUID(request.GET.get("before", "")))
    except ValueError:
        return None


@page(ABILITY, place="place_id", methods=("GET", "POST"))
def message_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Write a message to the workers of a place, or of one of its grids."""
    form = MessageForm(request.POST or None)
    grids = [area for area in places.areas_within(places.ranges_of(place)) if area.kind in {AreaKind.GRID, AreaKind.COMPOUND}]
    form.offer("area", [("", place.name), *((str(area.id), area.name) for area in grids)])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        area = AreaId(UUID(told["area"])) if told["area"] else None
        try:
            sent = commands.send(NewMessage(told["title"], told["words"], place.place_id, area), by=request.actor)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            notices.say(request, Notice(_("Sent. Phones get it at their next contact.")))
            return HttpResponseRedirect(reverse("desk:message", args=[sent.id]))
    return pages.show(request, "desk/messages/new.html", {"place": place, "crumbs": crumbs(request.actor, place), "form": form})


def _message(actor: Actor, message_id: UUID) -> MessageSeen:
    del actor  # row security shows what lies in the scope or is for the reader; the frame asks for the place
    return queries.message(MessageId(message_id))


@page(ABILITY, place=Of("message_id", _message))
def message(request: DeskRequest, message: MessageSeen, place: Place) -> HttpResponse:
    """One message: its words, and who has got it and read it, in the order of the offices."""
    told = queries.told(message.id)
    names = accounts.names_of({one.account_id for one in told})
    context = {
        "row": rows_of([message])[0],
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "told": [{"name": names.get(one.account_id, ""), "told": one} for one in told],
        "now": clock.now(),
    }
    return pages.show(request, "desk/messages/page.html", context)


@page(ABILITY, place=Of("message_id", _message), methods=("POST",))
def message_take_back(request: DeskRequest, message: MessageSeen, place: Place) -> HttpResponse:
    """Take a message back."""
    del place
    commands.take_back(message.id, by=request.actor)
    notices.say(request, Notice(_("Taken back. Phones drop it at their next contact.")))
    return HttpResponseRedirect(reverse("desk:message", args=[message.id]))
