"""Plans: which there are, drawing one up, its review page with what is wrong, its parts and people, and the switch itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.plans import NewPlanForm, PartForm, PeopleForm, PlanForm, SwitchForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import tried
from lianfang.doors.desk.templatetags.desk import meant
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.incidents import types as incident_types
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import commands, queries, types, wording
from lianfang.headquarters.playbooks.content import example, examples
from lianfang.headquarters.playbooks.queries.checking import MANNED
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AreaId, OrganisationId, PersonId, new_id
from lianfang.work.mobilisation import queries as mobilisation

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

_FIELD_OF: tuple[tuple[type[Refused], str], ...] = (
    (types.PlanIncomplete, "name"),
    (incident_types.PeriodWrong, "expires_at"),
    (incident_types.GroundMissing, "authority"),
)
MOST_CANDIDATES = 300
_SOME_PLACE = "××"  # how forms leave room for a name
_APPROVES = OrganisationKind.PARTY_COMMITTEE


def held(actor: Actor, plan_id: UUID) -> types.PlanSeen:
    """The plan of a page; the frame asks about its place."""
    del actor
    return queries.plan(plan_id)


OF_PLAN = Of("plan_id", held)


@page("members.see")
def plans(request: DeskRequest) -> HttpResponse:
    """The plans for what the reader answers for, each with how much is wrong with it, and the runs that were begun."""
    reach = access.ranges(request.actor, "members.see")
    found = queries.plans(reach)
    edited = access.ranges(request.actor, "organisations.edit", reading=False)
    where = places.place_at(edited[0].lo) if edited else None
    context = {
        "rows": [{"plan": one, "place": places.place(one.place_id), "wrong": len(queries.findings(one))} for one in found],
        "runs": queries.runs(reach, limit=20),
        "draw_at": where.id if where else None,
        "states": wording.STATES,
        "kinds": wording.KINDS,
    }
    return pages.show(request, "desk/plans/list.html", context)


@page("organisations.edit", place="place_id", methods=("GET", "POST"))
def plan_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Draw up a plan from an example."""
    form = NewPlanForm(request.POST or None)
    form.offer("example", [(key, name) for key, (name, _kind, _content) in examples().items()])
    form.offer("approver", committees(place))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        _name, kind, content = example(told["example"])
        content = replace(content, approver=UUID(told["approver"]) if told["approver"] else None)
        made = tried(form, lambda: commands.draw_up(told["name"], kind, place.place_id, content, by=request.actor), _FIELD_OF)
        if made is not None:
            return HttpResponseRedirect(reverse("desk:plan", args=[made.plan_id]))
    return _form(request, place, form, _("Draw up a plan"), reverse("desk:plans"))


def committees(place: Place) -> list[tuple[str, Any]]:
    """Who may approve branches here: the Party committees seated at the place or above it."""
    above = [one for seat in places.ancestors(place) for one in organisations.organisations_at(seat.place_id) if one.kind is _APPROVES]
    inside = organisations.organisations_seated(places.ranges_of(place), kinds=[_APPROVES])
    found = {one.organisation_id: one.name for one in [*above, *inside]}
    return [("", _("not yet named")), *((str(one), name) for one, name in found.items())]


def _form(request: DeskRequest, place: Place, form: Any, title: str, back: str, **more: Any) -> HttpResponse:
    context = {"place": place, "crumbs": crumbs(request.actor, place), "form": form, "title": title, "back": back, **more}
    return pages.show(request, "desk/plans/form.html", context)


