"""Orders: which reach the reader, issuing one, who has answered by level and below, and answering for one's own place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.orders import AnswerForm, OrderForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AreaId, IncidentId, OrderId, PlaceId
from lianfang.kernel.ranges import contains, intersect
from lianfang.ledger.kinds.orders import Answer
from lianfang.work.orders import commands, queries, rules, types

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

_FIELD_OF: tuple[tuple[type[Refused], str], ...] = (
    (types.TitleMissing, "title"),
    (types.TimesWrong, "acknowledge_by"),
    (types.NobodyBelow, "down_to"),
)


class Held:
    """An order with the part of its area that the reader sees, and the place that is asked about."""

    def __init__(self, actor: Actor, order_id: UUID) -> None:
        reach = access.ranges(actor, "places.see")
        self.told = queries.order(OrderId(order_id))
        self.ranges = intersect(queries.order_ranges(self.told), reach)
        if not self.ranges:
            raise types.OrderNotFound
        home = places.place(self.told.place_id)
        here = home if contains(reach, home.range) else places.place_at(self.ranges[0].lo)
        self.place_id = PlaceId((here or home).id)


@page("places.see")
def orders(request: DeskRequest) -> HttpResponse:
    """Orders that reach into what the reader sees, the latest first, each with how far it has been answered there."""
    reach = access.ranges(request.actor, "places.see")
    found, now = queries.orders_within(reach), clock.now()
    everybody = queries.recipients_each(found, reach)
    rows = [{"order": told, "tally": rules.counted(everybody[told.id], told, now)} for told in found]
    opened = access.ranges(request.actor, "orders.send", reading=False)
    where = places.place_at(opened[0].lo) if opened else None
    may = where is not None and rules.answering_levels(where.at_level, Level.COMMUNITY)
    return pages.show(request, "desk/orders/list.html", {"rows": rows, "issue_at": where.id if where and may else None})


@page("orders.send", place="place_id", methods=("GET", "POST"))
def order_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Issue an order from a place down the tree."""
    now = clock.local(clock.now())
    form = OrderForm(
        request.POST or None,
        initial={"down_to": "community", "acknowledge_by": now + timedelta(hours=2), "due_at": now + timedelta(days=1)},
    )
    running = incidents.incidents_over(place)
    form.offer("area", [("", place.name), *((str(one.id), one.name) for one in places.areas_within(places.ranges_of(place)))])
    form.offer("incident", [("", _("none")), *((str(one.incident_id), one.name) for one in running)])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        wished = types.NewOrder(
            told["title"], told["text"], told["document"], PlaceId(place.id), told["down_to"], told["acknowledge_by"], told["due_at"],
            area=AreaId(UUID(told["area"])) if told["area"] else None,
            incident=IncidentId(UUID(told["incident"])) if told["incident"] else None,
        )  # fmt: skip
        try:
            saved = commands.issue_order(wished, by=request.actor)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            request.saved.append(saved)
            notices.say(request, Notice(_("The order is on its way.")))
            return HttpResponseRedirect(reverse("desk:orders"))
    context = {"place": place, "crumbs": crumbs(request.actor, place), "form": form, "title": _("Issue an order"), "do": _("Issue it")}
    return pages.show(request, "desk/incidents/form.html", context)


@page("places.see", place=Of("order_id", Held))
def order(request: DeskRequest, order: Held, place: Place) -> HttpResponse:
    """An order: what it says, who has answered level by level, and the tree below with those who have not."""
    return pages.show(request, "desk/orders/page.html", _context(request, order, place))


def _context(request: DeskRequest, order: Held, place: Place) -> dict[str, Any]:
    told, now = order.told, clock.now()
    asked = request.GET.get("in", "")
    everybody = queries.recipients(told, order.ranges)
    held = access.ranges(request.actor, "orders.answer", reading=False)
    owing = [one for one in everybody if one.standing is not types.Standing.COMPLETED and contains(held, one.range)]
    form = AnswerForm(request.POST or None)
    form.offer("place", [(str(one.place_id), one.name) for one in owing])
    opened = next((one for one in everybody if str(one.place_id) == asked), None)
    around = [opened.range] if opened else access.ranges(request.actor, "places.see")
    below = [one for one in everybody if contains(around, one.range) and one != opened]
    return {
        "order": told,
        "by": accounts.names_of([told.issued_by]).get(told.issued_by, "") if told.issued_by else "",
        "from": places.place(told.place_id),
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "levels": rules.by_level(everybody, told, now),
        "branches": rules.branches(below, told, now),
        "opened": opened,
        "late": [one for one in everybody if rules.is_late(one, told, now)][:100],
        "form": form if owing else None,
    }


@page("places.see", place=Of("order_id", Held), methods=("POST",))
def answer(request: DeskRequest, order: Held, place: Place) -> HttpResponse:
    """Answer an order for one's own place."""
    context = _context(request, order, place)
    form = context["form"]
    if form is None or not form.is_valid():
        return pages.show(request, "desk/orders/page.html", context, status=422)
    told = form.cleaned_data
    try:
        saved = commands.answer_order(
            order.told.id, PlaceId(UUID(told["place"])), Answer(told["answer"]), by=request.actor, remark=told["remark"] or None
        )
    except Refused as refused:
        fault_of(form, refused, ())
        return pages.show(request, "desk/orders/page.html", context, status=422)
    request.saved.append(saved)
    notices.say(request, Notice(_("Saved.")))
    return HttpResponseRedirect(reverse("desk:order", args=[order.told.id]))
