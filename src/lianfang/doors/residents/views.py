"""The residents' pages: who answers, asking for help, one's own record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from lianfang.doors.residents.forms import KINDS, HelpForm
from lianfang.doors.residents.frame import door_page, in_language, in_size, show, where
from lianfang.ground.accounts import commands as account_commands
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel.errors import Refused
from lianfang.ledger import queries as ledger
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.matters import commands as matters
from lianfang.work.mobilisation import queries as mobilisation

if TYPE_CHECKING:
    from lianfang.ground.accounts.chain_types import Holder
    from lianfang.ground.people.types import Resident
    from lianfang.ground.places.models import Place

_NEAREST = 3
_VISITS_SHOWN = 20
ROLES_SHOWN = ("unit_leader", "building_leader", "grid_worker", "community_worker", "community_secretary")


@door_page("a resident opens the code on the door; it names nobody but those who answer for it", methods=("GET",))
def door(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Who answers for me, how to ask for help, what is recorded (/r/TOKEN/)."""
    context = {"token": token, "where": where(place), "answers": _answers(place), "thanks": _moment(request.session.pop("help_due", ""))}
    return show(request, "residents/page.html", context)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _answers(place: Place) -> list[dict[str, Any]]:
    """The nearest of each office that answers for the door, with their number if they agreed to show it, else the duty telephone."""
    nearest: dict[str, Holder] = {}
    for answer in accounts.answering_for(place):
        if answer.role in ROLES_SHOWN:
            nearest.setdefault(answer.role, answer)
    return with_numbers(place, sorted(nearest.values(), key=lambda answer: ROLES_SHOWN.index(answer.role))[:_NEAREST])


def with_numbers(place: Place, chosen: Sequence[Holder]) -> list[dict[str, Any]]:
    """People who answer, as the public may know them: a number of their own only if they agreed, else the duty telephone."""
    ids = [answer.account_id for answer in chosen]
    on_duty = {spell.account_id for spell in mobilisation.on_duty_among(ids)}
    public = accounts.public_numbers(ids)
    duty = accounts.duty_phone([place.place_id, *(above.place_id for above in reversed(places.ancestors(place)))])
    return [
        {
            "role": answer.role,
            "name": answer.name,
            "phone": public.get(answer.account_id, duty),
            "on_duty": answer.account_id in on_duty,
        }
        for answer in chosen
    ]


@door_page(
    "a resident without an account asks for help; the door is known by its code, and requests of one door are few", methods=("GET", "POST")
)
def ask_for_help(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """A short form; it becomes a matter for whoever answers for the door, with the words sealed."""
    form = HelpForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        lines = [str(dict(KINDS)[told["kind"]]), told["words"].strip(), told["phone"].strip()]
        try:
            raised = matters.ask_for_help(place.place_id, " · ".join(line for line in lines if line))
        except Refused as no:
            refused = gettext(no.message).format(**no.facts)
        else:
            request.session["help_due"] = raised.due_at.isoformat()
            return HttpResponseRedirect(reverse("residents:door", args=[token]))
    return show(request, "residents/help.html", {"token": token, "where": where(place), "form": form, "refused": refused})


@door_page("opened with the six digits of the card inside the door", methods=("GET", "POST"))
def record(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """What is recorded about the household, by category, and who looked. The digits are asked each time."""
    shared = {"token": token, "where": where(place)}
    if request.method != "POST":
        return show(request, "residents/code.html", shared)
    try:
        account_commands.open_with_code(place.place_id, request.POST.get("code", ""))
    except Refused as refused:
        return show(request, "residents/code.html", {**shared, "fault": gettext(refused.message).format(**refused.facts)}, status=403)
    there = people.people_of_door(place.place_id)
    history = ledger.history([place.range], limit=_VISITS_SHOWN, kinds=("visit",))
    context = {
        **shared,
        "households": len(people.households_of_door(place.place_id)),
        "people": [_categories(person) for person in there],
        "visits": len(history),
        "lines": [
            {"at": line.effective_at, "text": gettext(Outcome(str((line.standing or line.payload).get("outcome"))).english)}
            for line in history
            if not line.withdrawn
        ],
    }
    return show(request, "residents/record.html", context)


def _categories(person: Resident) -> dict[str, Any]:
    """What kinds of facts there are about somebody, not the facts themselves; and who saw a full one."""
    there = [
        gettext("name"),
        gettext("telephone number") if person.phone else "",
        gettext("number of the paper") if person.paper else "",
        gettext("date of birth") if person.age_group else "",
        gettext("where they live"),
    ]
    looks = people.looks_at(person.person_id)
    names = accounts.names_of({look.account_id for look in looks})
    return {
        "name": person.name,
        "categories": gettext(", ").join(word for word in there if word),
        "looks": [{"at": look.at, "who": names.get(look.account_id, ""), "field": look.field, "reason": look.reason} for look in looks],
    }


@door_page("the choice of language needs no account", methods=("POST",))
def language(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Keep the language in a cookie."""
    del place
    return in_language(request, reverse("residents:door", args=[token]))


@door_page("the size of type needs no account", methods=("POST",))
def elder(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Large type on or off, kept in a cookie."""
    del place
    return in_size(request, reverse("residents:door", args=[token]))
