"""Rendering: what every page gets besides its own values, and the pages that say no.

A place outside one's scope and a place that does not exist answer with the same page, word for word.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import navigation, notices, words
from lianfang.doors.desk.saying import said
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.types import Owed
from lianfang.ground.incidents import queries as incidents
from lianfang.headquarters.playbooks.steps.frame import PRACTISED
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import new_id
from lianfang.kernel.ranges import intersect
from lianfang.work.matters import queries as matters

if TYPE_CHECKING:
    from django.http import HttpRequest

    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.accounts.models import Account

ELDER_COOKIE = "lianfang_elder"
_AWAY = ("08", "57P")  # what a database says that is gone, stops or starts; nothing at all is the same
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the base template shows around a page."""

    actor: Actor | None
    role: str
    role_place: str
    elder: bool
    demo: str
    navigation: Sequence[navigation.Entry] = ()
    notices: Sequence[notices.Notice] = ()
    drill: str = ""
    may_plan: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


def frame_of(request: HttpRequest, *, counts: bool = True) -> Frame:
    """The frame for this reader; without counts where the scope is already left (pages that say no)."""
    actor: Actor | None = getattr(request, "actor", None)
    post = accounts.main_post(actor) if actor and counts else None
    waiting = _waiting(actor) if actor and actor.account_id and counts else {}
    return Frame(
        actor=actor,
        role=words.word(words.ROLES, post.role) if post else "",
        role_place=post.scope_name if post else "",
        elder=request.COOKIES.get(ELDER_COOKIE) == "on",
        demo=settings.LIANFANG_DEMO,
        navigation=navigation.entries(actor, request.path, waiting) if actor else (),
        notices=notices.take(request),
        drill=_practised(actor) if actor and counts else "",
        may_plan=bool(actor and counts and access.ranges(actor, "members.see")),
    )


def _practised(actor: Actor) -> str:
    """The names of the drills that run where the reader sees places: every page of theirs says so."""
    reach = access.ranges(actor, "places.see")
    running = [told for told in incidents.open_incidents() if told.drill]
    return "、".join(told.name.removeprefix(f"{PRACTISED}·") for told in running if intersect(incidents.incident_ranges(told), reach))


def _waiting(actor: Actor) -> dict[str, tuple[int, bool]]:
    mine = matters.waiting_for(actor.account_id) if actor.account_id else matters.MatterCount(0, 0)
    return {"desk:matters": (mine.open, mine.late > 0)}


def show(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page, or for a request that wants only a part of one, that part."""
    return render(request, template, {**context, "frame": frame_of(request)}, status=status)


def part(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A piece of a page for htmx: without the frame around it."""
    return render(request, template, dict(context), status=status)


def _refusal(request: HttpRequest, status: int, title: str, what: str, then: str, **more: str) -> HttpResponse:
    context = {"title": title, "what": what, "then": then, **more}
    if getattr(request, "htmx", None):
        return HttpResponse(render_to_string("desk/errors/note.html", context, request), status=status)
    return render(request, "desk/errors/page.html", {**context, "frame": frame_of(request, counts=False)}, status=status)


def not_found(request: HttpRequest) -> HttpResponse:
    """看不到这个地方: the same words for what is not there and what lies outside one's scope."""
    actor: Actor | None = getattr(request, "actor", None)
    whom = accounts.whom_to_ask(actor) if actor else None
    then = _("If you need it, ask %(whom)s.") % {"whom": whom} if whom else _("If you need it, ask whoever gave you your account.")
    return _refusal(
        request,
        404,
        _("You cannot see this"),
        _("It does not exist, or it lies outside what you answer for."),
        then,
        back=reverse("desk:home"),
        back_words=_("To my places"),
    )


def denied(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Somebody may see the place, but not do that there."""
    return _refusal(
        request,
        403,
        _("You may look here, but not do this"),
        said(refused),
        _("Nothing was changed. Your role does not include it; whoever gave you your role can widen it."),
        back=came_from(request),
        back_words=_("Back"),
    )


def refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """What a context refuses and no form can show beside a field."""
    if request.method == "GET":  # nothing was to be done: the reader only wanted to see
        return _refusal(request, 409, _("This cannot be shown"), said(refused), "", back=came_from(request), back_words=_("Back"))
    return _refusal(
        request, 409, _("This was not done"), said(refused), _("Nothing was changed."), back=came_from(request), back_words=_("Back")
    )


def came_from(request: HttpRequest) -> str:
    """Where the reader came from, if that was a page of ours."""
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    return referer if referer.startswith(own) else reverse("desk:home")


def owed(request: HttpRequest) -> str:
    """Where somebody must go before anything else: to choose a password, or to set up the second step. Empty when nothing is owed."""
    steps = {Owed.PASSWORD: "desk:password", Owed.SECOND_FACTOR: "desk:second_factor"}
    step = step_owed(request)
    return reverse(steps[step]) if step else ""


def step_owed(request: HttpRequest) -> Owed | None:
    """What somebody who has signed in must do first."""
    return accounts.owed(cast("Account", request.user))


def allowed_while_owed() -> set[str]:
    """Addresses that stay open while something is owed."""
    return {
        reverse(name) for name in ("desk:password", "desk:second_factor", "desk:recovery", "desk:sign_out", "desk:language", "desk:elder")
    }


def figures_follow(request: HttpRequest) -> None:
    """The record is kept, and the folder has not come to it within the second."""
    notices.say(request, notices.Notice(_("Saved. The figures follow in a moment."), "warn"))


def alone(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A refusal for somebody who has not signed in: the page of a joining link that no longer works."""
    return _refusal(
        request, 410, _("This does not work any more"), said(refused), "", back=reverse("desk:sign_in"), back_words=_("Sign in")
    )


def lost(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that leads nowhere."""
    del exception
    return not_found(request)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours: says so, and gives a number that stands in the log too. Where the database is away, says that it comes back."""
    failed = sys.exc_info()[1]
    if isinstance(failed, (OperationalError, InterfaceError)) and (getattr(failed.__cause__, "sqlstate", None) or "08").startswith(_AWAY):
        return HttpResponse(render_to_string("desk/errors/away.html"), status=503, headers={"Retry-After": "2"})
    reference = str(new_id())[-8:].upper()
    log.error("a page failed", extra={"reference": reference, "path": request.path})
    return HttpResponse(render_to_string("desk/errors/bare.html", {"reference": reference}), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token does not fit: the page was open too long, or sign-in changed meanwhile."""
    del reason
    return _refusal(
        request,
        403,
        _("This page was open too long"),
        _("For your safety the form is no longer valid. Nothing was changed."),
        _("Open the page again and repeat what you did."),
        back=came_from(request),
        back_words=_("Open it again"),
    )
