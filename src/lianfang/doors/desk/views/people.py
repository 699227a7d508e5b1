"""Persons at a door: adding, seeing, revealing with a reason, correcting, moving, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages, words
from lianfang.doors.desk.forms.people import CorrectionForm, PersonForm
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of, said
from lianfang.doors.desk.views.myself import own_id
from lianfang.doors.desk.whereabouts import crumbs, door_title, place_meant, places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.people import commands, queries
from lianfang.ground.people.types import (
    DateOutOfOrder,
    NewPerson,
    PaperKind,
    ResidenceKind,
    RevealField,
    SamePaper,
    Sex,
)
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound, Refused
from lianfang.kernel.ids import HouseholdId, PersonId, new_id

if TYPE_CHECKING:
    from django import forms

    from lianfang.ground.people.types import Added, PersonCorrection
    from lianfang.ground.places.models import Place

_FIELD_OF: tuple[tuple[type[Refused], str], ...] = ((SamePaper, "paper"), (DateOutOfOrder, "since"))
_KINDS = {
    "actual": (ResidenceKind.ACTUAL,),
    "registered": (ResidenceKind.REGISTERED,),
    "both": (ResidenceKind.ACTUAL, ResidenceKind.REGISTERED),
}


def _household_asked(request: DeskRequest, place: Place) -> HouseholdId | None:
    """The household the form is for: one named, else the only one there is."""
    there = [household.household_id for household in queries.households_of_door(place.place_id)]
    asked = request.GET.get("household", "")
    return next((each for each in there if str(each) == asked), there[0] if there else None)


@page("people.edit", place="place_id", methods=("GET", "POST"))
def person_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Add somebody at a door; a household is opened there when there is none."""
    form = PersonForm(request.POST or None)
    known: PersonId | None = None
    if request.method == "POST" and form.is_valid():
        try:
            added = _add(request, place, form)
        except Refused as refused:
            known = refused.facts["person_id"] if isinstance(refused, SamePaper) else None
            fault_of(form, refused, _FIELD_OF)
        else:
            told = (
                _("Added.")
                if not added.alike
                else _("Added. Somebody else here has the same number or name and phone: check whether it is the same person.")
            )
            notices.say(request, Notice(told, "warn" if added.alike else "ok"))
            again = reverse("desk:person_new", args=[place.id]) if "more" in request.POST else reverse("desk:place", args=[place.id])
            return HttpResponseRedirect(again)
    path = places.ancestors(place)
    context = {"place": place, "crumbs": crumbs(request.actor, place), "title": door_title(path, place), "form": form, "known": known}
    return pages.show(request, "desk/door/person_new.html", context)


def _add(request: DeskRequest, place: Place, form: forms.Form) -> Added:
    told, by = form.cleaned_data, request.actor.account_id
    new = NewPerson(
        id=PersonId(new_id()),
        name=told["name"],
        sex=Sex(told["sex"]) if told["sex"] else None,
        birth=told["birth"],
        paper=told["paper"],
        paper_kind=PaperKind(told["paper_kind"]) if told["paper_kind"] else None,
        phone=told["phone"],
    )
    household = _household_asked(request, place) or commands.add_household(place.place_id, by=by, since=told["since"])
    added = commands.add_person(new, by=by, though_known=request.POST.get("though_known") == "yes")
    for kind in _KINDS[told["kind"]]:
        commands.settle(new.id, household, kind, by=by, since=told["since"], relation=told["relation"])
    return added


