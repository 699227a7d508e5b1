"""A door: who lives there, what was recorded, recording a visit or a remark, taking a record back, the card with the code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianfang.doors.desk import notices, pages, words
from lianfang.doors.desk.forms.matters import CorrectionForm, RemarkForm, VisitForm, terms
from lianfang.doors.desk.frame import DeskRequest, back, page
from lianfang.doors.desk.moments import moment
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import answers as answering
from lianfang.doors.desk.parts.building import next_door
from lianfang.doors.desk.parts.timeline import actors_of, chosen, record_lines
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.views.building import cells_of, doors_with_states, kept, map_of, round_asked
from lianfang.doors.desk.views.matters import rows_of
from lianfang.doors.desk.views.myself import qr
from lianfang.doors.desk.views.panel import just_recorded, panel_of
from lianfang.doors.desk.whereabouts import crumbs, door_title
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as account_commands
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import HouseholdId, PlaceId, new_id
from lianfang.ledger import queries as ledger
from lianfang.ledger.append import append
from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.kinds.doorsteps import Outcome, TryOfAClosedDoor, WentNowhere
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.kinds.notes import Remark, Topic
from lianfang.ledger.types import SameIdOtherContent
from lianfang.work.matters import queries as matters
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.rounds import commands as rounds_commands
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place
    from lianfang.ledger.types import HistoryLine, Saved
    from lianfang.work.rounds.types import DoorSeen

RECORDS = 30


_FIELD_OF: tuple[tuple[type[Refused], str], ...] = ((WentNowhere, "away_to"), (TryOfAClosedDoor, "next_try_at"))


@dataclass(frozen=True, slots=True)
class Correcting:
    """A correction that could not be kept: of which record, and what was filled in."""

    id: UUID
    form: CorrectionForm


def door(request: DeskRequest, place: Place) -> HttpResponse:
    """The page of a door; declared with the page of a place."""
    return door_page(request, place, visit_form_of(request, place), RemarkForm())


def door_page(
    request: DeskRequest, place: Place, visit_form: VisitForm, remark_form: RemarkForm, correcting: Correcting | None = None
) -> HttpResponse:
    """The page of a door, with what was filled in and could not be kept."""
    actor = request.actor
    path = places.ancestors(place)
    state = rounds.door(place.place_id)
    may_record = access.may(actor, "records.write", place)
    history = ledger.history([place.range], limit=RECORDS) if access.may(actor, "records.see", place) else []
    answers = accounts.answering_for(place)
    context = {
        "place": place,
        "crumbs": crumbs(actor, place),
        "title": door_title(path, place),
        "facts": _facts(state),
        "state": str(state.outcome) if state else "none",
        "households": _households(place) if access.may(actor, "people.see", place) else [],
        "may_see_people": access.may(actor, "people.see", place),
        "may_edit_people": access.may(actor, "people.edit", place),
        "may_record": may_record,
        "may_raise": may_record,
        "may_reveal": access.may(actor, "people.reveal", place),
        "look_reasons": list(words.REASONS.items()),
        "records": record_lines(history, names=actors_of(history), correctable=may_record),
        "outcomes": [sign for sign in words.SIGNS.values() if sign.key],
        "grounds": terms(Ground),
        "keys": [sign for sign in words.SIGNS.values() if sign.key],
        "record": new_id(),
        "visit_form": visit_form,
        "remark_form": remark_form,
        "remarks": _remarks(history),
        "correcting": correcting,
        "answers": answering.shown(
            place,
            answers,
            me=actor.account_id,
            on_duty={spell.account_id for spell in mobilisation.on_duty_among([answer.account_id for answer in answers])},
            may_grant=bool(actor.holding("grants.give")),
        ),
        "matters": rows_of(matters.matters([place.range])) if access.may(actor, "matters.see", place) else [],
    }
    return pages.show(request, "desk/door/page.html", context)


def visit_form_of(request: DeskRequest, place: Place, told: dict[str, str] | None = None) -> VisitForm:
    """The longer form of a visit; where several households live, it may speak for one of them."""
    form = VisitForm(told)
    there = _households(place) if access.may(request.actor, "people.see", place) else []
    if len(there) > 1:
        named = [(str(one["id"]), one["title"]) for one in there]
        form.offer("household", [("", _("all households of the door")), *named])
    else:
        del form.fields["household"]
    return form


def _facts(state: DoorSeen | None) -> list[str]:
    """How often somebody was here, and when last."""
    if state is None:
        return [_("never visited")]
    times = ngettext("visited %(n)s time", "visited %(n)s times", state.visits) % {"n": state.visits}
    return [times, _("last on %(when)s") % {"when": moment(state.since)}]


def _households(place: Place) -> list[dict[str, Any]]:
    there = people.people_of_door(place.place_id)
    return [
        {
            "id": household.household_id,
            "title": household.name or (_("Household %(n)s") % {"n": number}),
            "since": household.valid_from,
            "people": [person for person in there if person.household_id == household.household_id],
        }
        for number, household in enumerate(people.households_of_door(place.place_id), 1)
    ]


def _remarks(history: list[HistoryLine]) -> list[dict[str, Any]]:
    """The free words kept with records of this door, opened for those who may see its records."""
    kept = ledger.remarks_of([line.id for line in history if line.has_remark and not line.withdrawn])
    return [
        {"at": line.effective_at, "text": kept[line.id], "topic": chosen(Topic, line.payload.get("topic")) if line.kind == "remark" else ""}
        for line in history
        if line.id in kept
    ]


@page("places.see", place="place_id")
def panel(request: DeskRequest, place: Place) -> HttpResponse:
    """The panel beside the map; after a record also what changed in the map."""
    changed = _uuid(request.GET.get("changed", ""))
    shown = round_asked(request, place)
    building = places.building_of(place)
    doors = doors_with_states(building, shown) if building and (changed or shown) else []
    cell = next((one for one in doors if one.id == place.id), None) if shown else None
    if changed is None:
        context = {"door": panel_of(request, place, cell=cell), "place": place, "kept": kept(request)}
        return pages.part(request, "desk/door/panel.html", context)
    told, record_id = request.GET.get("outcome", ""), _uuid(request.GET.get("record", ""))
    if told in words.SIGNS and record_id and not _folded(changed, record_id):
        # The figures follow in a moment; the cell already shows what was recorded.
        doors = [replace(one, state=told) if one.id == changed else one for one in doors]
    drawn = map_of(doors, fold=request.GET.get("fold") != "no")
    cells = cells_of(drawn, changed)
    before = next((one for one in doors if one.id == changed), None)
    just = None
    if before and record_id:
        title, state = f"{before.unit}{before.label}", request.GET.get("outcome", before.state)
        just = just_recorded(title, state, record_id, last=changed == place.id)
    panel = panel_of(request, place, just=just, cells=cells, drawn=drawn, cell=cell)
    context = {"door": panel, "place": place, "may_record": True, "kept": kept(request)}
    return pages.part(request, "desk/door/panel.html", context)


def _folded(door_id: UUID, record_id: UUID) -> bool:
    state = rounds.door(PlaceId(door_id))
    return state is not None and state.record_id == record_id


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@page("records.write", place="place_id", methods=("POST",))
def visit(request: DeskRequest, place: Place) -> HttpResponse:
    """Record a visit: by an outcome's button or digit, or by the longer form."""
    digit = request.POST.get("key", "")
    outcome = next((sign.state for sign in words.SIGNS.values() if digit and sign.key == digit), request.POST.get("outcome", ""))
    form = visit_form_of(request, place, {"channel": "seen", **request.POST.dict(), "outcome": outcome})
    if not form.is_valid():
        return door_page(request, place, form, RemarkForm())
    try:
        saved = _recorded(request, place, Outcome(outcome), form.cleaned_data)
    except (WentNowhere, TryOfAClosedDoor) as refused:
        fault_of(form, refused, _FIELD_OF)
        return door_page(request, place, form, RemarkForm())
    if saved is None:
        notices.say(request, Notice(_("This was recorded already; nothing was added."), "warn"))
        return back(request, reverse("desk:place", args=[place.id]))
    request.saved.append(saved)
    if request.htmx:
        return _to_next(request, place, saved, outcome)
    _say_recorded(request, place, outcome, saved)
    return back(request, reverse("desk:place", args=[place.id]))


