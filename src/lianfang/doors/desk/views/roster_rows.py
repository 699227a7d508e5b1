"""Rows of a roster: listed with their verdicts, mended in place; questions settled, and settlements undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.rosters import RowForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of, said
from lianfang.doors.desk.views.rosters import OF_ROSTER, VERDICTS, sums
from lianfang.doors.desk.whereabouts import crumbs, places_named
from lianfang.ground.people import queries as people
from lianfang.ground.people.rules.masking import masked_name
from lianfang.ground.rosters import commands, queries
from lianfang.ground.rosters.loading_types import SETTLEMENTS, QuestionKind, Settlement, Verdict
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.ground.rosters.loading_types import QuestionSeen, RosterSeen, RowSeen

AT_ONCE = 50
KINDS = {
    QuestionKind.TWO_DOORS: gettext_lazy("at two doors"),
    QuestionKind.DIFFERS: gettext_lazy("differs from what is known"),
    QuestionKind.OTHER_NAME: gettext_lazy("same ID number, other name"),
    QuestionKind.LEFT_OUT: gettext_lazy("left out of this roster"),
}
ANSWERS = {
    Settlement.MOVED: gettext_lazy("moved: the roster's door holds"),
    Settlement.BOTH: gettext_lazy("registered at the old door, lives at the new"),
    Settlement.STAYS: gettext_lazy("leave it as it was"),
    Settlement.TAKE: gettext_lazy("the same person: take the roster's values"),
    Settlement.OTHER: gettext_lazy("somebody else: add them"),
    Settlement.LEFT: gettext_lazy("has left"),
}


@dataclass(frozen=True, slots=True)
class Located:
    """A row or question with its roster and community."""

    number: int
    roster_id: UUID
    place_id: PlaceId


def _row_at(actor: Actor, row_id: Any) -> Located:
    del actor
    return Located(row_id, *queries.place_of_row(row_id))


def _question_at(actor: Actor, question_id: Any) -> Located:
    del actor
    return Located(question_id, *queries.place_of_question(question_id))


@page("people.edit", place=OF_ROSTER)
def roster_rows(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """The rows of a verdict, page by page in the order of the file."""
    asked, after = request.GET.get("verdict", Verdict.WAITING.value), request.GET.get("after", "")
    verdict = Verdict(asked) if asked in set(Verdict) else Verdict.WAITING
    reason = request.GET.get("reason", "")
    rows = queries.rows_of(
        roster.roster_id, None if reason else verdict, reason=reason, after=int(after) if after.isdigit() else -1, limit=AT_ONCE + 1
    )
    doors = places_named({row.door_id for row in rows if row.door_id})
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "roster": roster,
        "verdict": verdict.value,
        "reason": reason,
        "sums": sums(roster.summary),
        "rows": [_shown(row, doors) for row in rows[:AT_ONCE]],
        "further": rows[AT_ONCE - 1].ordinal if len(rows) > AT_ONCE else None,
    }
    return pages.show(request, "desk/rosters/rows.html", context)


def _shown(row: RowSeen, doors: dict[UUID, str]) -> dict[str, Any]:
    name, tone = VERDICTS[row.verdict]
    return {
        "row": row,
        "name": masked_name(row.name) if row.name else "",
        "verdict": name,
        "tone": tone,
        "where": doors.get(row.door_id, "") if row.door_id else row.address,
        "reasons": [said(why) for why in row.reasons],
        "mendable": row.verdict is Verdict.WAITING,
    }


@page("people.edit", place=Of("row_id", _row_at), methods=("GET", "POST"))
def roster_row(request: DeskRequest, row: Located, place: Place) -> HttpResponse:
    """One waiting row: mended and taken in, or set aside."""
    form = RowForm(request.POST or None)
    step, by = request.POST.get("step", ""), request.actor.account_id
    back = HttpResponseRedirect(reverse("desk:roster_rows", args=[row.roster_id]))
    if step == "aside":
        commands.set_aside(row.number, by=by)
        again = reverse("desk:roster_row", args=[row.number])
        notices.say(request, Notice(_("The row was set aside."), undo=again, undo_words=_("Take it up again"), fields={"step": "again"}))
        return back
    if step == "again":
        commands.take_up_again(row.number, by=by)
        return back
    if step and form.is_valid():
        door = request.POST.get("door", "")
        try:
            verdict = commands.mend_row(row.number, form.cleaned_data, door_id=PlaceId(UUID(door)) if door else None, by=by)
        except Refused as refused:
            fault_of(form, refused, ((Refused, "address"),))
        else:
            told = _("The row is a question now; settle it below.") if verdict is Verdict.WAITING else _("The row was taken in.")
            notices.say(request, Notice(told, "warn" if verdict is Verdict.WAITING else "ok"))
            return HttpResponseRedirect(reverse("desk:roster_questions", args=[row.roster_id])) if verdict is Verdict.WAITING else back
    seen = queries.row(row.number)
    doors = places_named({*seen.alternatives, *([seen.door_id] if seen.door_id else [])})
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "roster_id": row.roster_id,
        "one": _shown(seen, doors),
        "alternatives": [(door, doors.get(door, "")) for door in seen.alternatives],
        "form": form,
    }
    return pages.show(request, "desk/rosters/row.html", context)


@page("people.edit", place=OF_ROSTER)
def roster_questions(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """What a person has to settle: differences, people at two doors, people left out."""
    after = request.GET.get("after", "")
    asked = queries.questions(roster.roster_id, after=int(after) if after.isdigit() else 0, limit=AT_ONCE + 1)
    doors = places_named({door for one in asked for door in (one.door_id, one.other_door_id) if door})
    names = people.names_masked({one.person_id for one in asked})
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "roster": roster,
        "questions": [_asked(one, doors, names.get(one.person_id, "")) for one in asked[:AT_ONCE]],
        "further": asked[AT_ONCE - 1].question_id if len(asked) > AT_ONCE else None,
    }
    return pages.show(request, "desk/rosters/questions.html", context)


def _asked(one: QuestionSeen, doors: dict[UUID, str], name: str) -> dict[str, Any]:
    return {
        "question": one,
        "kind": KINDS[one.kind],
        "name": name or (masked_name(one.row.name) if one.row else ""),
        "reasons": [said(why) for why in one.row.reasons] if one.row else [],
        "door": doors.get(one.door_id, "") if one.door_id else "",
        "other_door": doors.get(one.other_door_id, "") if one.other_door_id else "",
        "answers": [(answer.value, ANSWERS[answer]) for answer in SETTLEMENTS[one.kind]],
        "settled": ANSWERS[one.settlement] if one.settlement else "",
    }


@page("people.edit", place=Of("question_id", _question_at), methods=("POST",))
def roster_settle(request: DeskRequest, question: Located, place: Place) -> HttpResponse:
    """Settle a question, or take its settlement back."""
    del place
    answer, by = request.POST.get("answer", ""), request.actor.account_id
    if answer == "undo":
        commands.undo(question.number, by=by)
        notices.say(request, Notice(_("Taken back: everything is as it was before.")))
    elif answer in set(Settlement):
        commands.settle(question.number, Settlement(answer), by=by)
        address = reverse("desk:roster_settle", args=[question.number])
        notices.say(request, Notice(_("Settled."), undo=address, undo_words=_("Undo"), fields={"answer": "undo"}))
    return HttpResponseRedirect(reverse("desk:roster_questions", args=[question.roster_id]))
