"""Calls: started after a look at whom they reach, followed, answers typed, neighbours called, the telephone tree on paper."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.calls import CallForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.moments import moment
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import somebody
from lianfang.doors.desk.saying import said, tried
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound, Refused
from lianfang.kernel.ids import OrganisationId
from lianfang.work.mobilisation import commands, queries, wording
from lianfang.work.mobilisation.types import Answer, CallSeen, CallWrong, NewCall, Skill, Times
from lianfang.work.outreach import commands as outreach
from lianfang.work.outreach.types import NewMessage

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

PER_PAGE = 200
_ALONE, _PART = 70, 67  # characters of a short message, and of each part of a longer one
_TOKEN = 36  # characters of the end of a reply link
_ABLE = {one.value: one for one in (*Skill, *Times)}


def _held(actor: Actor, call_id: UUID) -> CallSeen:
    del actor  # the frame asks about the place
    return queries.call(call_id)


@page("orders.send", place="place_id", methods=("GET", "POST"))
def call_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Start a call: first a look at the text and the numbers, then it goes out."""
    form = CallForm(request.POST or None)
    bodies = organisations.names_of_organisations(queries.organisations_in_pool(places.ranges_of(place)))
    form.offer("organisation", [("", _("everybody")), *((str(one), name) for one, name in bodies.items())])
    form.offer("force", somebody.offered(place)[1:])
    context: dict[str, Any] = {"place": place, "crumbs": crumbs(request.actor, place), "form": form}
    if request.method != "POST" or not form.is_valid():
        return pages.show(request, "desk/forces/call_new.html", context, status=422 if request.method == "POST" else 200)
    new = _new(form.cleaned_data, place)
    if request.POST.get("step") != "call":
        return pages.show(request, "desk/forces/call_new.html", context | {"preview": _preview(new, place)})
    told = tried(form, lambda: commands.call_up(new, by=request.actor), ((CallWrong, "words"),))
    if told is None:
        return pages.show(request, "desk/forces/call_new.html", context, status=422)
    notices.say(request, Notice(_("The call is out: %(count)d people are called.") % {"count": told.called}))
    if form.cleaned_data["app"]:
        _in_the_app(request, new)
    return HttpResponseRedirect(reverse("desk:call_page", args=[told.call_id]))


def _new(told: dict[str, Any], place: Place) -> NewCall:
    return NewCall(
        place.place_id, told["words"], told["wanted"], tuple(_ABLE[one] for one in told["able"]),
        OrganisationId(UUID(told["organisation"])) if told["organisation"] else None, tuple(UUID(one) for one in told["force"]),
        told["wait_minutes"], told["test"],
    )  # fmt: skip


def _preview(new: NewCall, place: Place) -> dict[str, Any]:
    """The text as it goes out, in how many parts, and whom it would reach: here, and with each step to the neighbours."""
    text = f"{new.words} {settings.LIANFANG_PUBLIC_URL}/r/call/…/"
    length = len(text) + _TOKEN
    with access.scoped(access.local_administrator()):  # numbers alone, also of neighbours; no people
        steps = queries.reach_of(queries.asked(new.able), new.organisation, new.forces, place)
    return {
        "text": text,
        "length": length,
        "parts": 1 if length <= _ALONE else ceil(length / _PART),
        "reached": steps[0][1],
        "short": max(0, new.wanted - steps[0][1]),
        "steps": [{"name": step.name, "more": count - before} for (_here, before), (step, count) in pairwise(steps)],
        "sms": bool(settings.LIANFANG_SMS_URL),
        "mail": bool(settings.LIANFANG_EMAIL_HOST),
    }


def _in_the_app(request: DeskRequest, new: NewCall) -> None:
    """The same words as a message to everybody who works there; that it did not go is told, and undoes nothing."""
    title = _("Communication test") if new.test else _("Call-up")
    try:
        outreach.send(NewMessage(title, new.words, new.place), by=request.actor)
    except Refused as refused:
        notices.say(request, Notice(_("In the app nothing was sent: %(why)s") % {"why": said(refused)}, "warn"))


