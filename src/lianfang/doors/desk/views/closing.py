"""The end of an incident at the desk: what would go, who asks and who confirms, how far it has come, and the certificate."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.closing import KINDS, HoldForm, OpenForm, half_a_year_on
from lianfang.doors.desk.forms.incidents import GroundForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts.timeline import said_of
from lianfang.doors.desk.saying import fault_of, tried
from lianfang.doors.desk.views.incidents import Held, held
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.types import AccountNotFound
from lianfang.headquarters.closing import commands, inventory, queries, wording
from lianfang.headquarters.closing.certificate import code, printed
from lianfang.headquarters.closing.types import ClosingNotFound, NewHold, State, StepState
from lianfang.kernel.errors import Denied, Refused
from lianfang.kernel.ranges import contains

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.headquarters.closing.types import ClosingSeen, HoldSeen, Preview

_PAGE = "desk/closing/page.html"


@page("places.see", place=Of("incident_id", held))
def closing(request: DeskRequest, incident: Held, place: Place) -> HttpResponse:
    """What would go, what is held, who has asked; or how far the erasure has come."""
    return pages.show(request, _PAGE, _context(request, incident, place))


@page("places.see", place=Of("incident_id", held), methods=("POST",))
def closing_decide(request: DeskRequest, incident: Held, place: Place, what: str) -> HttpResponse:
    """Propose, confirm or cancel."""
    told = queries.closing_of(incident.told.incident_id)
    form = GroundForm(request.POST or None)
    if what == "propose":
        if not form.is_valid():
            _may_see(request.actor, incident)
            return pages.show(request, _PAGE, _context(request, incident, place) | {"form": form}, status=200)
        commands.propose(incident.told.incident_id, form.ground(), by=request.actor)
        notices.say(request, Notice(_("Proposed. Whoever answers for data protection confirms it.")))
    elif told is None:
        raise ClosingNotFound
    elif what == "confirm":
        commands.confirm(told.id, by=request.actor)
        notices.say(request, Notice(_("Confirmed. It is being carried out.")))
    else:
        commands.cancel(told.id, by=request.actor)
        notices.say(request, Notice(_("Taken back.")))
    return HttpResponseRedirect(reverse("desk:closing", args=[incident.told.incident_id]))


@page("places.see", place=Of("incident_id", held), methods=("GET", "POST"))
def closing_hold(request: DeskRequest, incident: Held, place: Place) -> HttpResponse:
    """Hold an item back."""
    if not _holds(request.actor, "incidents.erase", incident):
        raise Denied
    form = HoldForm(request.POST or None, initial={"until": half_a_year_on()})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            keeper = accounts.account_id_of_login(asked["keeper"])
            new = NewHold(asked["kind"], form.item_id(), asked["why"], asked["authority"], asked["until"], keeper)
            commands.hold_back(incident.told.incident_id, new, by=request.actor)
        except AccountNotFound as refused:
            fault_of(form, refused, ((AccountNotFound, "keeper"),))
        except Refused as refused:
            fault_of(form, refused, ())
        else:
            notices.say(request, Notice(_("Held back.")))
            return HttpResponseRedirect(reverse("desk:closing", args=[incident.told.incident_id]))
    context = {"incident": incident.told, "place": place, "crumbs": crumbs(request.actor, place), "form": form}
    return pages.show(request, "desk/closing/hold.html", context)


@page("places.see", methods=("GET", "POST"))
def held_item(request: DeskRequest, hold_id: UUID) -> HttpResponse:
    """What a hold keeps, for its keeper alone: first the reason is asked for; what is held stands in that answer only."""
    told = queries.hold(hold_id)
    if told.keeper != request.actor.account_id:
        raise ClosingNotFound
    form = OpenForm(request.POST or None)
    found: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        found = tried(form, lambda: commands.open_held(hold_id, by=request.actor, reason=form.cleaned_data["why"]), ()) or {}
    context = {"hold": told, "kind": KINDS[told.kind.value], "form": form, "found": found, "records": _records(found)}
    return pages.show(request, "desk/closing/held.html", context)


def _records(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of what is held, in words."""
    doors = {one["id"]: one["address"] for one in found.get("doors", ())}
    return [
        {
            "at": datetime.fromisoformat(one["occurred_at"]), "door": doors.get(one["place"], ""), "remark": one.get("remark", ""),
            "said": said_of(one["kind"], one.get("payload") or {})[1],
        }
        for one in found.get("records", ())
    ]  # fmt: skip


