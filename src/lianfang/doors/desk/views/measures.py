"""Measures: raising one, deciding about one, and what holds at a place and below it at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lianfang.doors.desk import pages
from lianfang.doors.desk.forms.incidents import UNCHOSEN, DecisionForm, RaisingForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.parts.release import asked_before_lifting
from lianfang.doors.desk.templatetags.desk import meant
from lianfang.doors.desk.views.incidents import Held, decided, decides, held, names_of
from lianfang.doors.desk.whereabouts import crumbs, place_meant
from lianfang.ground.incidents import commands, queries, types
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.ids import IncidentId, MeasureId
from lianfang.kernel.ranges import intersect

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.incidents.types import Stretch
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ranges import Range


class OfMeasure(Held):
    """A measure with its incident, as far as the reader sees it."""

    def __init__(self, actor: Actor, measure_id: UUID) -> None:
        self.measure = queries.measure(MeasureId(measure_id))
        super().__init__(actor, queries.incident(self.measure.incident_id))


@page("places.see", place=Of("incident_id", held), methods=("GET", "POST"))
def raise_measure(request: DeskRequest, incident: Held, place: Place) -> HttpResponse:
    """Raise a measure over a place or area of an incident."""
    told = incident.told
    decides(request.actor, incident)
    wanted = clock.local(clock.now() + timedelta(days=7))
    form = RaisingForm(
        request.POST or None,
        initial={"authority": told.authority, "document": told.document, "expires_at": min(wanted, clock.local(told.expires_at or wanted))},
    )
    form.offer("key", [UNCHOSEN, *((key, meant(one)) for key, one in rulesets.choices(told.rule_set).items())])
    if request.method == "POST" and form.is_valid():
        done = decided(request, form, told.incident_id, lambda: _raised(request.actor, told.incident_id, form))
        if done is not None:
            return done
    context = {
        "incident": told, "place": place, "crumbs": crumbs(request.actor, place), "form": form, "title": _("Raise a measure"),
        "do": _("Raise it"),
    }  # fmt: skip
    return pages.show(request, "desk/incidents/form.html", context)


def _raised(actor: Actor, incident: IncidentId, form: RaisingForm) -> MeasureId:
    facts = form.cleaned_data
    over, area = place_meant(actor, facts["over"])
    wished = types.Raising(
        incident, facts["key"], facts["expires_at"], form.ground(), place=over.place_id if over else None,
        area=area.area_id if area else None, begins_at=facts["begins_at"], published_at=clock.now() if facts["published"] else None,
        beyond=facts["beyond"],
    )  # fmt: skip
    return commands.raise_measure(wished, by=actor)


Doing = Callable[[MeasureId, Mapping[str, Any], types.Ground, "Actor"], None]
_DECISIONS: Mapping[str, tuple[str, Sequence[str], Doing]] = {
    "publish": (gettext_noop("Say when it was published"), ("at",), lambda m, f, g, by: commands.publish_measure(m, g, by=by, at=f["at"])),
    "renew": (
        gettext_noop("Renew the measure"),
        ("until", "beyond"),
        lambda m, f, g, by: commands.renew_measure(m, f["until"], g, by=by, beyond=f["beyond"]),
    ),
    "lift": (
        gettext_noop("Lift the measure"),
        ("at", "superior"),
        lambda m, f, g, by: commands.lift_measure(m, g, by=by, at=f["at"], superior=f["superior"]),
    ),
    "lifting-published": (
        gettext_noop("Say when the lifting was published"),
        ("at",),
        lambda m, f, g, by: commands.publish_lifting(m, g, by=by, at=f["at"]),
    ),
}


@page("places.see", place=Of("measure_id", OfMeasure), methods=("GET", "POST"))
def decide(request: DeskRequest, measure: OfMeasure, place: Place, what: str) -> HttpResponse:
    """One decision about a measure, with its ground; above it all decisions so far."""
    if what not in _DECISIONS:
        raise NotFound
    title, names, do = _DECISIONS[what]
    one = measure.measure
    decides(request.actor, measure)
    form = DecisionForm(request.POST or None, initial={"authority": one.authority, "document": one.document, "until": one.expires_at}).keep(
        *names
    )
    if request.method == "POST" and form.is_valid():
        done = decided(request, form, one.incident_id, lambda: do(one.measure_id, form.cleaned_data, form.ground(), request.actor))
        if done is not None:
            return done
    [over] = names_of([one])
    context = {
        "incident": measure.told, "measure": one, "over": over, "lines": queries.measure_decisions(one.measure_id), "place": place,
        "crumbs": crumbs(request.actor, place), "form": form, "title": _(title), "do": _(title),
        "release": asked_before_lifting(one.rule_set, one.meaning.key) if what == "lift" else [],
    }  # fmt: skip
    return pages.show(request, "desk/incidents/form.html", context)


@page("places.see", place="place_id")
def in_force(request: DeskRequest, place: Place) -> HttpResponse:
    """What holds at a place and in each place directly below it, now or at a moment of the address; a drill has its own."""
    asked_at = _moment(request)
    at = asked_at or clock.now()
    drills = [one for one in queries.incidents_over(place) if one.drill]
    drill = next((one for one in drills if str(one.incident_id) == request.GET.get("drill", "")), None)
    asked = drill.incident_id if drill else None
    stretches = queries.in_force(places.ranges_of(place), at, drill=asked)
    aspects = _aspects(stretches)
    children = places.children(place)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "at": at,
        "asked": asked_at,
        "incident": drill,
        "drills": drills,
        "aspects": [{"key": key, "name": one} for key, one in aspects.items()],
        "rows": [{"place": one, "cells": _cells(stretches, aspects, one.range)} for one in [place, *children]],
        "under": queries.doors_under(stretches),
    }
    return pages.show(request, "desk/incidents/in_force.html", context)


def _moment(request: DeskRequest) -> datetime | None:
    try:
        return clock.as_written(datetime.fromisoformat(request.GET.get("at", "")))
    except ValueError:
        return None


def _aspects(stretches: Sequence[Stretch]) -> dict[str, Any]:
    """The respects in which anything holds, in the order of the file."""
    present = {one.aspect for stretch in stretches for one in stretch.holding}
    return {key: Named(*words) for key, words in rulesets.aspects().items() if key in present}


class Named:
    """Two words for one thing out of a file."""

    def __init__(self, name: str, term: str) -> None:
        self.name, self.term = name, term


def _cells(stretches: Sequence[Stretch], aspects: Iterable[str], inside: Range) -> list[dict[str, Any]]:
    """For each respect what holds in all of a place, or in parts of it, the strictest first."""
    here = [(piece, stretch.holding) for stretch in stretches for piece in intersect([stretch.range], [inside])]
    cells = []
    for aspect in aspects:
        held_here = [(piece, one) for piece, holding in here for one in holding if one.aspect == aspect]
        found = {one.meaning.key: one for _, one in held_here}
        whole = sum(piece.hi - piece.lo for piece, _ in held_here) == inside.hi - inside.lo
        cells.append(
            {"held": sorted(found.values(), key=lambda one: -one.meaning.rank), "partly": bool(found) and (len(found) > 1 or not whole)}
        )
    return cells