@page("members.see", place=OF_PLAN)
def plan(request: DeskRequest, plan: types.PlanSeen, place: Place) -> HttpResponse:
    """The review page: what the plan says part by part and place by place, who is bound, and what is wrong with it today."""
    bound: dict[tuple[str, UUID], list[types.HolderSeen]] = {}
    for one in queries.holders(plan.plan_id):
        bound.setdefault((one.part, one.site_id), []).append(one)
    found = queries.findings(plan)
    wrong: dict[tuple[str, UUID | None], list[types.Finding]] = {}
    for finding in found:
        wrong.setdefault((finding.part_key, finding.site_id), []).append(finding)
    context = {
        "plan": plan,
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "sections": [_section(section, plan, place, bound, wrong) for section in types.Section if section not in _WITHOUT],
        "whole": [one for one in found if one.site_id is None],
        "wrong": len(found),
        "lacks": wording.LACKS,
        "each": wording.EACH,
        "measures": [rulesets.meaning(plan.content.rule_set, key) for key in plan.content.measures],
        "approver": organisations.organisation(OrganisationId(plan.content.approver)).name if plan.content.approver else "",
        "versions": queries.versions(plan.plan_id),
        "runs": queries.runs_of_plan(plan.plan_id),
        "states": wording.STATES,
        "may": plan.retired_at is None and access.may(request.actor, "organisations.edit", place),
        "may_switch": plan.retired_at is None and access.may(request.actor, "incidents.open", place),
    }
    return pages.show(request, "desk/plans/page.html", context)


_WITHOUT = (types.Section.INCIDENT, types.Section.ASSIGNING)


def _section(
    section: types.Section,
    plan: types.PlanSeen,
    place: Place,
    bound: dict[tuple[str, UUID], Any],
    wrong: dict[tuple[str, UUID | None], Any],
) -> dict[str, Any]:
    return {
        "key": section.value,
        "name": wording.SECTIONS[section],
        "manned": section in MANNED,
        "parts": [
            {
                "part": part,
                "name": part.name.replace("{place}", _SOME_PLACE),
                "text": part.text.replace("{place}", _SOME_PLACE),
                "sites": [
                    {"site": site, "people": bound.get((part.key, site.id), []), "wrong": wrong.get((part.key, site.id), [])}
                    for site in queries.sites(place, part.each)
                ],
            }
            for part in plan.content.of(section)
        ],
    }


@page("organisations.edit", place=OF_PLAN, methods=("GET", "POST"))
def plan_edit(request: DeskRequest, plan: types.PlanSeen, place: Place) -> HttpResponse:
    """Change what a plan says of the incident it opens; the parts are changed one by one."""
    content = plan.content
    initial = {
        "name": plan.name, "level": content.level, "days": content.days, "approver": str(content.approver or ""), "assign": content.assign,
        "measures": list(content.measures),
    }  # fmt: skip
    form = PlanForm(request.POST or None, initial=initial)
    form.offer("approver", committees(place))
    form.offer("measures", [(key, meant(one)) for key, one in rulesets.measures().items()])
    back = reverse("desk:plan", args=[plan.plan_id])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        changed = replace(
            content, level=told["level"], days=told["days"], assign=told["assign"], measures=tuple(told["measures"]),
            approver=UUID(told["approver"]) if told["approver"] else None,
        )  # fmt: skip
        commands.change(plan.plan_id, changed, by=request.actor, name=told["name"], note=told["note"])
        notices.say(request, Notice(_("Saved.")))
        return HttpResponseRedirect(back)
    return _form(request, place, form, _("Change the plan"), back, under=plan.name)


@page("organisations.edit", place=OF_PLAN, methods=("GET", "POST"))
def plan_part(request: DeskRequest, plan: types.PlanSeen, place: Place, section: str, key: str) -> HttpResponse:
    """Add a part to a plan, change one, or take it out."""
    if section not in {*types.Section} - {*_WITHOUT}:
        raise types.PartNotFound
    step, back = types.Section(section), reverse("desk:plan", args=[plan.plan_id])
    part = None if key == "new" else plan.content.part(key)
    if part is not None and request.POST.get("do") == "drop":
        commands.drop_part(plan.plan_id, key, by=request.actor)
        notices.say(request, Notice(_("Taken out of the plan.")))
        return HttpResponseRedirect(back)
    initial = {name: getattr(part, name) for name in PartForm.base_fields} if part else {"most": 1, "hours": 24, "minutes": 15, "number": 1}
    form = PartForm(request.POST or None, section=step, parts=plan.content.parts, initial=initial)
    if request.method == "POST" and form.is_valid():
        commands.put_part(plan.plan_id, form.part(part.key if part else f"p{str(new_id())[-12:]}", step), by=request.actor)
        notices.say(request, Notice(_("Saved.")))
        return HttpResponseRedirect(back)
    return _form(request, place, form, str(wording.SECTIONS[step]), back, under=plan.name, drop=part is not None)


