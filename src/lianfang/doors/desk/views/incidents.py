"""Incidents: which there are, opening one, its page with timeline and measures, and the decisions about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.incidents import DecisionForm, GroundForm, OpeningForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import tried
from lianfang.doors.desk.templatetags.desk import meant
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.incidents import commands, queries, types
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Ambiguous, AreaKind, CodeEnded, NotYetKnown, PlaceNotFound
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound, Refused
from lianfang.kernel.ids import AreaId, IncidentId, PlaceId
from lianfang.kernel.ranges import contains, intersect
from lianfang.work.orders import queries as orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.incidents.types import IncidentSeen, MeasureSeen
    from lianfang.ground.places.models import Place

FIELD_OF: tuple[tuple[type[Refused], str], ...] = (
    (types.NameMissing, "name"),
    (types.PeriodWrong, "expires_at"),
    (types.PeriodWrong, "until"),
    (types.PeriodBeyond, "expires_at"),
    (types.PeriodBeyond, "until"),
    (types.RulesNotOfThatDay, "rule_set"),
    (types.ReasonMissing, "reason"),
    (types.BeyondTheRules, "beyond"),
    (types.OutsideIncident, "over"),
    (types.NotTheAuthority, "authority"),
    (PlaceNotFound, "over"),
    (CodeEnded, "over"),
    (NotYetKnown, "over"),
    (Ambiguous, "over"),
)


class Held:
    """An incident with the part of its area that the reader may see, and the place that is asked about."""

    def __init__(self, actor: Actor, told: IncidentSeen) -> None:
        reach = access.ranges(actor, "places.see")
        self.told = told
        self.whole = queries.incident_ranges(told)
        self.ranges = intersect(self.whole, reach)
        if not self.ranges:
            raise NotFound
        home = _home(told)
        here = home if home is not None and contains(reach, home.range) else places.place_at(self.ranges[0].lo)
        if here is None:
            raise NotFound
        self.place_id = PlaceId(here.id)


def _home(told: IncidentSeen) -> Place | None:
    if told.place_id is not None:
        return places.place(told.place_id)
    return places.area(told.area_id).home if told.area_id is not None else None


def held(actor: Actor, incident_id: UUID) -> Held:
    """The incident of a page."""
    return Held(actor, queries.incident(IncidentId(incident_id)))


def names_of(told: Sequence[IncidentSeen | MeasureSeen]) -> list[str]:
    """The names of the places or areas that incidents or measures are over, in their order."""
    here = places.places_by_id([one.place_id for one in told if one.place_id])
    areas = places.areas_named([one.area_id for one in told if one.area_id])
    return [here[one.place_id].name if one.place_id else areas[one.area_id] if one.area_id else "" for one in told]


@page("places.see")
def incidents(request: DeskRequest) -> HttpResponse:
    """The incidents that reach into what the reader sees: what runs first."""
    now = clock.now()
    found = queries.incidents_within(access.ranges(request.actor, "places.see"))
    rows = [{"told": told, "running": told.running(now), "over": over} for told, over in zip(found, names_of(found), strict=True)]
    opened = access.ranges(request.actor, "incidents.open", reading=False)
    where = places.place_at(opened[0].lo) if opened else None
    return pages.show(request, "desk/incidents/list.html", {"rows": rows, "open_at": where.id if where else None})


@page("incidents.open", place="place_id", methods=("GET", "POST"))
def incident_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Open an incident or a drill over a place or one of its areas."""
    form = OpeningForm(
        request.POST or None, initial={"expires_at": clock.local(clock.now() + timedelta(days=14)).replace(hour=20, minute=0)}
    )
    areas = [area for area in places.areas_within(places.ranges_of(place)) if area.kind != AreaKind.TEN_HOUSEHOLDS]
    form.offer("area", [("", place.name), *((str(area.id), area.name) for area in areas)])
    form.offer("rule_set", _rules())
    form.offer("measures", [(key, meant(one)) for key, one in rulesets.measures().items()])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        area = AreaId(UUID(told["area"])) if told["area"] else None
        wished = types.Opening(
            told["name"], types.IncidentKind(told["kind"]), types.ResponseLevel(told["level"]), told["expires_at"], form.ground(),
            place=None if area else PlaceId(place.id), area=area, measures=tuple(told["measures"]), rule_set=told["rule_set"],
            drill=told["drill"],
        )  # fmt: skip
        made = tried(form, lambda: commands.open_incident(wished, by=request.actor), FIELD_OF)
        if made is not None:
            notices.say(request, Notice(pgettext("an incident", "“%(name)s” is open.") % {"name": told["name"]}))
            return HttpResponseRedirect(reverse("desk:incident", args=[made]))
    context = {"place": place, "crumbs": crumbs(request.actor, place), "form": form, "title": _("Open an incident"), "do": _("Open it")}
    return pages.show(request, "desk/incidents/form.html", context)


