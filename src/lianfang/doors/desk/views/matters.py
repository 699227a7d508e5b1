"""Matters: lists, one matter, raising, settling, handing over."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.matters import HandOverForm, MatterForm, SettleForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.navigation import Tab
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import answers as answering
from lianfang.doors.desk.parts.timeline import actors_of, chosen, record_lines
from lianfang.doors.desk.whereabouts import crumbs, places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import ABILITIES, Role
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.ids import AccountId, MatterId, PersonId, PlaceId
from lianfang.ledger import queries as ledger
from lianfang.ledger.kinds.errands import About, Settlement
from lianfang.work.matters import commands, queries

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.work.matters.types import MatterSeen

PER_PAGE = 50
DUE_IN = timedelta(hours=24)


def rows_of(found: Sequence[MatterSeen]) -> list[dict[str, Any]]:
    """Matters as rows: words, places and names, in two reads for all."""
    where = places_named({matter.place_id for matter in found})
    names = accounts.names_of({owner for matter in found for owner in (matter.owner, matter.raised_by, matter.settled_by) if owner})
    return [
        {
            "id": matter.id,
            "about": _("another matter") if matter.about == About.OTHER else chosen(About, matter.about),
            "urgent": matter.urgent,
            "where": where.get(matter.place_id, ""),
            "due_at": matter.due_at,
            "raised_at": matter.raised_at,
            "raised_by": names.get(matter.raised_by, "") if matter.raised_by else "",
            "owner": names.get(matter.owner, "") if matter.owner else "",
            "open": matter.settled_at is None,
            "late": matter.late and matter.settled_at is None,
            "settled_at": matter.settled_at,
            "settled_by": names.get(matter.settled_by, "") if matter.settled_by else "",
            "settlement": chosen(Settlement, matter.settlement) if matter.settlement else "",
        }
        for matter in found
    ]


def tabs_of(request: DeskRequest, show: str) -> list[Tab]:
    """The tabs above matters: mine, open, late, settled, and the records that wait for a decision."""
    ranges = access.ranges(request.actor, "matters.see")
    counted = queries.counts(ranges)
    mine = queries.waiting_for(request.actor.account_id).open if request.actor.account_id else 0
    here = reverse("desk:matters")
    tabs = [
        Tab(_("Mine to settle"), here, show == "mine", mine),
        Tab(_("Open"), f"{here}?show=open", show == "open", counted.open),
        Tab(_("Late"), f"{here}?show=late", show == "late", counted.late),
        Tab(_("Settled"), f"{here}?show=settled", show == "settled"),
    ]
    settling = access.ranges(request.actor, "records.settle")
    if settling:
        tabs.append(Tab(_("Records to decide"), reverse("desk:quarantine"), show == "quarantine", ledger.waiting_count(settling)))
    return tabs


@page("matters.see")
def matters(request: DeskRequest) -> HttpResponse:
    """Matters within what the reader answers for (/desk/matters/?show=…)."""
    show = request.GET.get("show", "mine")
    show = show if show in {"mine", "open", "late", "settled"} else "mine"
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else 0
    found = _found(request, show, after)
    empty = {
        "mine": _("Nothing waits for you"),
        "open": _("No matters are open"),
        "late": _("Nothing is late"),
        "settled": _("Nothing has been settled yet"),
    }
    context = {
        "matters": rows_of(found[:PER_PAGE]),
        "tabs": tabs_of(request, show),
        "earlier": after + PER_PAGE if len(found) > PER_PAGE else None,
        "empty": empty[show],
    }
    return pages.show(request, "desk/matters/list.html", context)


def _found(request: DeskRequest, show: str, after: int) -> list[MatterSeen]:
    ranges = access.ranges(request.actor, "matters.see")
    if show == "mine":
        return queries.matters_of(request.actor.account_id, limit=PER_PAGE) if request.actor.account_id else []
    if show == "settled":
        return queries.settled(ranges, after=after, limit=PER_PAGE + 1)
    return queries.matters(ranges, late_only=show == "late", after=after, limit=PER_PAGE + 1)


def _matter(actor: Actor, matter_id: UUID) -> MatterSeen:
    del actor  # row security shows only what lies in the scope; the frame asks for the place
    return queries.matter(MatterId(matter_id))


@page("matters.see", place=Of("matter_id", _matter))
def matter(request: DeskRequest, matter: MatterSeen, place: Place) -> HttpResponse:
    """One matter: its facts, its course, settling it or handing it over."""
    return _page(request, matter, place, SettleForm(), _hand_form(request, place))


def _page(request: DeskRequest, matter: MatterSeen, place: Place, settle_form: SettleForm, hand_form: HandOverForm) -> HttpResponse:
    course = ledger.history([place.range], kinds=("matter_raised", "matter_settled", "correction"), limit=PER_PAGE)
    own = [line for line in course if matter.id in {line.id, line.subject, line.corrects}]
    if matter.cause is not None:
        with suppress(NotFound):  # what set it off may lie out of the scope, or be erased
            own += reversed(ledger.record(matter.cause))
    told = ledger.remarks_of([line.id for line in own])
    names = actors_of(own)
    context = {
        "matter": rows_of([matter])[0],
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "lines": record_lines(own, names=names),
        "remarks": [
            {"at": line.effective_at, "text": told[line.id], "who": names.get(line.actor, "") if line.actor else ""}
            for line in own
            if line.id in told
        ],
        "answers": answering.shown(
            place, accounts.answering_for(place), me=request.actor.account_id, on_duty=set(), may_grant=False, gaps=False
        ),
        "may_settle": access.may(request.actor, "matters.settle", place),
        "settle_form": settle_form,
        "hand_form": hand_form,
        "twice": _twice(matter) if matter.about is About.LISTED_TWICE else None,
    }
    return pages.show(request, "desk/matters/page.html", context)


def _twice(matter: MatterSeen) -> dict[str, Any]:
    """Who is listed twice, as they are listed on the reader's side; and the other community, of which nothing else is shown."""
    raised = ledger.standing(matter.id)
    found: dict[str, Any] = {"person": None, "listed": False, "elsewhere": "", "secretary": ""}
    if raised is None:
        return found
    if raised.subject is not None:
        with suppress(NotFound):
            found["person"] = people.person(PersonId(raised.subject))
            found["listed"] = any(home.until is None for home in found["person"].homes)
    if raised.payload.get("elsewhere"):
        other = places.place(PlaceId(UUID(raised.payload["elsewhere"])))
        found["elsewhere"] = other.name
        found["secretary"] = next((one.name for one in accounts.answering_for(other) if one.role == Role.COMMUNITY_SECRETARY), "")
    return found


