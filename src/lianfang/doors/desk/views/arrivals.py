"""People who came from elsewhere: who is followed up today, the running total, recording one, recording that somebody had word of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages, words, workbooks
from lianfang.doors.desk.forms.arrivals import ArrivalForm
from lianfang.doors.desk.frame import DeskRequest, back, page
from lianfang.doors.desk.moments import day as day_words
from lianfang.doors.desk.navigation import Tab
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts.timeline import chosen
from lianfang.doors.desk.whereabouts import crumbs, door_title, places_named
from lianfang.ground.accounts import access
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.figures import Unit
from lianfang.kernel.ids import PersonId, new_id
from lianfang.ledger import queries as ledger
from lianfang.ledger.kinds import questions
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.kinds.returns import Means
from lianfang.ledger.types import SameIdOtherContent
from lianfang.work.rounds import commands, lists, queries

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ranges import Range
    from lianfang.work.rounds.types import ArrivalCount, ArrivalFollowed, ArrivalSeen

PER_PAGE = 50
DAYS_SHOWN = 14
LAG = 5
SHOWS = ("due", "following", "all")
FOLLOWED_BY = (Outcome.SEEN, Outcome.PHONE, Outcome.DARK)
"""What is recorded of a follow-up in one key: word of them in person or by telephone, or nobody home."""
HEALTH = {"": None, "well": False, "ill": True}
"""What the same key says of their health, by the question of the form; who has symptoms is a matter for the secretary at once."""
HEALTH_FORM, SYMPTOMS = questions.form("temperature").key, "symptoms"


def _show(request: DeskRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in SHOWS else "due"


def _found(ranges: Sequence[Range], show: str, *, after: int = 0, limit: int) -> list[ArrivalFollowed]:
    today = clock.today()
    if show == "all":
        return queries.arrivals_came(ranges, today, after=after, limit=limit)
    return queries.arrivals_followed(ranges, today, due_only=show == "due", after=after, limit=limit)


def _rows(found: Sequence[ArrivalFollowed]) -> list[dict[str, Any]]:
    where = places_named({one.arrival.place_id for one in found})
    names = people.names_masked({PersonId(one.arrival.subject) for one in found if one.arrival.subject})
    origins = lists.named(one.arrival.origin for one in found)
    return [
        {
            "id": one.arrival.record_id,
            "place_id": one.arrival.place_id,
            "where": where.get(one.arrival.place_id, ""),
            "person": one.arrival.subject if one.arrival.subject in names else None,
            "name": names.get(PersonId(one.arrival.subject), "") if one.arrival.subject else "",
            "origin": origins[one.arrival.origin],
            "means": chosen(Means, one.arrival.means),
            "arrived_on": one.arrival.arrived_on,
            "until": one.arrival.follow_until,
            "day": one.day,
            "days": one.days,
            "ended": one.day > one.days,
            "reached_at": one.reached_at,
            "outcome": one.outcome or "",
            "symptoms": one.symptoms,
            "due": bool(one.days) and 0 < one.day <= one.days and one.reached_at is None,
            "record": new_id(),
        }
        for one in found
    ]


@page("people.see", place="place_id")
def arrivals(request: DeskRequest, place: Place) -> HttpResponse:
    """Who came from elsewhere to a place: due for follow-up today, all followed up, all (/desk/places/ID/arrivals/?show=…)."""
    show, ranges, today = _show(request), places.ranges_of(place), clock.today()
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else 0
    found = _found(ranges, show, after=after, limit=PER_PAGE + 1)
    counted, due = queries.arrival_count(ranges, today), queries.arrivals_due(ranges, today)
    here = reverse("desk:arrivals", args=[place.id])
    as_of = ledger.folded_until()
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "strip": _strip(place, counted, due),
        "tabs": [
            Tab(_("To follow up today"), here, show == "due", due),
            Tab(_("Followed up"), f"{here}?show=following", show == "following", counted.following),
            Tab(_("All who came"), f"{here}?show=all", show == "all", counted.total),
        ],
        "show": show,
        "has_come": counted.total > 0,
        "rows": _rows(found[:PER_PAGE]),
        "further": after + PER_PAGE if len(found) > PER_PAGE else None,
        "days": list(reversed(queries.arrivals_daily(ranges, today - timedelta(days=DAYS_SHOWN - 1), today))),
        "keys": [words.sign(str(outcome)) for outcome in FOLLOWED_BY],
        "may_record": access.may(request.actor, "records.write", place),
        "at_door": place.at_level is Level.DOOR,
        "as_of": as_of,
        "stale": (clock.now() - as_of).total_seconds() > LAG,
    }
    return pages.show(request, "desk/arrivals/list.html", context)


def _strip(place: Place, counted: ArrivalCount, due: int) -> list[dict[str, Any]]:
    return [
        {"label": _("To follow up today"), "value": due, "unit": Unit.PEOPLE, "denominator": counted.following, "tone": "owed" if due else "", "note": _("nobody has had word of them today") if due else _("nobody is waiting for word")},
        {"label": _("Followed up"), "value": counted.following, "unit": Unit.PEOPLE, "denominator": counted.total, "note": _("until the end of their days")},
        {"label": _("Came from elsewhere"), "value": counted.total, "unit": Unit.PEOPLE, "denominator": None, "href": _figure(place), "note": _("running total, each person once")},
    ]  # fmt: skip


def _figure(place: Place) -> str:
    return reverse("desk:figure", args=[place.id, "arrivals"])


@page("people.see", place="place_id")
def arrivals_list(request: DeskRequest, place: Place) -> HttpResponse:
    """The same list as a workbook, names masked."""
    found = _rows(_found(places.ranges_of(place), _show(request), limit=workbooks.ROWS_AT_MOST))
    title = _("Arrivals: %(place)s, %(day)s") % {"place": place.name, "day": day_words(clock.today())}
    head = (_("No."), _("Door"), _("Name"), _("From where"), _("Arrived on"), _("Came by"), _("Day"), _("Of days"), _("Until"), _("Today"))
    rows: list[tuple[Any, ...]] = []
    for number, one in enumerate(found, 1):
        days = (one["day"], one["days"], one["until"].isoformat()) if one["days"] else ("", "", "")
        rows.append(
            (number, one["where"], one["name"], one["origin"], one["arrived_on"].isoformat(), str(one["means"]), *days, _reached(one)),
        )
    sheet = workbooks.sheet(_("Arrivals"), title, head, rows, (6, 24, 10, 22, 12, 10, 8, 8, 12, 12))
    return workbooks.sent([sheet], f"arrivals-{clock.today()}")


def _reached(one: Mapping[str, Any]) -> str:
    """What is known of somebody today, in words."""
    said = [str(words.sign(one["outcome"]).name)] if one["outcome"] else [_("registered today")] if one["reached_at"] else []
    if one["symptoms"] is not None:
        said.append(_("has symptoms") if one["symptoms"] else _("no complaint"))
    return _("; ").join(said)


@page("records.write", place="place_id", methods=("GET", "POST"))
def arrival_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Record that somebody came to live at a door from elsewhere."""
    if place.at_level is not Level.DOOR:
        raise NotFound
    form = ArrivalForm(request.POST or None, initial={"arrived_on": clock.today(), "subject": request.GET.get("person", "")})
    there = people.people_of_door(place.place_id) if access.may(request.actor, "people.see", place) else []
    named = {str(person.person_id): person.name for person in there}
    form.offer("subject", [*named.items(), ("", _("somebody who is not on the list yet"))])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        abroad = not told["origin"].isdigit()
        saved = commands.record_arrival(
            place.place_id, told["arrived_on"], by=request.actor, subject=UUID(told["subject"]) if told["subject"] else None,
            from_code=None if abroad else told["origin"], from_country=told["origin"] if abroad else None, means=Means(told["means"]),
            rule=told["rule"] or None,
        )  # fmt: skip
        request.saved.append(saved)
        notices.say(
            request, Notice(_("The arrival is recorded."), undo=reverse("desk:withdraw", args=[saved.record_id]), undo_words=_("Take back"))
        )
        return HttpResponseRedirect(reverse("desk:place", args=[place.id]))
    title = door_title(places.ancestors(place), place)
    context = {"place": place, "crumbs": crumbs(request.actor, place), "title": title, "form": form}
    return pages.show(request, "desk/arrivals/new.html", context)