@page("people.see", place=Of("call_id", _held))
def call(request: DeskRequest, call: CallSeen, place: Place) -> HttpResponse:
    """A call as it stands: how many come, how long it took, who answered what."""
    told = call
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else 0
    rows = queries.called(told.call_id, after=after, limit=PER_PAGE + 1)
    may_print = all(access.may(request.actor, ability, place) for ability in ("people.reveal", "exports.make"))
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "call": told,
        "counts": [(words, told.answers.get(answer, 0)) for answer, words in wording.ANSWERS.items()],
        "silent": told.called - sum(told.answers.values()),
        "rows": [{"one": one, "answer": wording.ANSWERS[one.answer] if one.answer else ""} for one in rows[:PER_PAGE]],
        "further": after + PER_PAGE if len(rows) > PER_PAGE else None,
        "answers": [(one.value, words) for one, words in wording.ANSWERS.items()],
        "may_answer": told.closed_at is None and access.may(request.actor, "duty.record", place),
        "may_order": told.closed_at is None and access.may(request.actor, "orders.send", place),
        "may_print": may_print,
        **_short(told),
    }
    return pages.show(request, "desk/forces/call.html", context)


def _short(told: CallSeen) -> dict[str, Any]:
    """How many are still missing, and where that many could come from: numbers alone, nobody there is shown."""
    missing = told.wanted - told.promised
    if told.closed_at is not None or missing <= 0:
        return {}
    with access.scoped(access.local_administrator()):
        return {"missing": missing, "sources": [{"name": step.name, "more": more} for step, more in queries.could_come(told.call_id)]}


@page("duty.record", place=Of("call_id", _held), methods=("POST",))
def call_do(request: DeskRequest, call: CallSeen, place: Place) -> HttpResponse:
    """Type an answer given by telephone, call the neighbours now, or end the call."""
    del place  # the commands ask about it
    call_id, asked = call.call_id, request.POST.get("do", "")
    try:
        if asked == "close":
            commands.close_call(call_id, by=request.actor)
            told = _("The call is over.")
        elif asked == "widen":
            more = commands.call_neighbours(call_id, by=request.actor)
            told = ngettext("%(n)d more person is called.", "%(n)d more people are called.", more) % {"n": more}
        else:
            commands.answer_for(_summons(call_id, request.POST.get("summons", "")), _answer(asked), by=request.actor)
            told = _("Saved.")
    except (NotFound, Denied):
        raise
    except Refused as refused:
        notices.say(request, Notice(said(refused), "bad"))
    else:
        notices.say(request, Notice(told))
    return HttpResponseRedirect(reverse("desk:call_page", args=[call_id]))


def _answer(text: str) -> Answer:
    if text not in set(Answer):
        raise NotFound
    return Answer(text)


def _summons(call_id: UUID, text: str) -> UUID:
    """One of those called by this call."""
    if not queries.is_called(call_id, text):
        raise NotFound
    return UUID(text)


@page("people.reveal", place=Of("call_id", _held), methods=("POST",))
def call_tree(request: DeskRequest, call: CallSeen, place: Place) -> HttpResponse:
    """The telephone tree of a call as a PDF: full names and numbers, every look logged."""
    del place
    words = {
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "title": _("Telephone tree"),
        "foot": _("Names and numbers: keep it to yourself, shred it after use."),
        "as_of": moment(clock.now()),
        "head": [_("No."), _("Name"), _("Telephone"), _("Answer"), _("Time")],
        "answers": [str(words) for words in wording.ANSWERS.values()],
        "first_words": _("The desk rings these first; each of them rings their own sheet"),
        "group_words": _("Sheet of {name}: please ring"),
        "report_words": _("Report to the desk: how many come, how many cannot."),
        "left_out_words": _("People from elsewhere are rung by their own desk."),
    }
    content = commands.telephone_tree(call.call_id, words, by=request.actor, reason="telephone tree")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="telephone-tree.pdf"'
    response["Cache-Control"] = "no-store"
    return response
