"""Who answers for a place (谁负责): gaps first with what mends them, the chain of a door, who holds what, by day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import chain as parts
from lianfang.doors.desk.saying import said
from lianfang.doors.desk.views.grants import roles_to_give
from lianfang.doors.desk.whereabouts import crumbs, door_title, places_named
from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.chain_types import Flaw
from lianfang.ground.organisations import commands as organisation_commands
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.headquarters.playbooks import queries as playbooks
from lianfang.kernel import clock
from lianfang.kernel.errors import Conflict, Invalid, NotFound
from lianfang.kernel.ids import AccountId
from lianfang.work.mobilisation import queries as mobilisation

if TYPE_CHECKING:
    from lianfang.ground.accounts.chain_types import Coverage, Holder
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ranges import Range

_LONGEST = 500


def day_asked(request: DeskRequest) -> date | None:
    """The day of the address; None for today and for what is no day."""
    try:
        asked = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None
    return None if asked == clock.today() else asked


def ranges_on(place: Place, on: date | None) -> list[Range]:
    """The positions of a place on a day."""
    if on is None:
        return places.ranges_of(place)
    state = places.state_on(place, on)
    return [state.range] if state else []


@page("places.see", place="place_id")
def answering_page(request: DeskRequest, place: Place) -> HttpResponse:
    """Who answers for a place on a day, and for which doors nobody does."""
    on = day_asked(request)
    ranges = ranges_on(place, on)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "on": on,
        "day": on or clock.today(),
        "title": door_title(places.ancestors(place), place) if not place.at_level.is_division else place.name,
        "may_grant": on is None and access.may(request.actor, "grants.give", place),
        "now": clock.now(),
        **_sponsored(place, ranges, on),
    }
    if place.at_level is Level.DOOR:
        return _door(request, ranges, context)
    if place.at_level.depth < Level.COMMUNITY.depth:
        return _above(request, ranges, context)
    coverage = accounts.coverage(ranges, on)
    context |= _counted(coverage)
    groups = accounts.flaw_groups(ranges, on) if coverage.gaps or coverage.overlaps else []
    gaps, overlaps = parts.flawed(groups, Flaw.GAP), parts.flawed(groups, Flaw.OVERLAP)
    context |= {
        "gaps": parts.gaps(place, gaps, may_grant=bool(context["may_grant"])),
        "more": max(0, len(gaps) - parts.SHOWN),
        "many": sum(group.role.value == "unit_leader" for group in gaps) > 1,
        "overlaps": parts.overlaps(overlaps),
        "rows": _rows(request, place, ranges, on),
        "duty_phone": accounts.duty_phone(_path(place)),
        "may_edit": access.may(request.actor, "accounts.edit", place),
    }
    return pages.show(request, "desk/chain/page.html", context)


def _sponsored(place: Place, ranges: list[Range], on: date | None) -> dict[str, Any]:
    """Which organisations answer for a street or community and for its compounds."""
    if place.at_level not in {Level.STREET, Level.COMMUNITY}:
        return {}
    return {"sponsors": organisations.sponsors_of([place.place_id], (), on), "compounds": organisations.compounds_sponsored(ranges, on)}


@page("grants.give", place="place_id", methods=("POST",))
def sponsor(request: DeskRequest, place: Place) -> HttpResponse:
    """Let an organisation answer for a street, a community or one of its compounds, or end that."""
    by = request.actor.account_id
    area = next((one for one in places.areas_within([place.range]) if str(one.id) == request.POST.get("area")), None)
    try:
        if ending := request.POST.get("end"):
            areas = [one.area_id for one in places.areas_within([place.range])]
            known = {str(one.sponsorship_id): one for one in organisations.sponsors_of([place.place_id], areas)}
            if ending not in known:
                raise NotFound
            organisation_commands.end_sponsorship(known[ending].sponsorship_id, by=by)
        else:
            name = request.POST.get("name", "").strip()
            found = next((one.organisation_id for one in organisations.find(name) if one.name == name), None)
            chosen = found or organisation_commands.found_organisation(name, OrganisationKind.DEPARTMENT, by=by)
            target = area.area_id if area else place.place_id
            organisation_commands.sponsor(chosen, target, is_area=area is not None, document=request.POST.get("document", ""), by=by)
    except (Invalid, Conflict) as refused:
        notices.say(request, Notice(said(refused), "bad"))
    else:
        notices.say(request, Notice(_("Saved.")))
    return HttpResponseRedirect(reverse("desk:answering", args=[place.id]))


def _path(place: Place) -> list[Any]:
    return [place.place_id, *(above.place_id for above in reversed(places.ancestors(place)))]


def _rows(request: DeskRequest, place: Place, ranges: list[Range], on: date | None) -> list[parts.Row]:
    held = accounts.holders(ranges, on)[:_LONGEST]
    ids = {one.account_id for one in held}
    known = parts.Known(
        within=places_named({one.place_id for one in held if one.place_id}),
        numbers=accounts.public_numbers(ids),
        on_duty={spell.account_id for spell in mobilisation.on_duty_among(list(ids))} if on is None else set(),
        me=request.actor.account_id,
        giving=roles_to_give(request),
        reach=access.ranges(request.actor, "accounts.see"),
        instead=_instead(held) if on is None else {},
    )
    return parts.rows_of(place, held, known)


def _instead(held: list[Holder]) -> dict[UUID, str]:
    """Of those who answer: who does so for somebody of a body that is taken over."""
    found = playbooks.stood_in_among([one.grant_id for one in held])
    names = accounts.names_of({one.account_before for one in found.values()})
    return {grant: f"{one.takeover.out_of_action} {names.get(one.account_before, '')}".strip() for grant, one in found.items()}


def _door(request: DeskRequest, ranges: list[Range], context: dict[str, Any]) -> HttpResponse:
    """The chain of one door, from the door upwards."""
    chain = accounts.chain_of(ranges[0], context["on"]) if ranges else []
    return pages.show(request, "desk/chain/door.html", {**context, "chain": chain})


def _above(request: DeskRequest, ranges: list[Range], context: dict[str, Any]) -> HttpResponse:
    """A street or anything above it: its communities, those with gaps first."""
    below = accounts.coverage_by_community(ranges, context["on"])
    listed = sorted(below, key=lambda one: -one.coverage.gaps)[:_LONGEST]
    context |= _counted(accounts.together(below))
    return pages.show(request, "desk/chain/above.html", {**context, "communities": listed, "all": len(below)})


def _counted(coverage: Coverage) -> dict[str, Any]:
    return {"strip": parts.strip(coverage), "coverage": coverage, "links": [link for link in coverage.links if link.expected]}


@page("accounts.edit", place="place_id", methods=("POST",))
def duty_phone(request: DeskRequest, place: Place) -> HttpResponse:
    """The number that is always answered for a place: it stands on the sheets in the place of numbers that are not public."""
    try:
        commands.set_duty_phone(place.place_id, request.POST.get("phone", ""), by=request.actor.account_id)
    except Invalid as refused:
        notices.say(request, Notice(said(refused), "bad"))
    else:
        notices.say(request, Notice(_("Saved.")))
    return HttpResponseRedirect(reverse("desk:answering", args=[place.id]))


@page("accounts.edit", place="place_id", methods=("POST",))
def number(request: DeskRequest, place: Place, account_id: UUID) -> HttpResponse:
    """Whether the number of somebody who answers here may stand on sheets for the wall, as they said."""
    if not any(one.account_id == account_id for one in accounts.holders([place.range])):
        raise NotFound
    public = request.POST.get("public") == "yes"
    commands.show_number(AccountId(account_id), public=public, by=request.actor)
    notices.say(request, Notice(_("The number stands on public sheets.") if public else _("The number stands on no public sheet.")))
    return HttpResponseRedirect(reverse("desk:answering", args=[place.id]))
