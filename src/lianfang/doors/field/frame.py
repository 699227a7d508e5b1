"""How every address of the phones is declared and run: the credential of a device, the scope of its account, refusals as JSON.

No cookie is read here, so that nothing needs a CSRF token. A device that was cut off is told so where it stands by, and nowhere else
gets anything.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import wraps
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.types import AccountNotFound
from lianfang.kernel.errors import Conflict, Denied, Invalid, NotFound, Refused

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.accounts.types import DeviceSeen

_LARGEST = 64 * 1024
_UNAUTHORIZED = 401
_WAIT = 1.0  # seconds
_NOT_BEFORE = 0.1  # seconds after which somebody sent away may come again
_QUICK = 0.018  # seconds that a bundle takes, before any was served
_FALLS_BY, _RISES_BY = 2, 1 / 64  # the guess follows quicker ones at once; a slower one raises it by its share, however slow it was
_WAITING = 4  # at a time: so many that the one inside is followed at once, so few that threads are left for pages (config.serve)


class DeviceUnknown(Refused):
    """This phone is not known here any more. What waits on it stays there; ask your secretary for a new link."""


class DeviceCutOff(Denied):
    """This phone was cut off. What waits on it can still be delivered."""


class NotReadable(Invalid):
    """What was sent cannot be read."""


class Busy(Refused):
    """Many phones are fetching their doors at this moment. Yours asks again by itself in {seconds} seconds."""


class Gate:
    """Lets one in at a time, has a few more wait for a moment, and gives the others a time of their own to come again.

    Pages of the desk must not wait behind phones, and phones that are sent away must not all come back together: each is told to come when
    those before it will have been served. How long one takes is guessed from the quicker ones: whoever comes too early is sent away once
    more, which costs a thirtieth of serving them, while a time that was too late leaves the machine idle. The first of a reach takes ten
    times as long as those after it, and a thousand are sent away while a few such are served: how much slower one was says nothing.
    """

    def __init__(self, longest: int) -> None:
        self._room, self._bench = BoundedSemaphore(1), BoundedSemaphore(_WAITING)
        self._longest = longest
        self._took, self._until, self._began = _QUICK, 0.0, 0.0
        self._lock = Lock()

    @property
    def takes(self) -> float:
        """How many seconds one is thought to take."""
        return self._took

    def __enter__(self) -> None:
        if not self._room.acquire(blocking=False) and not self._wait():
            wait = self._turn()
            raise Busy(seconds=math.ceil(wait), ms=math.ceil(wait * 1000))
        self._began = time.monotonic()

    def _wait(self) -> bool:
        if not self._bench.acquire(blocking=False):
            return False
        try:
            return self._room.acquire(timeout=_WAIT)
        finally:
            self._bench.release()

    def _turn(self) -> float:
        """In how many seconds it is the turn of whoever asks now."""
        with self._lock:
            now = time.monotonic()
            self._until = max(self._until, now + _NOT_BEFORE) + self._took
            return min(self._longest, self._until - now)

    def __exit__(self, *_: object) -> None:
        late = time.monotonic() - self._began - self._took
        self._took += self._took * _RISES_BY if late > 0 else late / _FALLS_BY
        self._room.release()


class FieldRequest(HttpRequest):
    """A request of a phone that has joined."""

    actor: Actor
    device: DeviceSeen


@dataclass(frozen=True, slots=True)
class Declared:
    """What it takes to be let in, in the form of the other doors' declarations: a device, or for `public` nothing."""

    methods: tuple[str, ...]
    public: str = ""
    ability: str = ""
    place: str | None = None
    person: str | None = None


View = Callable[..., HttpResponse]
Body = TypeVar("Body")


def public(reason: str, *, methods: tuple[str, ...] = ("POST",)) -> Callable[[View], View]:
    """Declare an address that needs no credential, and why."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            return _guarded(request, methods, lambda: view(request, **kwargs))

        return _declared(run, Declared(methods, public=reason))

    return declare


def endpoint(*methods: str, cut_off_too: bool = False, gate: AbstractContextManager[None] | None = None) -> Callable[[View], View]:
    """Declare an address of a phone: the view runs in the scope of its account. `cut_off_too`: also for one that was cut off, unscoped.

    `gate`: what is entered before anything is read, for work that must not crowd out the rest.
    """

    def declare(view: View) -> View:
        def answer(request: FieldRequest, **kwargs: Any) -> HttpResponse:
            request.device = _device(request)
            if cut_off_too and request.device.cut:
                return view(request, **kwargs)
            if request.device.cut:
                raise DeviceCutOff
            try:
                request.actor = access.actor_of_id(request.device.account_id)
            except AccountNotFound:
                raise DeviceUnknown from None
            commands.many_seen({request.device.device_id: request.device.last_seen_at})
            with access.scoped(request.actor):
                return view(request, **kwargs)

        @wraps(view)
        def run(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            def work() -> HttpResponse:
                with gate or nullcontext():
                    return answer(cast("FieldRequest", request), **kwargs)

            return _guarded(request, methods, work)

        return _declared(run, Declared(methods))

    return declare


def _declared(run: View, declared: Declared) -> View:
    exempt = csrf_exempt(run)
    vars(exempt)["declared"] = declared
    return exempt


def _device(request: HttpRequest) -> DeviceSeen:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    device = accounts.phone_of_token(token) if kind == "Bearer" and token else None
    if device is None:
        raise DeviceUnknown
    return device


def _guarded(request: HttpRequest, methods: tuple[str, ...], work: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method not in methods:
        return HttpResponseNotAllowed(methods)
    try:
        return work()
    except Refused as refused:
        return refusal(refused)


_STATUS: tuple[tuple[type[Refused], int], ...] = (
    (DeviceUnknown, _UNAUTHORIZED), (Busy, 503), (NotFound, 404), (Denied, 403), (Conflict, 409), (Invalid, 422), (Refused, 400),
)  # fmt: skip


def refusal(refused: Refused) -> HttpResponse:
    """A refusal with its code, and its words in the language asked for."""
    words = gettext(refused.message)
    said = {"code": refused.code, "message": words.format(**refused.facts) if refused.facts else words, "facts": refused.facts}
    answer = answered({"error": said}, status=next(number for kind, number in _STATUS if isinstance(refused, kind)))
    if isinstance(refused, Busy):
        answer["Retry-After"] = str(refused.facts["seconds"])
    return answer


def answered(form: object, *, status: int = 200) -> HttpResponse:
    """JSON; never kept on the way."""
    body = msgspec.json.encode(form)
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8", headers={"Cache-Control": "no-store"})


def body_of(request: HttpRequest, form: type[Body]) -> Body:
    """What was sent, in the form expected. Raises NotReadable."""
    if int(request.headers.get("Content-Length") or 0) > _LARGEST:
        raise NotReadable
    try:
        return msgspec.json.decode(request.body, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NotReadable from None