@page("organisations.edit", place=OF_PLAN, methods=("GET", "POST"))
def plan_people(request: DeskRequest, plan: types.PlanSeen, place: Place, part: str, site_id: UUID) -> HttpResponse:
    """Bind people to a part at one of its places: members who live there, people of the pool there, and who is bound already."""
    access.require(request.actor, "members.see", place)
    told = plan.content.part(part)
    site = next((one for one in queries.sites(place, told.each) if one.id == site_id), None)
    if site is None:
        raise types.SiteWrong
    bound = queries.holders(plan.plan_id, part, site_id)
    form = PeopleForm(
        request.POST or None,
        initial={"people": [str(one.person_id) for one in bound], "leader": next((str(one.person_id) for one in bound if one.leads), "")},
    )
    offered = _candidates(site) | {str(one.person_id): one.name or _("somebody who has left") for one in bound}
    form.offer("people", offered.items())
    form.offer("leader", [("", _("not yet named")), *offered.items()])
    back = reverse("desk:plan", args=[plan.plan_id])
    if request.method == "POST" and form.is_valid():
        commands.bind(plan.plan_id, part, site_id, [PersonId(UUID(one)) for one in form.chosen()], by=request.actor)
        notices.say(request, Notice(_("Saved.")))
        return HttpResponseRedirect(f"{back}#{part}-{site_id}")
    return _form(request, place, form, told.name.replace("{place}", site.name), back, under=plan.name)


def _candidates(site: types.Site) -> dict[str, str]:
    """Who may be bound at a place, by id: members who live there first, then the pool there; named with where they belong."""
    ranges = places.area_ranges(AreaId(site.area_id)) if site.area_id else places.ranges_of(places.place(site.place_id))
    living = organisations.members_living(ranges, limit=MOST_CANDIDATES)
    pool = mobilisation.forces(ranges, limit=MOST_CANDIDATES)
    found = {str(one.person_id): f"{one.name} · {one.organisation}" for one in living}
    return found | {str(one.person_id): one.name for one in pool if str(one.person_id) not in found}


@page("organisations.edit", place=OF_PLAN, methods=("POST",))
def plan_retire(request: DeskRequest, plan: types.PlanSeen, place: Place) -> HttpResponse:
    """Lay a plan aside."""
    del place
    commands.retire(plan.plan_id, by=request.actor)
    notices.say(request, Notice(_("The plan is laid aside; it is kept.")))
    return HttpResponseRedirect(reverse("desk:plans"))


@page("incidents.open", place=OF_PLAN, methods=("GET", "POST"))
def plan_activate(request: DeskRequest, plan: types.PlanSeen, place: Place) -> HttpResponse:
    """The switch: what will happen, in numbers; confirmed with authority and document. `?drill`: only practised."""
    drill = "drill" in request.GET
    initial = {
        "level": plan.content.level, "approver": str(plan.content.approver or ""),
        "expires_at": clock.local(clock.now() + timedelta(days=plan.content.days)).replace(second=0, microsecond=0),
    }  # fmt: skip
    form = SwitchForm(request.POST or None, initial=initial)
    form.offer("approver", committees(place))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        switch = types.Switch(
            form.ground(), told["expires_at"], drill, level=told["level"],
            approver=OrganisationId(UUID(told["approver"])) if told["approver"] else None,
        )  # fmt: skip
        run = tried(form, lambda: commands.activate(plan.plan_id, switch, by=request.actor), _FIELD_OF)
        if run is not None:
            return HttpResponseRedirect(reverse("desk:run", args=[run.run_id]))
    context = {
        "plan": plan,
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "form": form,
        "drill": drill,
        "lines": [{"name": wording.SECTIONS[line.section], "line": line} for line in queries.preview(plan)],
        "wrong": len(queries.findings(plan)),
    }
    return pages.show(request, "desk/plans/activate.html", context)
