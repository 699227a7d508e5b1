"""How every page of the desk is declared and run.

`page` says what it takes to be let in: an ability, and the argument that names the place. It requires sign-in, enters
the reader's scope in one transaction, resolves the place, asks `accounts.access`, and only then calls the view; what
the contexts refuse becomes a page with words. `public` declares the few views without an account, with the reason.
A test walks all addresses and fails for one that is neither; the declarations feed the table of endpoints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from lianfang.doors.desk import pages
from lianfang.ground.accounts import access
from lianfang.ground.places import queries as places
from lianfang.kernel.errors import Denied, NotFound, Refused
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from lianfang.ground.accounts.access import Actor
    from lianfang.ledger.types import Saved

SIGNED_IN = ""
"""The ability of pages that ask nothing but an account: one's own."""


class DeskRequest(HttpRequest):
    """A request of somebody signed in."""

    actor: Actor
    htmx: HtmxDetails
    saved: list[Saved]
    folded_until: datetime | None


@dataclass(frozen=True, slots=True)
class Of:
    """The place of a page is that of something else: a matter, an area, a record. `find` raises NotFound.

    What it finds goes to the view under the name of the argument without `_id`, and has a `place_id`.
    """

    argument: str
    find: Callable[[Actor, UUID], Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """What it takes to be let in: read by the table of endpoints and its tests."""

    ability: str
    place: str | Of | None = None
    person: str | None = None
    methods: tuple[str, ...] = ("GET",)
    public: str = ""


View = Callable[..., HttpResponse]
_PageView = Callable[Concatenate[DeskRequest, ...], HttpResponse]


def public(
    reason: str, *, methods: tuple[str, ...] = ("GET", "POST")
) -> Callable[[Callable[Concatenate[HttpRequest, ...], HttpResponse]], View]:
    """Declare a view that needs no account, and why."""

    def declare(view: Callable[Concatenate[HttpRequest, ...], HttpResponse]) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        vars(run)["declared"] = Declared("", methods=methods, public=reason)
        return run

    return declare


def page(
    ability: str, *, place: str | Of | None = None, person: str | None = None, methods: tuple[str, ...] = ("GET",)
) -> Callable[[_PageView], View]:
    """Declare a page: the ability it takes, the argument that names the place or the person, and the methods it answers."""

    def declare(view: _PageView) -> View:
        declared = Declared(ability, place, person, methods)

        @wraps(view)
        def run(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            asked = cast("DeskRequest", request)
            if answer := _not_ready(asked):
                return answer
            asked.saved, asked.folded_until = [], None
            try:
                response = _within_scope(asked, declared, view, kwargs)
            except NotFound:
                return pages.not_found(request)
            except Denied as refused:
                return pages.denied(request, refused)
            except Refused as refused:
                return pages.refused(request, refused)
            if not all(saved.folded for saved in asked.saved):
                pages.figures_follow(request)
            return response

        vars(run)["declared"] = declared
        return run

    return declare


def _not_ready(request: DeskRequest) -> HttpResponse | None:
    """Where somebody is sent who has not signed in, or must first choose a password or a second factor."""
    if not request.user.is_authenticated:
        return _send(request, f"{reverse('desk:sign_in')}?{urlencode({'next': request.get_full_path()})}")
    owed = pages.owed(request)
    if owed and request.path not in pages.allowed_while_owed():
        return _send(request, owed)
    return None


def _send(request: DeskRequest, address: str) -> HttpResponse:
    if request.htmx:
        answer = HttpResponse(status=401)
        answer["X-Whole-Page"] = address
        return answer
    return HttpResponseRedirect(address)


def _within_scope(request: DeskRequest, declared: Declared, view: _PageView, kwargs: dict[str, Any]) -> HttpResponse:
    actor = access.actor_of(request.user)
    request.actor = actor
    with access.scoped(actor):
        if isinstance(declared.place, Of):
            found = declared.place.find(actor, kwargs.pop(declared.place.argument))
            kwargs[declared.place.argument.removesuffix("_id")] = found
            kwargs["place"] = places.place(PlaceId(found.place_id))
        elif declared.place:
            kwargs["place"] = places.place(PlaceId(kwargs.pop(declared.place)))
        if "place" in kwargs:
            access.require(actor, declared.ability, kwargs["place"])
        elif declared.person:
            access.require_person(actor, declared.ability, kwargs[declared.person])
        elif declared.ability and not access.ranges(actor, declared.ability):
            raise Denied
        return view(request, **kwargs)


def back(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """To the address the form names as `next` if it is ours, else to the fallback."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(wanted)
    return HttpResponseRedirect(fallback)
