"""What the link in a call leads to: who calls where, and five answers. No account: the link is the key."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.residents.frame import Declared, in_language, in_size, show
from lianfang.ground.accounts import access
from lianfang.ground.places import queries as places
from lianfang.kernel.errors import NotFound
from lianfang.work.mobilisation import commands, queries, wording
from lianfang.work.mobilisation.types import Answer, CallClosed

_METHODS = ("GET", "POST")


def _by_link(view: Callable[[HttpRequest, str], HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare the page of a link. A link that was not made here, or is no longer good, gets the page of none at all."""

    @wraps(view)
    def run(request: HttpRequest, token: str) -> HttpResponse:
        if request.method not in _METHODS:
            return HttpResponseNotAllowed(_METHODS)
        try:
            commands.summons_id_of(token)
            with access.scoped(access.local_administrator()):  # the link names one row; nothing else is asked for
                return view(request, token)
        except NotFound:
            return show(request, "residents/unknown.html", {"where": ""}, status=404)

    vars(run)["declared"] = Declared("a person who was called answers by the link they were sent", _METHODS)
    return run


@_by_link
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """The call, and the answer (/r/call/TOKEN/)."""
    here = reverse("residents:call", args=[token])
    context: dict[str, Any] = {"fault": "", "thanks": "", "choices": {"language": here, "elder": here}}
    if "language" in request.POST:
        return in_language(request, here)
    if "elder" in request.POST:
        return in_size(request, here)
    told = queries.of_link(commands.summons_id_of(token))
    answer = request.POST.get("answer", "")
    if request.method == "POST" and answer in set(Answer):
        try:
            commands.answer_by_link(token, Answer(answer))
            context["thanks"] = _("Your answer is noted. You can change it here while the call lasts.")
            told = queries.of_link(commands.summons_id_of(token))
        except CallClosed:
            context["fault"] = _("This call is over. Thank you.")
    call = queries.call(told.call_id)
    place = places.place(call.place_id)
    context |= {
        "call": call,
        "where": place.name,
        "over": call.closed_at is not None,
        "answers": [(one.value, words, told.answer is one) for one, words in wording.ANSWERS.items()],
    }
    return show(request, "residents/call.html", context)