@page("records.write", place="place_id", methods=("POST",))
def arrival_follow(request: DeskRequest, place: Place, arrival_id: UUID) -> HttpResponse:
    """Record word of somebody who is followed up, and of their health: a visit to them at their door, or a call (outcome=seen.well)."""
    came: ArrivalSeen | None = queries.arrival(arrival_id)
    outcome, _dot, health = request.POST.get("outcome", "").partition(".")
    if came is None or came.place_id != place.place_id or outcome not in FOLLOWED_BY or health not in HEALTH:
        raise NotFound
    ill, met = HEALTH[health], 1 if outcome == Outcome.SEEN else 0
    channel = Channel.PHONE if outcome == Outcome.PHONE else Channel.SEEN
    try:
        saved = commands.record_visit(
            place.place_id, Outcome(outcome), by=request.actor, people_seen=met, subject=came.subject, channel=channel,
            record_id=_uuid(request.POST.get("record", "")), wants_help=bool(ill), form=None if ill is None else HEALTH_FORM,
            answers={} if ill is None else {SYMPTOMS: ill},
        )  # fmt: skip
    except SameIdOtherContent:
        notices.say(request, Notice(_("This was recorded already; nothing was added."), "warn"))
    else:
        request.saved.append(saved)
        undo = reverse("desk:withdraw", args=[saved.record_id])
        said = _("Recorded: %(what)s") % {"what": words.sign(outcome).name}
        if ill:
            said = _("Recorded: has symptoms. The secretary has it as a matter.")
        notices.say(request, Notice(said, undo=undo, undo_words=_("Take back")))
    return back(request, reverse("desk:arrivals", args=[place.id]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