def _recorded(request: DeskRequest, place: Place, outcome: Outcome, told: dict[str, Any]) -> Saved | None:
    """The record, or None when the same form was sent before: each form carries the id of the one record it makes."""
    try:
        return rounds_commands.record_visit(
            place.place_id,
            outcome,
            by=request.actor,
            people_seen=told["people_seen"] or 0,
            wants_help=told["wants_help"],
            household=HouseholdId(household) if (household := _uuid(told.get("household") or "")) else None,
            unlisted=told["unlisted"] or 0,
            unseen=told["unseen"] or 0,
            away_to=told["away_to"],
            next_try_at=told["next_try_at"],
            channel=Channel(told["channel"]),
            record_id=_uuid(request.POST.get("record", "")),
            occurred_at=told["at"],
        )
    except SameIdOtherContent:
        return None


def _to_next(request: DeskRequest, place: Place, saved: Saved, outcome: str) -> HttpResponse:
    """To the panel of the next open door, with the cell of this one."""
    building = places.building_of(place)
    following = next_door(doors_with_states(building, round_asked(request, place)), place.id) if building else None
    query = urlencode({"changed": str(place.id), "record": str(saved.record_id), "outcome": outcome, **of_the_map(request)})
    return HttpResponseRedirect(f"{reverse('desk:panel', args=[following.id if following else place.id])}?{query}")