@page("places.see", place=Of("incident_id", held))
def certificate(request: DeskRequest, incident: Held, place: Place) -> HttpResponse:
    """The certificate as a PDF."""
    del request, place
    told = queries.closing_of(incident.told.incident_id)
    if told is None or told.state is not State.DONE:
        raise ClosingNotFound
    lang = "zh" if (get_language() or "").startswith("zh") else "en"
    answer = HttpResponse(printed(told, lang), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certificate-{told.number}.pdf"'
    return answer


def _holds(actor: Actor, ability: str, incident: Held) -> bool:
    reach = access.ranges(actor, ability, reading=False)
    return all(contains(reach, piece) for piece in incident.whole)


def _may_see(actor: Actor, incident: Held) -> None:
    if not (_holds(actor, "incidents.open", incident) or _holds(actor, "incidents.erase", incident)):
        raise Denied


def _context(request: DeskRequest, incident: Held, place: Place) -> dict[str, Any]:
    """All of the page. Whoever neither commands nor answers for data protection over all of it is refused."""
    _may_see(request.actor, incident)
    told = queries.closing_of(incident.told.incident_id)
    seen = queries.preview(incident.told.incident_id)
    erases = _holds(request.actor, "incidents.erase", incident)
    proposed = told is not None and told.state is State.PROPOSED
    people = [one for one in (told and told.asked_by, told and told.confirmed_by, *(hold.keeper for hold in seen.holds)) if one]
    names = accounts.names_of(people)
    return {
        "incident": incident.told,
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "closing": told,
        "names": names,
        "preview": seen,
        "goes": _goes(seen),
        "stays": wording.stays(),
        "holds": [_hold(one, names, request.actor) for one in seen.holds],
        "steps": _steps(told) if told else [],
        "check": wording.check(told.checked) if told else [],
        "out": wording.out_of_reach(),
        "code": code(told) if told and told.state is State.DONE else "",
        "form": GroundForm(initial={"authority": incident.told.authority}),
        "may_propose": told is None and not seen.in_the_way,
        "may_confirm": proposed and erases and told is not None and told.asked_by != request.actor.account_id,
        "may_cancel": proposed,
        "may_hold": erases and (told is None or proposed),
    }


def _goes(seen: Preview) -> list[tuple[str, int]]:
    """Rows by step, in its words."""
    counted: dict[str, int] = {}
    for table, count in seen.goes.items():
        place = inventory.TABLES[table]
        if isinstance(place, inventory.Ends) and table != "ledger_receipt":
            counted[place.eraser] = counted.get(place.eraser, 0) + count
    return [(wording.step(eraser), count) for eraser, count in counted.items()]


def _steps(told: ClosingSeen) -> list[dict[str, Any]]:
    return [
        {
            "name": wording.step(step.name), "done": step.state is StepState.DONE, "failed": step.state is StepState.FAILED, "at": step.done_at,
            "counts": wording.counts({key: count for key, count in step.counts.items() if count}), "trouble": step.trouble,
        }
        for step in told.steps
    ]  # fmt: skip


def _hold(one: HoldSeen, names: dict[Any, str], reader: Actor) -> dict[str, Any]:
    mine = one.kept and one.released_at is None and one.keeper == reader.account_id
    return {"hold": one, "kind": KINDS[one.kind.value], "keeper": names.get(one.keeper, ""), "mine": mine}
