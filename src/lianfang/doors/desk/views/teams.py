"""Teams and responsibility areas: formed, filled, led, ended; who answers for an area."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.posts import TeamForm, WhoForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import somebody
from lianfang.doors.desk.saying import fault_of, said
from lianfang.doors.desk.views.posts import chosen, offer_whose
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.force_types import (
    ForceIncomplete,
    NewTeam,
    PartyTeamNeedsFullMember,
    ServingNotFound,
    TeamKind,
    TeamSeen,
)
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.ids import AreaId

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Area, Place

_FIELD_OF: tuple[tuple[type[Refused], str], ...] = ((ForceIncomplete, "name"), (PartyTeamNeedsFullMember, "leader"), (NotFound, "leader"))


class AnsweringForm(WhoForm):
    """Who answers for which area."""

    area = forms.ChoiceField(label=gettext_lazy("Responsibility area"))
    field_order = ("area", "force", "name", "phone")


def areas_of(place: Place) -> list[Area]:
    """The responsibility areas administered within a place."""
    return [one for one in places.areas_within(places.ranges_of(place)) if one.kind == AreaKind.RESPONSIBILITY]


def answering_form(place: Place, told: object = None) -> AnsweringForm:
    """The form with what may be chosen in it."""
    form = AnsweringForm(told or None)
    form.offer("area", [(str(one.id), one.name) for one in areas_of(place)])
    form.offer("force", somebody.offered(place))
    return form


def found(actor: Actor, team_id: UUID) -> TeamSeen:
    """A team that has not ended; the frame asks about its place."""
    del actor
    return queries.team(team_id)


@page("organisations.edit", place="place_id", methods=("GET", "POST"))
def team_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Form a team at a place."""
    form = TeamForm(request.POST or None)
    offer_whose(form, place)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            leader = somebody.named(request.actor, told["leader"], told["phone"]) if told["leader"] else None
            new = NewTeam(
                told["name"], TeamKind(told["kind"]), place.place_id, leader, of_party=told["of_party"],
                tasks=tuple(filter(None, (one.strip() for one in re.split("[,，、]", told["tasks"])))), **chosen(told),
            )  # fmt: skip
            [made] = commands.form_teams([new], by=request.actor.account_id)
        except Refused as refused:
            fault_of(form, refused, (*_FIELD_OF, (Refused, "leader")))
        else:
            notices.say(request, Notice(_("“%(name)s” is formed.") % {"name": told["name"]}))
            return HttpResponseRedirect(reverse("desk:team", args=[made]))
    context = {"place": place, "crumbs": crumbs(request.actor, place), "form": form, "title": _("Form a team"), "do": _("Form it")}
    return pages.show(request, "desk/organisations/form.html", context)


@page("members.see", place=Of("team_id", found))
def team(request: DeskRequest, team: TeamSeen, place: Place) -> HttpResponse:
    """A team: who is in it, who leads it."""
    return _page(request, team, place, WhoForm())


def _page(request: DeskRequest, one: TeamSeen, place: Place, form: WhoForm, status: int = 200) -> HttpResponse:
    may_edit = access.may(request.actor, "organisations.edit", place)
    if may_edit:
        form.offer("force", somebody.offered(place))
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "team": one,
        "members": queries.team_members(one.team_id),
        "organisation": queries.organisation(one.organisation_id) if one.organisation_id else None,
        "may_edit": may_edit,
        "form": form,
    }
    return pages.show(request, "desk/organisations/team.html", context, status=status)


@page("organisations.edit", place=Of("team_id", found), methods=("POST",))
def team_do(request: DeskRequest, team: TeamSeen, place: Place) -> HttpResponse:
    """Take somebody into a team, let somebody lead or leave it, or disband it."""
    by, asked = request.actor.account_id, request.POST.get("do", "")
    if asked == "disband":
        commands.disband_teams([team.team_id], by=by)
        notices.say(request, Notice(_("“%(name)s” is disbanded.") % {"name": team.name}))
        return HttpResponseRedirect(reverse("desk:organisations", args=[place.id]))
    if asked == "join":
        return _join(request, team, place)
    if asked not in {"lead", "leave"}:
        raise NotFound
    one = next((one for one in queries.team_members(team.team_id) if str(one.row_id) == request.POST.get("member")), None)
    if one is None:
        raise ServingNotFound
    try:
        if asked == "lead":
            commands.lead_team(team.team_id, one.person_id, by=by)
        else:
            commands.leave_team(one.row_id, by=by)
    except Refused as refused:
        notices.say(request, Notice(said(refused), "bad"))
    else:
        notices.say(request, Notice(_("Saved.")))
    return HttpResponseRedirect(reverse("desk:team", args=[team.team_id]))


def _join(request: DeskRequest, team: TeamSeen, place: Place) -> HttpResponse:
    form = WhoForm(request.POST)
    form.offer("force", somebody.offered(place))
    if form.is_valid():
        try:
            commands.join_teams([(team.team_id, somebody.meant(request.actor, form.cleaned_data))], by=request.actor.account_id)
        except Refused as refused:
            fault_of(form, refused, ((Refused, "name"),))
        else:
            notices.say(request, Notice(_("Saved.")))
            return HttpResponseRedirect(reverse("desk:team", args=[team.team_id]))
    return _page(request, team, place, form, status=422)


@page("organisations.edit", place="place_id", methods=("POST",))
def responsibility(request: DeskRequest, place: Place) -> HttpResponse:
    """Let somebody answer for a responsibility area, end that, or close the area."""
    by, told = request.actor.account_id, Notice(_("Saved."))
    areas = {str(one.id): one.area_id for one in areas_of(place)}
    try:
        if closing := request.POST.get("close"):
            _close(areas, closing, request)
        elif ending := request.POST.get("end"):
            held = {str(one.responsibility_id): one.responsibility_id for one in queries.responsibilities(places.ranges_of(place))}
            if ending not in held:
                raise ServingNotFound
            commands.answer_no_more([held[ending]], by=by)
        else:
            form = answering_form(place, request.POST)
            if form.is_valid():
                commands.answer_for([(areas[form.cleaned_data["area"]], somebody.meant(request.actor, form.cleaned_data))], by=by)
            else:
                told = Notice(" ".join(str(fault) for faults in form.errors.values() for fault in faults), "bad")
    except NotFound:
        raise
    except Refused as refused:
        told = Notice(said(refused), "bad")
    notices.say(request, told)
    return HttpResponseRedirect(reverse("desk:organisations", args=[place.id]) + "#areas")


def _close(areas: dict[str, AreaId], closing: str, request: DeskRequest) -> None:
    """The area ends today, and everybody's answering for it."""
    if closing not in areas:
        raise NotFound
    by = request.actor.account_id
    held = [one.responsibility_id for one in queries.responsibilities([places.area(areas[closing]).home.range])
            if one.area_id == areas[closing]]  # fmt: skip
    commands.answer_no_more(held, by=by)
    laying.end_area(areas[closing], by=by)