def of_the_map(request: DeskRequest) -> dict[str, str]:
    """What the map beside the panel shows: its round, and whether it is folded."""
    return {name: request.GET[name] for name in ("round", "fold") if request.GET.get(name)}


def _say_recorded(request: DeskRequest, place: Place, outcome: str, saved: Saved) -> None:
    told = _("%(door)s recorded: %(state)s.") % {"door": place.name, "state": words.sign(outcome).name}
    undo = reverse("desk:withdraw", args=[saved.record_id])
    notices.say(request, Notice(told, undo=undo, undo_words=_("Take back")))


@page("records.write", place="place_id", methods=("POST",))
def remark(request: DeskRequest, place: Place) -> HttpResponse:
    """Keep a remark about a door, sealed."""
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return door_page(request, place, visit_form_of(request, place), form)
    told = form.cleaned_data
    request.saved.append(append(Remark(topic=Topic(told["topic"])), place=place.place_id, by=request.actor, remark=told["remark"]))
    notices.say(request, Notice(_("The remark is kept, sealed.")))
    return HttpResponseRedirect(reverse("desk:place", args=[place.id]))


@page("records.write", place="place_id")
def card(request: DeskRequest, place: Place) -> HttpResponse:
    """The card for a door: QR code of the residents' page and the six digits."""
    [sign] = account_commands.door_signs([place.place_id], by=request.actor.account_id)
    address = request.build_absolute_uri(reverse("residents:door", args=[sign.token]))
    path = places.ancestors(place)
    wanted = ("unit_leader", "building_leader", "grid_worker", "community_secretary")
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "title": door_title(path, place),
        "code": sign.code,
        "qr": qr(address),
        "answers": [answer for answer in accounts.answering_for(place) if answer.role in wanted],
    }
    return pages.show(request, "desk/door/card.html", context)


@page("records.write", place="place_id", methods=("POST",))
def card_new(request: DeskRequest, place: Place) -> HttpResponse:
    """A new code for a door whose card was lost or photographed."""
    account_commands.renew_door_sign(place.place_id, by=request.actor.account_id)
    notices.say(request, Notice(_("The code is replaced. Print the new card; the old one is worthless."), "warn"))
    return HttpResponseRedirect(reverse("desk:card", args=[place.id]))
