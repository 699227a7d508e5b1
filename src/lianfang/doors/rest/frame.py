"""How every endpoint is declared and run: who calls, what it takes, in which scope, and how refusals are answered.

`at` names the ability and the argument that names the place. As at the desk, the place is asked of `accounts.access` inside
the reader's scope before the endpoint runs, and a place outside it answers exactly as one that does not exist.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI, Schema
from ninja.security import APIKeyCookie, HttpBearer
from pydantic import Field

from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.types import AccountNotFound
from lianfang.ground.places import queries as places
from lianfang.kernel.errors import Conflict, Denied, Invalid, NotFound, Refused
from lianfang.kernel.ids import DeviceId, PlaceId

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the actor, and the device if it was one."""

    actor: Actor
    device_id: DeviceId | None = None


class ByDevice(HttpBearer):
    """`Authorization: Bearer TOKEN` of a device that was joined to an account and not cut off."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller behind a token."""
        device = accounts.device_of_token(token)
        if device is None:
            return None
        try:
            return Caller(access.actor_of_id(device.account_id), device.device_id)
        except AccountNotFound:
            return None


class BySession(APIKeyCookie):
    """The session of somebody signed in at the desk; changes need the CSRF token as there."""

    param_name = "sessionid"

    def __init__(self) -> None:
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """The caller behind a session, once password and second factor are settled."""
        if not request.user.is_authenticated or accounts.owed(request.user):
            return None
        return Caller(access.actor_of(request.user))


@dataclass(frozen=True, slots=True)
class Declared:
    """What it takes to be let in: read by the table of endpoints and its tests."""

    ability: str
    place: str | None


class Refusal(Schema):
    """Why something was not done: a stable code, and the reason in the language asked for."""

    code: str
    error: str
    fields: dict[str, str] = Field(default_factory=dict)


def caller(request: HttpRequest) -> Caller:
    """Who calls; there is always one, since the whole interface asks for it."""
    found: Caller = request.auth  # type: ignore[attr-defined]  # ninja puts what authenticated there
    return found


def at(ability: str, *, place: str | None = None) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Declare an endpoint: the ability it takes, and the argument that names the place where it is asked."""

    def declare(endpoint: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(endpoint)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
            actor = caller(request).actor
            with access.scoped(actor):
                if place is not None:
                    access.require(actor, ability, places.place(PlaceId(kwargs[place])))
                elif ability and not access.ranges(actor, ability):
                    raise Denied
                return endpoint(request, *args, **kwargs)

        # Annotations are names of the endpoint's own module: read there, since ninja would look for them here.
        vars(run)["__signature__"] = inspect.signature(endpoint, eval_str=True)
        vars(run)["declared"] = Declared(ability, place)
        return run

    return declare


_STATUS: tuple[tuple[type[Refused], int], ...] = ((NotFound, 404), (Denied, 403), (Conflict, 409), (Invalid, 422), (Refused, 400))


def _in_words(refused: Refused) -> str:
    words = gettext(refused.message)
    return words.format(**refused.facts) if refused.facts else words


def answers_refusals(api: NinjaAPI) -> None:
    """Answer what contexts refuse with a status and words."""

    def answer(request: HttpRequest, refused: Refused) -> HttpResponse:
        status = next(number for kind, number in _STATUS if isinstance(refused, kind))
        fields = {name: _in_words(why) for name, why in refused.fields.items()} if isinstance(refused, Invalid) else {}
        return api.create_response(request, {"code": refused.code, "error": _in_words(refused), "fields": fields}, status=status)

    api.add_exception_handler(Refused, answer)  # type: ignore[arg-type]  # ninja types handlers by the base exception
