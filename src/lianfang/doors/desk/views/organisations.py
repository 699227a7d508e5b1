"""Organisations of a place on a day: branches and where they stand, members who live here, teams, posts, who reported, what nobody sponsors."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import standing_in
from lianfang.doors.desk.saying import said
from lianfang.doors.desk.views import teams
from lianfang.doors.desk.views.chain import day_asked, ranges_on
from lianfang.doors.desk.whereabouts import crumbs, places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.types import BRANCHES, OF_PARTY, OrganisationNotFound, OrganisationSeen
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind
from lianfang.headquarters.playbooks import queries as playbooks
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId, OrganisationId
from lianfang.work.mobilisation import queries as mobilisation

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

_SHOWN, _YEARS = 200, 5


@page("places.see", place="place_id")
def organisations(request: DeskRequest, place: Place) -> HttpResponse:
    """What is organised at a place on a day, and what is missing."""
    on = day_asked(request)
    here = ranges_on(place, on)
    sees_members = access.may(request.actor, Ability.MEMBERS_SEE, place)
    bodies = queries.organisations_seated(here, on, limit=_SHOWN)
    branches = queries.branches(here, on=on, limit=_SHOWN)
    counted = queries.member_counts([one.organisation_id for one in bodies if one.kind in BRANCHES], on) if sees_members else {}
    warned = queries.warnings_of_many(branches) if sees_members and on is None else {}
    gaps = queries.unsponsored(here, on)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "on": on,
        "day": on or clock.today(),
        "bodies": [(one, counted.get(one.organisation_id)) for one in bodies],
        "branches": [(one, warned.get(one.branch_id, [])) for one in branches],
        "may_edit": on is None and access.may(request.actor, Ability.ORGANISATIONS_EDIT, place),
        "responsible": responsible(here, on) if sees_members else None,
        "form": teams.answering_form(place) if sees_members else None,
        "teams": queries.teams(here, on=on, limit=_SHOWN),
        "posts": _posts(here, queries.posts(here, on=on, limit=_SHOWN), now=on is None),
        "gaps": gaps[:_SHOWN],
        "gaps_all": len(gaps),
        "living": queries.members_living(here, on, limit=_SHOWN) if sees_members else None,
        "reports": queries.reports(here, on) if sees_members else [],
        "needs": queries.needs(here, on),
        "takeovers": queries.takeovers(here, on),
    }
    return pages.show(request, "desk/organisations/place.html", context)


def responsible(here: Any, on: date | None) -> list[dict[str, Any]]:
    """Responsibility areas with who answers for each, masked; one that nobody answers for comes first."""
    answering = queries.responsibilities(here, on=on)
    names = people.names_masked({one.person_id for one in answering})
    rows = [
        {
            "area": area,
            "held": [
                {"id": one.responsibility_id, "name": names.get(one.person_id, "")} for one in answering if one.area_id == area.area_id
            ],
        }
        for area in places.areas_within(here)
        if area.kind == AreaKind.RESPONSIBILITY
    ]
    return sorted(rows, key=lambda row: bool(row["held"]))


def _posts(here: Any, posts: Any, *, now: bool) -> list[dict[str, Any]]:
    """Posts with how many are on duty at each, where the page shows `now`."""
    there = mobilisation.manned(here) if now else {}
    named = places_named({post.place_id for post in posts})
    return [{"post": post, "where": named.get(post.place_id, ""), "there": there.get(post.post_id, 0)} for post in posts]


def seated(actor: Actor, organisation_id: UUID) -> OrganisationSeen:
    """An organisation that has a seat, by which access to it is asked."""
    del actor
    found = queries.organisation(OrganisationId(organisation_id))
    if found.place_id is None:
        raise OrganisationNotFound
    return found


@page("places.see", place=Of("organisation_id", seated))
def organisation(request: DeskRequest, place: Place, organisation: OrganisationSeen) -> HttpResponse:
    """One organisation: what it is and was, its life, its offices and members, what it raised."""
    on = day_asked(request)
    one = organisation.organisation_id
    branch = queries.branch_of(one)
    sees_members = access.may(request.actor, Ability.MEMBERS_SEE, place) or organisation.kind not in OF_PARTY
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "organisation": organisation,
        "on": on,
        "day": on or clock.today(),
        "past": queries.past_of(one),
        "branch": branch,
        "steps": queries.steps_of(branch.branch_id) if branch else [],
        "warnings": queries.warnings_of(branch) if branch and sees_members else [],
        "members": queries.members_of(one, on) if sees_members else None,
        "offices": queries.appointments(organisation=one, on=on) if sees_members else [],
        "below": queries.organisations_below(one, on=on),
        "teams": queries.teams(organisation=one, on=on),
        "posts": queries.posts(organisation=one, on=on),
        "acts": queries.acts_of(one) if sees_members else [],
        "may_hand": on is None and organisation.valid_to is None and access.may(request.actor, Ability.GRANTS_GIVE, place),
        **_taken_over(one),
    }
    return pages.show(request, "desk/organisations/one.html", context)


def _taken_over(organisation_id: OrganisationId) -> dict[str, Any]:
    """Which body does today what this one did, and who holds the offices of its people."""
    told = queries.takeover_of(organisation_id)
    return {"takeover": told, "stood_in": standing_in.rows(playbooks.stood_in_of(told.takeover_id)) if told else []}


@page("organisations.edit", place="place_id", methods=("POST",))
def members_import(request: DeskRequest, place: Place) -> HttpResponse:
    """A table of members who live here: tried, or taken in whole."""
    file, save = request.FILES.get("file"), request.POST.get("step") == "save"
    if file is None:
        notices.say(request, Notice(_("Choose a file first."), "bad"))
        return HttpResponseRedirect(reverse("desk:organisations", args=[place.id]))
    try:
        rows = commands.import_members(file.read(), place, save=save, by=request.actor.account_id)
    except Refused as refused:
        notices.say(request, Notice(said(refused), "bad"))
        return HttpResponseRedirect(reverse("desk:organisations", args=[place.id]))
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "rows": [(row, said(row.reason) if row.reason else "") for row in rows],
        "saved": save,
    }
    return pages.show(request, "desk/organisations/imported.html", context)


def quarter_asked(request: DeskRequest) -> tuple[date, date]:
    """The quarter of the address (`2022-1`), else the one that today lies in; its first and its last day."""
    year, _dash, number = request.GET.get("quarter", "").partition("-")
    today = clock.today()
    known = year.isdigit() and number in {"1", "2", "3", "4"} and today.year - _YEARS <= int(year) <= today.year
    first = date(int(year), int(number) * 3 - 2, 1) if known else date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, after - timedelta(days=1)


@page(Ability.MEMBERS_SEE, place=Of("organisation_id", seated))
def service_card(request: DeskRequest, place: Place, organisation: OrganisationSeen) -> HttpResponse:
    """The service card that goes back to the unit each quarter (服务记录卡): what its people served, where, certified by whom; whom it sponsors."""
    first, last = quarter_asked(request)
    lines = queries.served(first, last, organisation=organisation.organisation_id)
    names = people.names_masked({one.person_id for one in lines if one.person_id})
    certifiers = accounts.names_of({AccountId(one.certified_by) for one in lines})
    where = places_named({one.community_id for one in lines})
    before = first - timedelta(days=1)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "organisation": organisation,
        "first": first,
        "last": last,
        "before": f"{before.year}-{(before.month + 2) // 3}",
        "minutes": sum(one.minutes for one in lines),
        "rows": [
            {
                "line": one,
                "name": names.get(one.person_id, "") if one.person_id else organisation.name,
                "where": where.get(one.community_id, ""),
                "by": certifiers.get(AccountId(one.certified_by), ""),
            }
            for one in lines
        ],
        "sponsored": queries.sponsored_by(organisation.organisation_id, last),
    }
    return pages.show(request, "desk/organisations/card.html", context)
