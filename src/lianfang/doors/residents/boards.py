"""What the code on a sheet for the wall leads to: who answers for a community, a building or a unit, as of now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lianfang.doors.residents.frame import in_language, in_size, place_page, post_page, show
from lianfang.doors.residents.views import ROLES_SHOWN, with_numbers
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.rules import hours_written
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.work.mobilisation import queries as mobilisation

if TYPE_CHECKING:
    from lianfang.ground.organisations.force_types import PostSeen
    from lianfang.ground.places.models import Place

_POSTS = 30


@place_page("a sheet that hangs on a wall is public, and so is this: the same names and numbers, as of now")
def board(request: HttpRequest, place: Place) -> HttpResponse:
    """Who answers here (/r/at/PLACE/)."""
    chosen = [one for one in accounts.answering_for(place) if one.role in ROLES_SHOWN]
    path = [*places.ancestors(place), place]
    context = {
        "place": place,
        "where": "".join(one.name for one in path if not one.at_level.is_division) or place.name,
        "community": next((one.name for one in path if one.at_level is Level.COMMUNITY), ""),
        "answers": with_numbers(place, chosen),
        "duty": accounts.duty_phone([one.place_id for one in reversed(path)]),
        "posts": posts_here(place),
        "sponsors": organisations.sponsors_of([one.place_id for one in path]),
        "choices": {
            "language": reverse("residents:place_language", args=[place.id]),
            "elder": reverse("residents:place_elder", args=[place.id]),
        },
    }
    return show(request, "residents/board.html", context)


def posts_here(place: Place) -> list[dict[str, Any]]:
    """The posts inside a place, when each is manned, and whether somebody is on duty there now: nobody is named."""
    here = [place.range]
    there = mobilisation.manned(here)
    return [{"post": post, "manned": there.get(post.post_id, 0)} for post in organisations.posts(here, limit=_POSTS)]


@place_page("the choice of language needs no account", methods=("POST",))
def language(request: HttpRequest, place: Place) -> HttpResponse:
    """Keep the language in a cookie."""
    return in_language(request, reverse("residents:place", args=[place.id]))


@place_page("the size of type needs no account", methods=("POST",))
def elder(request: HttpRequest, place: Place) -> HttpResponse:
    """Large type on or off, kept in a cookie."""
    return in_size(request, reverse("residents:place", args=[place.id]))


@post_page("the poster of a post hangs in public, and so is this: what is done there, when, and whether it is manned; nobody is named")
def post(request: HttpRequest, post: PostSeen, place: Place) -> HttpResponse:
    """A post (/r/post/POST/), with the way to signing in for whoever mans it."""
    path = [*places.ancestors(place), place]
    context = {
        "post": post,
        "where": "".join(one.name for one in path if not one.at_level.is_division) or place.name,
        "manned": len(mobilisation.at_post(post.post_id)),
        "hours": hours_written(post.hours).splitlines(),
        "duty": accounts.duty_phone([one.place_id for one in reversed(path)]),
        "choices": {
            "language": reverse("residents:post_language", args=[post.post_id]),
            "elder": reverse("residents:post_elder", args=[post.post_id]),
        },
    }
    return show(request, "residents/post.html", context)


@post_page("the choice of language needs no account", methods=("POST",))
def post_language(request: HttpRequest, post: PostSeen, place: Place) -> HttpResponse:
    """Keep the language in a cookie."""
    del place
    return in_language(request, reverse("residents:post", args=[post.post_id]))


@post_page("the size of type needs no account", methods=("POST",))
def post_elder(request: HttpRequest, post: PostSeen, place: Place) -> HttpResponse:
    """Large type on or off, kept in a cookie."""
    del place
    return in_size(request, reverse("residents:post", args=[post.post_id]))