def _hand_form(request: DeskRequest, place: Place) -> HandOverForm:
    form = HandOverForm(request.POST or None, initial={"due_at": clock.local(clock.now() + DUE_IN)})
    form.offer("owner", _owners(place))
    return form


def _owners(place: Place) -> list[tuple[str, str]]:
    """Everybody who answers for a place and may settle what is raised there, each once, the nearest first."""
    named: dict[AccountId, str] = {}
    for answer in accounts.answering_for(place):
        if "matters.settle" not in ABILITIES[answer.role]:
            continue
        named.setdefault(answer.account_id, f"{answer.name} · {answer.scope_name}")
    return [(str(account_id), name) for account_id, name in named.items()]


@page("records.write", place="place_id", methods=("GET", "POST"))
def matter_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Raise a matter at a place."""
    form = MatterForm(request.POST or None, initial={"due_at": clock.local(clock.now() + DUE_IN)})
    form.offer("owner", [("", _("the community secretary")), *_owners(place)])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        saved = commands.raise_matter(
            place.place_id,
            About(told["about"]),
            _aware(told["due_at"]),
            by=request.actor,
            owner=AccountId(UUID(told["owner"])) if told["owner"] else None,
            urgent=told["urgent"],
            remark=told["remark"] or None,
        )
        request.saved.append(saved)
        notices.say(
            request, Notice(_("The matter is raised."), undo=reverse("desk:withdraw", args=[saved.record_id]), undo_words=_("Take back"))
        )
        return HttpResponseRedirect(reverse("desk:place", args=[place.id]))
    where = places_named({place.place_id}).get(place.place_id, place.name)
    context = {"place": place, "where": where, "crumbs": crumbs(request.actor, place), "form": form}
    return pages.show(request, "desk/matters/new.html", context)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.LOCAL)


@page("matters.settle", place=Of("matter_id", _matter), methods=("POST",))
def matter_settle(request: DeskRequest, matter: MatterSeen, place: Place) -> HttpResponse:
    """Settle a matter with its outcome."""
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, matter, place, form, HandOverForm())
    told = form.cleaned_data
    saved = commands.settle_matter(matter.id, Settlement(told["settlement"]), by=request.actor, remark=told["remark"] or None)
    request.saved.append(saved)
    notices.say(request, Notice(_("Settled."), undo=reverse("desk:withdraw", args=[saved.record_id]), undo_words=_("Take back")))
    return HttpResponseRedirect(reverse("desk:matter", args=[matter.id]))


@page("matters.settle", place=Of("matter_id", _matter), methods=("POST",))
def matter_hand_over(request: DeskRequest, matter: MatterSeen, place: Place) -> HttpResponse:
    """Hand a matter to somebody else, by a new time."""
    form = _hand_form(request, place)
    if not form.is_valid():
        return _page(request, matter, place, SettleForm(), form)
    told = form.cleaned_data
    saved = commands.hand_over(matter.id, AccountId(UUID(told["owner"])), _aware(told["due_at"]), by=request.actor)
    request.saved.append(saved)
    notices.say(request, Notice(_("Handed over. It now stands with its new owner.")))
    return HttpResponseRedirect(reverse("desk:matters"))