def _rules() -> list[tuple[str, str]]:
    """Rule sets to choose from: those of today."""
    found = [one for one in rulesets.rule_sets().values() if rulesets.held_on(one, clock.today())]
    return [("", _("none")), *((one.id, f"{one.id} {meant(one)}") for one in found)]


@page("places.see", place=Of("incident_id", held))
def incident(request: DeskRequest, incident: Held, place: Place) -> HttpResponse:
    """What was decided about an incident, which measures hold over how many doors, and which orders it has."""
    told, now = incident.told, clock.now()
    measures = sorted(queries.measures_of(told.incident_id), key=lambda one: (not one.holds(now), one.begins_at))
    over, *names_over = names_of([told, *measures])
    lines = queries.decisions(told.incident_id)
    names = accounts.names_of(line.decided_by for line in lines if line.decided_by)
    rule_set = rulesets.rule_set(told.rule_set) if told.rule_set else None
    context = {
        "incident": told,
        "running": told.running(now),
        "over": over,
        "rules": rule_set,
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "lines": [{"line": line, "who": names.get(line.decided_by, "") if line.decided_by else ""} for line in reversed(lines)],
        "measures": [_row(one, name, now) for one, name in zip(measures, names_over, strict=True)],
        "under": queries.doors_under(queries.in_force(incident.ranges, drill=told.incident_id if told.drill else None)),
        "orders": orders.orders_within(incident.ranges, incident=told.incident_id, limit=20),
        "may": _may_decide(request.actor, told),
        "may_members": access.may(request.actor, "members.see", place),
        "may_close": any(
            all(contains(access.ranges(request.actor, ability, reading=False), piece) for piece in incident.whole)
            for ability in ("incidents.open", "incidents.erase")
        ),
    }
    return pages.show(request, "desk/incidents/page.html", context)


def decides(actor: Actor, incident: Held) -> None:
    """Refuse whoever decides nowhere in the area of an incident; over which place is asked by the command. Raises Denied."""
    if not intersect(access.ranges(actor, "incidents.open", reading=False), incident.ranges):
        raise Denied


def decided(request: DeskRequest, form: GroundForm, incident_id: IncidentId, do: Callable[[], object]) -> HttpResponse | None:
    """Do what a form decides and go back to the incident; None where it is refused, with the reason beside its field."""

    def did() -> bool:
        do()
        return True

    if not tried(form, did, FIELD_OF):
        return None
    notices.say(request, Notice(_("Saved.")))
    return HttpResponseRedirect(reverse("desk:incident", args=[incident_id]))


def _row(one: MeasureSeen, over: str, now: datetime) -> dict[str, Any]:
    return {"measure": one, "over": over, "holds": one.holds(now), "ahead": one.begins_at > now, "end": one.ends_at}


def _may_decide(actor: Actor, told: IncidentSeen) -> bool:
    reach = access.ranges(actor, "incidents.open", reading=False)
    return told.ended_at is None and all(contains(reach, piece) for piece in queries.incident_ranges(told))


Doing = Callable[[IncidentId, Mapping[str, Any], types.Ground, "Actor"], None]
_DECISIONS: Mapping[str, tuple[str, Sequence[str], Doing]] = {
    "renew": (gettext_noop("Renew it"), ("until",), lambda i, f, g, by: commands.renew_incident(i, f["until"], g, by=by)),
    "level": (
        gettext_noop("Change the level"),
        ("level",),
        lambda i, f, g, by: commands.change_level(i, types.ResponseLevel(f["level"]), g, by=by),
    ),
    "phase": (
        gettext_noop("Begin a phase"),
        ("phase", "at"),
        lambda i, f, g, by: commands.begin_phase(i, types.Phase(f["phase"]), g, by=by, at=f["at"]),
    ),
    "rules": (gettext_noop("Choose the rules"), ("rule_set",), lambda i, f, g, by: commands.choose_rules(i, f["rule_set"], g, by=by)),
    "end": (
        gettext_noop("End the incident"),
        ("at", "lift"),
        lambda i, f, g, by: commands.end_incident(i, g, by=by, at=f["at"], lift_measures=f["lift"]),
    ),
}


@page("places.see", place=Of("incident_id", held), methods=("GET", "POST"))
def decide(request: DeskRequest, incident: Held, place: Place, what: str) -> HttpResponse:
    """One decision about an incident, with its ground."""
    if what not in _DECISIONS:
        raise NotFound
    title, names, do = _DECISIONS[what]
    told = incident.told
    decides(request.actor, incident)
    form = DecisionForm(request.POST or None, initial={"authority": told.authority, "until": told.expires_at, "level": told.level}).keep(
        *names
    )
    if "rule_set" in form.fields:
        form.offer("rule_set", _rules())
    if request.method == "POST" and form.is_valid():
        done = decided(request, form, told.incident_id, lambda: do(told.incident_id, form.cleaned_data, form.ground(), request.actor))
        if done is not None:
            return done
    context = {"incident": told, "place": place, "crumbs": crumbs(request.actor, place), "form": form, "title": _(title), "do": _(title)}
    return pages.show(request, "desk/incidents/form.html", context)
