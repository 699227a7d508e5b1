"""Rounds: which there are, opening one, how far it has come, and which doors are missing, as one walks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.rounds import MoreTimeForm, RoundForm, TakeBackForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.freshness import mark_of, unchanged
from lianfang.doors.desk.moments import moment
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import rounds as drawing
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind, Level
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AreaId, PlaceId, RoundId
from lianfang.kernel.ranges import contains, intersect
from lianfang.ledger import queries as ledger
from lianfang.work.rounds import commands, queries
from lianfang.work.rounds.types import DeadlineWrong, NameTheRound, NewRound, NotLater, Reason, RepeatsWrong, SayWhy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ranges import Range
    from lianfang.work.rounds.types import RoundSeen

LAG = 5
PER_PAGE = 50
_FIELD_OF: tuple[tuple[type[Refused], str], ...] = ((NameTheRound, "name"), (DeadlineWrong, "closes_at"), (RepeatsWrong, "repeat_days"))
_MORE_TIME: tuple[tuple[type[Refused], str], ...] = ((NotLater, "until"), (SayWhy, "reason"))

_TAKING_BACK: tuple[tuple[type[Refused], str], ...] = ((SayWhy, "reason"),)


class Held:
    """A round with the part of it that the reader may see, and the place that is asked about."""

    def __init__(self, actor: Actor, told: RoundSeen) -> None:
        reach = access.ranges(actor, "figures.see")
        self.told = told
        self.ranges = queries.reach_within(told.id, reach)
        home = places.place(told.home_id)
        here = home if contains(reach, home.range) else places.place_at(self.ranges[0].lo)
        self.place_id = (here or home).id


def held(actor: Actor, round_id: UUID) -> Held:
    """The round that an address names."""
    return Held(actor, queries.one(RoundId(round_id)))


@page("figures.see")
def rounds(request: DeskRequest) -> HttpResponse:
    """The rounds that reach into what the reader sees, the latest first, each with how far it has come there."""
    reach = access.ranges(request.actor, "figures.see")
    told = queries.rounds(reach, withdrawn=True, limit=PER_PAGE)
    now = clock.now()
    rows = [{"round": one, "state": one.state(now), "far": None if one.withdrawn_at else queries.coverage(one.id, reach)} for one in told]
    opened = access.ranges(request.actor, "rounds.open", reading=False)
    where = places.place_at(opened[0].lo) if opened else None
    context = {"rows": rows, "open_at": where.id if where else None, "as_of": ledger.folded_until(), "stale": False}
    return pages.show(request, "desk/rounds/list.html", context)


@page("rounds.open", place="place_id", methods=("GET", "POST"))
def round_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Open a round over a place or one of its areas."""
    form = RoundForm(request.POST or None, initial=_as_last_time(place))
    areas = [area for area in places.areas_within(places.ranges_of(place)) if area.kind != AreaKind.TEN_HOUSEHOLDS]
    form.offer("area", [("", place.name), *((str(area.id), area.name) for area in areas)])
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.open_round(_wished(form, place), by=request.actor)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            notices.say(request, Notice(_("“%(name)s” is open.") % {"name": made.name}))
            return HttpResponseRedirect(reverse("desk:round", args=[made.id]))
    return pages.show(request, "desk/rounds/new.html", {"place": place, "crumbs": crumbs(request.actor, place), "form": form})


def _as_last_time(place: Place) -> dict[str, Any]:
    """What a new round begins with: until tomorrow evening, and asking what the last one here asked, on the same ground."""
    until = clock.local(clock.now() + timedelta(days=1)).replace(hour=20, minute=0)
    last = next(iter(queries.rounds(places.ranges_of(place), limit=1)), None)
    if last is None:
        return {"closes_at": until}
    return {"closes_at": until, "form": last.form.partition("/")[0], "legal_basis": last.legal_basis, "purpose": last.purpose}


def _wished(form: RoundForm, place: Place) -> NewRound:
    told = form.cleaned_data
    area = AreaId(UUID(told["area"])) if told["area"] else None
    return NewRound(
        name=told["name"],
        form=told["form"],
        closes_at=told["closes_at"],
        place=None if area else PlaceId(place.id),
        area=area,
        legal_basis=told["legal_basis"],
        purpose=told["purpose"],
        repeat_days=told["repeat_days"],
    )


