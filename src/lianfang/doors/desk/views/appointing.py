"""Appointing: from a gap to somebody who answers, one by one or a whole building at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianfang.doors.desk import notices, pages, words
from lianfang.doors.desk.forms.chain import AppointForm
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of, said
from lianfang.doors.desk.views.accounts import links_page
from lianfang.doors.desk.views.grants import roles_to_give
from lianfang.doors.desk.whereabouts import crumbs, door_title, places_named
from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.chain_types import Flaw
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import (
    AlreadyHeld,
    LongerThanYours,
    NotForYou,
    OverArea,
    OverPlace,
    PeriodWrong,
    PhoneNeeded,
    PhoneOfAnother,
)
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.ids import AccountId, AreaId, PlaceId
from lianfang.kernel.ranges import contains

if TYPE_CHECKING:
    from lianfang.ground.accounts.types import JoiningLink, Scope
    from lianfang.ground.places.models import Area, Place

_FIELD_OF: tuple[tuple[type[Refused], str], ...] = (
    (PhoneOfAnother, "phone"),
    (PhoneNeeded, "phone"),
    (LongerThanYours, "valid_to"),
    (PeriodWrong, "valid_to"),
    (AlreadyHeld, "name"),
    (NotForYou, "name"),
)
_KNOWN = 12
_ROWS = 60


def _role(request: DeskRequest) -> Role:
    asked = request.GET.get("role", "")
    if asked not in roles_to_give(request):
        raise NotFound
    return Role(asked)


def _area(request: DeskRequest, place: Place) -> Area | None:
    """The area of the address, one that is administered here and lies in sight."""
    try:
        asked = AreaId(UUID(request.GET.get("area", "")))
    except ValueError:
        return None
    area = places.area(asked)
    if area.home_id != place.id or area.valid_to is not None:
        raise NotFound
    return area


@page("grants.give", place="place_id", methods=("GET", "POST"))
def appoint(request: DeskRequest, place: Place) -> HttpResponse:
    """Name somebody for an office here: one of those who already work here, or somebody by name and number."""
    role, area = _role(request), _area(request, place)
    scope: Scope = OverArea(area.area_id) if area else OverPlace(place.place_id)
    form = AppointForm(request.POST if "name" in request.POST else None)
    fault = ""
    if request.method == "POST" and "account" in request.POST:
        chosen = _account(request)
        try:
            return _given(request, place, commands.give(chosen, commands.NewGrant(role, scope), by=request.actor))
        except Refused as refused:
            fault = said(refused)
    elif request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        post = commands.NewPost(told["name"], told["phone"], role, scope, None, told["valid_to"], told["reason"])
        try:
            done = commands.appoint(post, by=request.actor)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            if done.link is not None and done.account_id is not None:
                return links_page(request, [(accounts.account(done.account_id), done.link)])
            return _given(request, place, None)
    named = area.name if area else door_title(places.ancestors(place), place)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "title": _("%(where)s: name a %(role)s") % {"where": named, "role": words.word(words.ROLES, role.value)},
        "form": form,
        "fault": fault,
        "q": request.GET.get("q", ""),
        "role": role.value,
        "area": area,
        "known": _known(request, place),
    }
    return pages.show(request, "desk/chain/appoint.html", context)


def _account(request: DeskRequest) -> AccountId:
    """The account of the button that was pressed, one that the reader may see."""
    try:
        chosen = AccountId(UUID(request.POST.get("account", "")))
    except ValueError:
        raise NotFound from None
    access.require_account(request.actor, "accounts.see", chosen)
    return chosen


def _given(request: DeskRequest, place: Place, grant_id: UUID | None) -> HttpResponse:
    undo = reverse("desk:grant_revoke", args=[grant_id]) if grant_id else ""
    notices.say(request, Notice(_("The role is given."), undo=undo, undo_words=_("Revoke it") if undo else ""))
    community = places.community_of(place)
    return HttpResponseRedirect(reverse("desk:answering", args=[(community or place).id]))


def _known(request: DeskRequest, place: Place) -> list[dict[str, Any]]:
    """Those who work in the community already, with what they hold."""
    if not access.ranges(request.actor, "accounts.see"):
        return []
    around = places.community_of(place) or place
    found = [
        one
        for one in accounts.accounts_within([around.range], request.GET.get("q", ""), limit=_KNOWN)
        if one.account_id != request.actor.account_id
    ]
    held = accounts.grants_of_many([one.account_id for one in found])
    where = places_named({grant.place_id for grants in held.values() for grant in grants if grant.place_id})
    return [
        {
            "id": one.account_id,
            "name": one.name,
            "phone": one.phone,
            "posts": [
                f"{where.get(grant.place_id, grant.scope_name) if grant.place_id else grant.scope_name} {words.word(words.ROLES, grant.role)}"
                for grant in held[one.account_id][:2]
            ],
        }
        for one in found
    ]


@page("grants.give", place="place_id", methods=("GET", "POST"))
def appoint_many(request: DeskRequest, place: Place) -> HttpResponse:
    """A row for each unit without a leader: name and number, all saved at once; joining links come back to be printed."""
    if place.at_level.depth < Level.COMMUNITY.depth:
        raise NotFound
    groups = [
        group
        for group in accounts.flaw_groups([place.range])
        if group.flaw is Flaw.GAP and group.role.value == "unit_leader" and group.place_id
    ][:_ROWS]
    rows: list[dict[str, Any]] = [
        {"id": group.place_id, "where": group.within + group.name, "doors": group.doors, "name": "", "phone": "", "fault": ""}
        for group in groups
    ]
    if request.method == "POST":
        typed = _typed(request, place)
        posts = [commands.NewPost(name, phone, Role.UNIT_LEADER, OverPlace(unit)) for unit, name, phone in typed]
        done = commands.appoint_each(posts, by=request.actor)
        links = [(one.account_id, one.link) for one in done if one.link is not None and one.account_id is not None]
        faults = {unit: (name, phone, said(one.refused)) for (unit, name, phone), one in zip(typed, done, strict=True) if one.refused}
        good = len(done) - len(faults)
        if good:
            notices.say(request, Notice(ngettext("%(n)s unit leader is named.", "%(n)s unit leaders are named.", good) % {"n": good}))
        if links and not faults:
            return _links(request, links)
        if typed and not faults:
            return HttpResponseRedirect(reverse("desk:answering", args=[place.id]))
        rows = [row | dict(zip(("name", "phone", "fault"), faults[row["id"]], strict=True)) for row in rows if row["id"] in faults] or rows
        if links:
            notices.say(request, Notice(_("Joining links of those named are made on the page of each account."), "warn"))
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "rows": rows,
        "where": place.name,
    }
    return pages.show(request, "desk/chain/many.html", context)


def _typed(request: DeskRequest, place: Place) -> list[tuple[PlaceId, str, str]]:
    """The rows that were filled in: unit, name and number, units of this place only."""
    asked = [
        (PlaceId(UUID(unit)), name.strip(), phone.strip())
        for unit, name, phone in zip(
            request.POST.getlist("unit"), request.POST.getlist("name"), request.POST.getlist("phone"), strict=False
        )
        if name.strip() or phone.strip()
    ]
    known = places.places_by_id([unit for unit, _name, _phone in asked])
    if any(unit not in known or not contains([place.range], known[unit].range) for unit, _name, _phone in asked):
        raise NotFound
    return asked


def _links(request: DeskRequest, links: list[tuple[AccountId, JoiningLink]]) -> HttpResponse:
    return links_page(request, [(accounts.account(account_id), link) for account_id, link in links])
