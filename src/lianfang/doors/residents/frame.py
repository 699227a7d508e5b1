"""How a residents' page is declared and run: by the token of a door, within the scope of that one door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import check_for_language

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.force_types import PostNotFound
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level, PlaceNotFound
from lianfang.kernel import clock
from lianfang.kernel.db import scope
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from lianfang.ground.organisations.force_types import PostSeen
    from lianfang.ground.places.models import Place

ELDER_COOKIE = "lianfang_elder"
ON_WALLS = (Level.COMMUNITY, Level.BUILDING, Level.UNIT)
_YEAR = 365 * 24 * 3600
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Declared:
    """What it takes to be let in, in the form the desk's declarations have: here always nothing but the token."""

    public: str
    methods: tuple[str, ...]
    ability: str = ""
    place: str | None = None
    person: str | None = None


def door_page(
    reason: str, *, methods: tuple[str, ...] = ("GET",)
) -> Callable[[Callable[Concatenate[HttpRequest, Place, ...], HttpResponse]], View]:
    """Declare a page of one door. An unknown or replaced token gets the same page as none at all."""

    def declare(view: Callable[Concatenate[HttpRequest, Place, ...], HttpResponse]) -> View:
        @wraps(view)
        def run(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            door_id = accounts.door_of_link(token)
            if door_id is None:
                return show(request, "residents/unknown.html", {"where": ""}, status=404)
            door = places.place(door_id)
            with scope([door.range], None):
                return view(request, door, token=token, **kwargs)

        vars(run)["declared"] = Declared(reason, methods)
        return run

    return declare


def place_page(
    reason: str, *, methods: tuple[str, ...] = ("GET",)
) -> Callable[[Callable[Concatenate[HttpRequest, Place, ...], HttpResponse]], View]:
    """Declare the page that the sheet on a wall leads to: of a community, a building or a unit, with what the sheet shows."""

    def declare(view: Callable[Concatenate[HttpRequest, Place, ...], HttpResponse]) -> View:
        @wraps(view)
        def run(request: HttpRequest, place_id: UUID) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                place = places.place(PlaceId(place_id))
            except PlaceNotFound:
                return show(request, "residents/unknown.html", {"where": ""}, status=404)
            if place.at_level not in ON_WALLS:
                return show(request, "residents/unknown.html", {"where": ""}, status=404)
            with scope([place.range], None):
                return view(request, place)

        vars(run)["declared"] = Declared(reason, methods)
        return run

    return declare


def post_page(
    reason: str, *, methods: tuple[str, ...] = ("GET",)
) -> Callable[[Callable[Concatenate[HttpRequest, PostSeen, Place, ...], HttpResponse]], View]:
    """Declare the page that the poster of a post leads to; a post that is closed, or never was, gets the page of none at all."""

    def declare(view: Callable[Concatenate[HttpRequest, PostSeen, Place, ...], HttpResponse]) -> View:
        @wraps(view)
        def run(request: HttpRequest, post_id: UUID) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                post = organisations.post(post_id)
            except PostNotFound:
                return show(request, "residents/unknown.html", {"where": ""}, status=404)
            place = places.place(post.place_id)
            with scope([place.range], None):
                return view(request, post, place)

        vars(run)["declared"] = Declared(reason, methods)
        return run

    return declare


def in_language(request: HttpRequest, back: str) -> HttpResponse:
    """Keep the language asked for in a cookie, and go back."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(back)
    if check_for_language(wanted) and wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return response


def in_size(request: HttpRequest, back: str) -> HttpResponse:
    """Large type on or off, kept in a cookie, and back."""
    response = HttpResponseRedirect(back)
    response.set_cookie(
        ELDER_COOKIE, "on" if request.POST.get("elder") == "on" else "off", max_age=_YEAR, samesite="Lax", secure=request.is_secure()
    )
    return response


def show(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page with what all of them share."""
    shared = {"elder": request.COOKIES.get(ELDER_COOKIE) == "on", "demo": settings.LIANFANG_DEMO, "now": clock.now()}
    return render(request, template, {**shared, **context}, status=status)


def where(door: Place) -> str:
    """Building and unit, not the room: the page may be seen over a shoulder."""
    names = [above.name for above in places.ancestors(door) if not above.at_level.is_division]
    return "".join(names)