@page("figures.see", place=Of("campaign_id", held))
def round_page(request: DeskRequest, campaign: Held, place: Place) -> HttpResponse:
    """How far a round has come, by building or grid, and its missing doors as one walks."""
    told = campaign.told
    mark = mark_of(request, campaign.ranges)
    if unchanged(request, mark):
        return HttpResponse(status=304)
    narrowed, inside = inside_asked(request, campaign.ranges)
    reason = reason_asked(request)
    whole = queries.coverage(told.id, campaign.ranges)
    within = queries.coverage(told.id, inside) if narrowed else whole
    found = queries.missing(told.id, inside, reason=reason, after=_after(request), limit=PER_PAGE + 1)
    as_of = ledger.folded_until()
    context = {
        "round": told,
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "state": told.state(clock.now()),
        "strip": drawing.strip(told, whole),
        "table": drawing.table(told, place, campaign.ranges, whole, by=request.GET.get("by", "")),
        "narrowed": narrowed,
        "drawn": narrowed is not None and narrowed.at_level in (Level.BUILDING, Level.UNIT),
        "whole": whole,
        "within": within,
        "reasons": drawing.reasons(within),
        "reason": reason,
        "rows": drawing.walked(found[:PER_PAGE]),
        "further": str(found[PER_PAGE - 1].position) if len(found) > PER_PAGE else "",
        "compared": _compared(request, told, campaign.ranges),
        "others": [one for one in queries.rounds(campaign.ranges, limit=10) if one.id != told.id],
        "may_close": access.may(request.actor, "rounds.open", places.place(told.home_id)) and told.ends_at > clock.now(),
        "may_record": access.may(request.actor, "records.write", place),
        "taken_in": drawing.taken_in(told) if told.taking_in else None,
        "stated": None if told.withdrawn_at else drawing.stated(told, campaign.ranges),
        "prolonged": drawing.prolonged(told) if told.first_closes_at else [],
        "taken_back": drawing.taken_back(told) if told.withdrawn_at else None,
        "as_of": as_of,
        "stale": (clock.now() - as_of).total_seconds() > LAG,
        "etag": mark,
    }
    response = pages.show(request, "desk/rounds/page.html", context)
    response["ETag"] = mark
    return response


def reason_asked(request: DeskRequest) -> Reason | None:
    """Of which reason the open doors are asked for; None for all."""
    asked = request.GET.get("reason", "")
    return Reason(asked) if asked in set(Reason) else None


def _after(request: DeskRequest) -> int | None:
    asked = request.GET.get("after", "")
    return int(asked) if asked.isdigit() else None


def inside_asked(request: DeskRequest, ranges: Sequence[Range]) -> tuple[Place | None, list[Range]]:
    """The place in the address that the list keeps to, and what of the round lies in it."""
    try:
        place = places.place(PlaceId(UUID(request.GET.get("in", ""))))
    except (ValueError, Refused):
        return None, list(ranges)
    inside = intersect(places.ranges_of(place), ranges)
    return (place, inside) if inside else (None, list(ranges))


def _compared(request: DeskRequest, told: RoundSeen, ranges: Sequence[Range]) -> dict[str, Any] | None:
    """Another round beside this one, where the address names one that reaches here."""
    try:
        other = queries.one(RoundId(UUID(request.GET.get("beside", ""))))
        queries.reach_within(other.id, ranges)
    except (ValueError, Refused):
        return None
    return {"other": other, "both": queries.compare(other.id, told.id, ranges)}


@page("rounds.open", place=Of("campaign_id", held), methods=("POST",))
def round_close(request: DeskRequest, campaign: Held, place: Place) -> HttpResponse:
    """End a round before its deadline."""
    del place  # asked about by the frame
    commands.close_round(campaign.told.id, by=request.actor)
    notices.say(request, Notice(_("The round has ended. Doors still open count as not reached."), "warn"))
    return HttpResponseRedirect(reverse("desk:round", args=[campaign.told.id]))


@page("rounds.open", place=Of("campaign_id", held), methods=("GET", "POST"))
def round_extend(request: DeskRequest, campaign: Held, place: Place) -> HttpResponse:
    """Give a round more time: until when, and why."""
    told = campaign.told
    form = MoreTimeForm(request.POST or None, initial={"until": clock.local(told.closes_at + timedelta(days=1))})
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            later = commands.extend_round(told.id, said["until"], by=request.actor, reason=said["reason"])
        except Refused as refused:
            fault_of(form, refused, _MORE_TIME)
        else:
            notices.say(request, Notice(_("The deadline is now %(when)s.") % {"when": moment(later.closes_at)}))
            return HttpResponseRedirect(reverse("desk:round", args=[told.id]))
    context = {"round": told, "place": place, "crumbs": crumbs(request.actor, place), "form": form}
    return pages.show(request, "desk/rounds/extend.html", context)


@page("rounds.open", place=Of("campaign_id", held), methods=("GET", "POST"))
def round_withdraw(request: DeskRequest, campaign: Held, place: Place) -> HttpResponse:
    """Take back a round that was opened by mistake, while nothing was recorded in it."""
    told = campaign.told
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.withdraw_round(told.id, by=request.actor, reason=form.cleaned_data["reason"])
        except Refused as refused:
            fault_of(form, refused, _TAKING_BACK)
        else:
            notices.say(
                request, Notice(_("“%(name)s” is taken back. It counts nowhere; that it was opened stays on record.") % {"name": told.name})
            )
            return HttpResponseRedirect(reverse("desk:rounds"))
    context = {"round": told, "place": place, "crumbs": crumbs(request.actor, place), "form": form}
    return pages.show(request, "desk/rounds/withdraw.html", context)