@page("people.see", person="person_id")
def person(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """One person, masked: what is recorded, where they live, who looked."""
    return _person(request, PersonId(person_id), CorrectionForm())


def _may(request: DeskRequest, ability: str, person_id: PersonId) -> bool:
    try:
        access.require_person(request.actor, ability, person_id)
    except (Denied, NotFound):
        return False
    return True


def _person(request: DeskRequest, person_id: PersonId, form: CorrectionForm, **more: Any) -> HttpResponse:
    seen = queries.person(person_id)
    where = places_named({home.door_id for home in seen.homes})
    door = places.place(seen.place_id) if seen.place_id else None
    looks = queries.looks_at(person_id) if _may(request, "looks.see", person_id) else []
    names = accounts.names_of(look.account_id for look in looks)
    context = {
        "person": seen,
        "place": door,
        "crumbs": crumbs(request.actor, door) if door else [],
        "homes": [{"seen": home, "where": where.get(home.door_id, ""), "open": home.door_id in where} for home in seen.homes],
        "looks": [
            {"at": look.at, "who": names.get(look.account_id, ""), "field": look.field, "reason": words.word(words.REASONS, look.reason)}
            for look in looks
        ],
        "may_see_looks": _may(request, "looks.see", person_id),
        "may_reveal": _may(request, "people.reveal", person_id),
        "may_edit": _may(request, "people.edit", person_id),
        "fields": list(words.FIELDS.items()),
        "reasons": list(words.REASONS.items()),
        "senses": list(words.RESIDENCE.items()),
        "form": form,
        "today": clock.today(),
    }
    return pages.show(request, "desk/door/person.html", {**context, **more})


@page("people.reveal", person="person_id", methods=("POST",))
def reveal(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """One full value, shown in this answer only; the look is in the log before the answer leaves."""
    asked = RevealField(request.POST.get("field", "")) if request.POST.get("field") in set(RevealField) else RevealField.PHONE
    reason = request.POST.get("words", "").strip() or request.POST.get("reason", "")
    value = commands.reveal(PersonId(person_id), asked, reason, by=own_id(request))
    revealed = {
        "name": words.word(words.FIELDS, asked),
        "value": value,
        "call": asked is RevealField.PHONE,
        "at": clock.now(),
        "reason": words.word(words.REASONS, reason),
    }
    if request.htmx:
        return pages.part(request, "desk/door/revealed.html", {"revealed": revealed})
    return _person(request, PersonId(person_id), CorrectionForm(), revealed=revealed)


@page("people.edit", person="person_id", methods=("POST",))
def person_correct(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Mend what is wrong about a person; only what is filled in is changed."""
    form = CorrectionForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        changes: PersonCorrection = {}
        if told["name"]:
            changes["name"] = told["name"]
        if told["phone"]:
            changes["phone"] = told["phone"]
        if told["paper"]:
            changes["paper"] = told["paper"]
        if told["birth"]:
            changes["birth"] = told["birth"]
        if told["sex"]:
            changes["sex"] = Sex(told["sex"])
        if told["paper_kind"]:
            changes["paper_kind"] = PaperKind(told["paper_kind"])
        try:
            commands.correct_person(PersonId(person_id), by=request.actor.account_id, reason=told["reason"], **changes)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            notices.say(request, Notice(_("Corrected.")))
            return HttpResponseRedirect(reverse("desk:person", args=[person_id]))
    return _person(request, PersonId(person_id), form)


@page("people.edit", person="person_id", methods=("POST",))
def leave(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Somebody has left a household, in one sense or in all; settling them again is the way back."""
    household = _uuid(request.POST.get("household", ""))
    kinds = [ResidenceKind(request.POST["kind"])] if request.POST.get("kind") in set(ResidenceKind) else list(ResidenceKind)
    commands.leave(PersonId(person_id), HouseholdId(household), by=request.actor.account_id, kinds=kinds)
    undo = {"household": str(household), "kind": str(kinds[0])}
    notices.say(
        request,
        Notice(_("Noted: has left."), undo=reverse("desk:settle", args=[person_id]), undo_words=_("Still lives there"), fields=undo),
    )
    return HttpResponseRedirect(reverse("desk:person", args=[person_id]))


@page("people.edit", person="person_id", methods=("POST",))
def settle(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Somebody moves to a door (by its address), or back into a household (by its id)."""
    kind = ResidenceKind(request.POST["kind"]) if request.POST.get("kind") in set(ResidenceKind) else ResidenceKind.ACTUAL
    by = request.actor.account_id
    if request.POST.get("household"):
        commands.settle(PersonId(person_id), HouseholdId(_uuid(request.POST["household"])), kind, by=by)
    else:
        try:
            door = _door_meant(request)
        except Refused as refused:
            notices.say(request, Notice(said(refused), "bad"))
            return HttpResponseRedirect(reverse("desk:person", args=[person_id]))
        there = queries.household_of_door(door.place_id)
        household = there.household_id if there else commands.add_household(door.place_id, by=by)
        commands.settle(PersonId(person_id), household, kind, by=by)
    notices.say(request, Notice(_("Noted: lives there now.")))
    return HttpResponseRedirect(reverse("desk:person", args=[person_id]))


def _door_meant(request: DeskRequest) -> Place:
    """The door that the typed address means, where the reader may change people."""
    place, _area = place_meant(request.actor, request.POST.get("where", "")[:80], ability="people.edit")
    if place is None or place.at_level is not Level.DOOR:
        raise NotFound
    return place


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
