"""A resident puts themselves on the list of volunteers, sees what is kept, and withdraws: with the six digits of their own door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.doors.residents.frame import door_page, show, where
from lianfang.ground.accounts import commands as account_commands
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.ids import PersonId
from lianfang.work.mobilisation import commands, queries, wording
from lianfang.work.mobilisation.types import Came, NewForce, Skill, Times

if TYPE_CHECKING:
    from lianfang.ground.people.types import Resident
    from lianfang.ground.places.models import Place

_SALT, _OPEN_FOR = "residents.volunteer", 15 * 60
_ABLE = {one.value: one for one in (*Skill, *Times)}
NEAR = (("building", _("In my building")), ("community", _("In my community")), ("anywhere", _("Anywhere")))


class OfferForm(forms.Form):
    """What somebody can do, when and where; an address for e-mail if they like; that they agree."""

    person = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)
    able = forms.MultipleChoiceField(
        label=_("I can do, speak or drive"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(one.value, wording.ABLE[one]) for one in Skill],
    )  # fmt: skip
    times = forms.MultipleChoiceField(
        label=_("I have time"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(one.value, wording.ABLE[one]) for one in Times],
    )
    near = forms.ChoiceField(label=_("Where"), widget=forms.RadioSelect, choices=NEAR, initial="community")
    mail = forms.CharField(
        label=_("E-mail, if you like"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "email"})
    )
    consents = forms.MultipleChoiceField(
        label=_("Consent"), widget=forms.CheckboxSelectMultiple,
        choices=lambda: [("yes", _("I agree that this is kept until I withdraw, and used only to call me"))],
    )  # fmt: skip


@door_page("a resident offers themselves with the six digits of the card inside the door; withdrawing is as easy", methods=("GET", "POST"))
def volunteer(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """The digits first; then, for a quarter of an hour, who of this door is on the list, offering oneself, withdrawing (/r/TOKEN/volunteer/)."""
    shared: dict[str, Any] = {"token": token, "where": where(place)}
    if request.method != "POST":
        return show(request, "residents/code.html", shared)
    if "opened" not in request.POST:
        try:
            account_commands.open_with_code(place.place_id, request.POST.get("code", ""))
        except Refused as refused:
            return show(request, "residents/code.html", {**shared, "fault": _said(refused)}, status=403)
        return _page(request, place, shared, None)
    try:
        opened = signing.loads(request.POST["opened"], salt=_SALT, max_age=_OPEN_FOR)
    except signing.BadSignature:
        opened = ""
    if opened != str(place.id):
        return show(request, "residents/code.html", {**shared, "fault": gettext("Type the digits again: it took too long.")}, status=403)
    return _done(request, place, shared)


def _done(request: HttpRequest, place: Place, shared: dict[str, Any]) -> HttpResponse:
    there = {str(one.person_id): one for one in people.people_of_door(place.place_id)}
    if leaving := request.POST.get("withdraw"):
        try:
            commands.take_oneself_off(PersonId(there[leaving].person_id) if leaving in there else PersonId(UUID(int=0)))
            shared["thanks"] = gettext("You are off the list. What was kept about this is deleted.")
        except NotFound as refused:
            shared["fault"] = _said(refused)
        return _page(request, place, shared, None)
    form = _form(there, request.POST)
    if not form.is_valid():
        return _page(request, place, shared, form, status=422)
    told = form.cleaned_data
    new = NewForce(
        PersonId(UUID(told["person"])), Came.VOLUNTEER, place.place_id, tuple(_ABLE[one] for one in (*told["able"], *told["times"])),
        only_in=_near(place, told["near"]), consents=True, mail=told["mail"],
    )  # fmt: skip
    try:
        commands.offer_oneself(new)
    except Refused as refused:
        form.add_error("mail" if refused.code == "mail_unreadable" else None, _said(refused))
        return _page(request, place, shared, form, status=422)
    shared["thanks"] = gettext("Thank you: you are on the list.")
    return _page(request, place, shared, None)


def _near(place: Place, told: str) -> Any:
    wanted = {"building": Level.BUILDING, "community": Level.COMMUNITY}.get(told)
    return next((one.place_id for one in places.ancestors(place) if one.at_level is wanted), None)


def _form(there: dict[str, Resident], told: Any = None) -> OfferForm:
    form = OfferForm(told or None)
    field = form.fields["person"]
    if isinstance(field, forms.ChoiceField):
        field.choices = [(one, person.name) for one, person in there.items()]
    return form


def _page(request: HttpRequest, place: Place, shared: dict[str, Any], form: OfferForm | None, status: int = 200) -> HttpResponse:
    there = {str(one.person_id): one for one in people.people_of_door(place.place_id)}
    kept = queries.kept_of([PersonId(one.person_id) for one in there.values()])
    free = {key: one for key, one in there.items() if one.person_id not in kept}
    context = {
        **shared,
        "opened": signing.dumps(str(place.id), salt=_SALT),
        "kept": [
            {"id": person, "one": one, "able": wording.able(one.able), "own": one.came is Came.VOLUNTEER} for person, one in kept.items()
        ],
        "form": form or (_form(free) if free else None),
    }
    return show(request, "residents/volunteer.html", context, status=status)


def _said(refused: Refused) -> str:
    return gettext(refused.message).format(**refused.facts)
