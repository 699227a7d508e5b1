"""Mending what was recorded at a door: another outcome, other people, another place they went to; or taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.matters import CorrectionForm, RemarkForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.views.doors import Correcting, door_page, of_the_map, visit_form_of
from lianfang.kernel.errors import Refused
from lianfang.ledger import commands
from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.kinds.doorsteps import Outcome, still_true
from lianfang.ledger.queries.history import root_of
from lianfang.ledger.queries.standing import standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.ledger.types import StandingRecord


class Root:
    """A record by its place, for the frame."""

    def __init__(self, record: StandingRecord) -> None:
        self.record = record
        self.place_id = record.place


def recorded(actor: Actor, record_id: UUID) -> Root:
    """A record in the actor's scope, by which its place is asked."""
    del actor  # row security shows what lies in the scope; the frame asks for the place
    return Root(root_of(record_id))


@page("records.write", place=Of("record_id", recorded), methods=("POST",))
def correct(request: DeskRequest, record: Root, place: Place) -> HttpResponse:
    """Correct a visit, or take it back when no outcome is chosen. What the outcome does not rule out is said again as it stood."""
    form = CorrectionForm(request.POST)
    root = record.record
    if not form.is_valid():
        return _again(request, root, place, form)
    ground = Ground(form.cleaned_data["reason"] or Ground.MISTYPED)
    if not form.cleaned_data["outcome"]:
        request.saved.append(commands.withdraw(root.id, by=request.actor, reason=ground))
        notices.say(request, Notice(_("Taken back. The record stays readable and counts no more.")))
    else:
        now = standing(root.id) or root
        try:
            saved = commands.correct(root.id, by=request.actor, reason=ground, to=_really(now.payload, form))
        except Refused as refused:
            fault_of(form, refused, ())
            return _again(request, root, place, form)
        request.saved.append(saved)
        notices.say(request, Notice(_("Corrected. The first record stays readable.")))
    return HttpResponseRedirect(reverse("desk:place", args=[place.id]))


def _again(request: DeskRequest, root: StandingRecord, place: Place, form: CorrectionForm) -> HttpResponse:
    return door_page(request, place, visit_form_of(request, place), RemarkForm(), Correcting(root.id, form))


def _really(facts: Mapping[str, Any], form: CorrectionForm) -> dict[str, Any]:
    """What holds from now on: what the outcome leaves true, and what was filled in otherwise than it stood."""
    told = {name: form.cleaned_data[name] or None for name in ("people_seen", "away_to") if name in form.data}
    said = {name: value for name, value in told.items() if value != (facts.get(name) or None)}
    really = still_true(facts, Outcome(form.cleaned_data["outcome"])) | said
    return {name: value for name, value in really.items() if value is not None}


@page("records.write", place=Of("record_id", recorded), methods=("POST",))
def withdraw(request: DeskRequest, record: Root, place: Place) -> HttpResponse:
    """Take back a record just made: the key Z. It stays in the book and counts no more."""
    request.saved.append(commands.withdraw(record.record.id, by=request.actor, reason=Ground.MISTYPED))
    if request.htmx:
        return HttpResponseRedirect(
            f"{reverse('desk:panel', args=[place.id])}?{urlencode({'changed': str(place.id), **of_the_map(request)})}"
        )
    notices.say(request, Notice(_("Taken back. The record stays readable and counts no more."), "warn"))
    return HttpResponseRedirect(pages.came_from(request))
