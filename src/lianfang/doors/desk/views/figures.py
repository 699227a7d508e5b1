"""Where a number comes from: the rows behind a figure of a place or an area, as far as the reader may go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import moments, pages, words
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.parts.timeline import chosen
from lianfang.doors.desk.saying import said
from lianfang.doors.desk.whereabouts import crumbs, places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import queries, reading
from lianfang.headquarters.bulletins.types import IssueId, IssueNotFound
from lianfang.headquarters.upward.types import KeptBelow
from lianfang.kernel import clock
from lianfang.kernel.figures import Period, Unit
from lianfang.kernel.ids import AccountId, AreaId
from lianfang.ledger.kinds.errands import About

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Area, Place
    from lianfang.headquarters.bulletins.types import Proof
    from lianfang.kernel.ranges import Range

PER_PAGE = 60


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _counts(unit: Unit) -> str:
    return {
        Unit.HOUSEHOLDS: _("distinct: each door once"),
        Unit.VISITS: _("events: every try counts"),
        Unit.PEOPLE: _("distinct: each person once"),
        Unit.MINUTES: _("of the slowest call, never added up"),
        Unit.PEOPLE_TIMES: _("events: every time counts"),
        Unit.ITEMS: _("each item once"),
    }[unit]


@page("figures.see", place="place_id")
def figure(request: DeskRequest, place: Place, key: str) -> HttpResponse:
    """A figure of a place with its proof; the days stand in the address."""
    return _figure(request, place, place.name, places.ranges_of(place), key, place.id)


def _area(actor: Actor, area_id: UUID) -> Any:
    del actor
    return AtHome(places.area(AreaId(area_id)))


class AtHome:
    """An area, with the division it is administered at as its place: how the frame asks for it."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self.place_id = area.home_id


@page("figures.see", place=Of("area_id", _area))
def area_figure(request: DeskRequest, area: AtHome, place: Place, key: str) -> HttpResponse:
    """A figure of an area with its proof."""
    return _figure(request, place, area.area.name, places.area_ranges(area.area.area_id), key, area.area.id)


def _figure(request: DeskRequest, place: Place, name: str, ranges: Sequence[Range], key: str, of: UUID) -> HttpResponse:
    today = clock.today()
    period = Period(_day(request.GET.get("from", ""), today), _day(request.GET.get("to", ""), today))
    told = reading.declaration(key)
    value = reading.value(key, ranges, period)
    rows, kept = _behind(key, ranges, period, request.GET.get("after", ""))
    shown, heads = _rows(request, rows)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "where": name,
        "name": _(told.name),
        "figure": value,
        "published": _published(request, key, value.value, of),
        "period": _period(period, events=told.events),
        "counts": _counts(told.unit),
        "rows": shown,
        "heads": heads,
        "more": rows[-1].after if len(rows) >= PER_PAGE else "",
        "empty": kept or _nothing(value.value),
        "reach": _reach(request, place),
    }
    return pages.show(request, "desk/figures/trace.html", context)


def _nothing(value: int) -> str:
    """Why no row is shown behind a number."""
    return _("What is behind it lies outside what you answer for") if value else _("Nothing is behind it: the number is zero")


def _behind(key: str, ranges: Sequence[Range], period: Period, after: str) -> tuple[Sequence[Proof], str]:
    """The rows behind a figure, or the words that say at which node they are kept."""
    try:
        return reading.trace(key, ranges, period, after=after, limit=PER_PAGE), ""
    except KeptBelow as kept:
        return (), said(kept)


def _published(request: DeskRequest, key: str, now: int, of: UUID) -> dict[str, Any] | None:
    """What the published bulletin said from which the reader comes, and how far the records have moved on since."""
    try:
        issue = queries.issue(IssueId(UUID(request.GET.get("issue", ""))))
    except (ValueError, IssueNotFound):
        return None
    told = queries.told_of(issue, key, of)
    if told is None or not access.may(request.actor, "figures.see", places.place(issue.place_id)):
        return None
    return {
        "href": reverse("desk:issue", args=[issue.id]),
        "number": issue.number,
        "at": issue.published_at,
        "figure": told,
        "changed": now - told.value,
    }


def _period(period: Period, *, events: bool) -> str:
    if not events:
        return _("how it stands at the end of %(day)s") % {"day": moments.day(period.last)}
    if period.first == period.last:
        return moments.day(period.last)
    return f"{moments.day(period.first)} – {moments.day(period.last)}"


def _reach(request: DeskRequest, place: Place) -> str:
    if access.may(request.actor, "records.see", place):
        return _("You see as far as doors and records because you answer for this place. Others above see the same number.")
    return _("You see the number as everybody does; doors and records are seen by those who answer for them.")


def _rows(request: DeskRequest, proofs: Sequence[Proof]) -> tuple[list[list[dict[str, Any]]], list[str]]:
    """Rows behind a figure as cells. Words say what each is; a place outside sight stays without a link."""
    where = places_named({proof.place_id for proof in proofs})
    may = access.ranges(request.actor, "places.see")
    names = accounts.names_of({AccountId(UUID(str(proof.says["account"]))) for proof in proofs if proof.says.get("account")})
    seen = bool(may)
    rows = [
        [
            {"text": moments.moment(proof.at) if proof.at else "–"},
            {"text": where.get(proof.place_id, ""), "href": reverse("desk:place", args=[proof.place_id]) if seen else ""},
            _said(proof, names),
        ]
        for proof in proofs
    ]
    return rows, [_("When"), _("Where"), _("What was found")]


def _said(proof: Proof, names: dict[AccountId, str]) -> dict[str, Any]:
    says = proof.says
    if proof.what == "erased":
        return {"text": _("The records are erased: certificate no. %(number)s") % {"number": says["certificate"]}}
    if missing := says.get("missing"):
        return {
            "text": _("nobody: %(offices)s")
            % {"offices": _(", ").join(words.word(words.ROLES, role) for role in cast("list[str]", missing))}
        }
    if "outcome" in says or proof.what == "door":
        state = str(says.get("outcome", "none"))
        return {"state": state, "text": str(words.sign(state).name) + (" · " + _("corrected") if says.get("corrected") else "")}
    if proof.what == "matter":
        return {"text": chosen(About, says.get("about")), "href": reverse("desk:matter", args=[proof.id])}
    if proof.what == "spell":
        name = names.get(AccountId(UUID(str(says["account"]))), "")
        ended = says.get("ended_at")
        return {"text": name + (" – " + moments.near(ended) if isinstance(ended, datetime) else "")}
    if proof.what == "call":
        facts = {"wanted": says["wanted"], "here": says["here"], "minutes": "–" if says["minutes"] is None else says["minutes"]}
        return {
            "text": _("%(here)s of %(wanted)s there, %(minutes)s min until enough") % facts,
            "href": reverse("desk:call_page", args=[proof.id]),
        }
    if proof.what == "building":
        facts = {"households": says.get("households"), "registered": says.get("registered"), "living": says.get("living")}
        return {"text": _("%(households)s households, %(registered)s registered, %(living)s living here") % facts}
    return {"text": ""}
