"""The intake process (收录进程): a bare ASGI application that phones send their records to.

POST /intake/records   {"records": […]} with `Authorization: Bearer TOKEN` of a device → {"verdicts": […], "received_at": …}
GET  /intake/health    whether the database answers

Bodies are collected here, with limits of size and time, before any thread or connection is taken, so that slow phones hold
nobody up. Checking and writing is then done for whole groups of calls (`gathering`). Whatever cannot be done now is answered with Retry-After; sending again is
always safe, since the same id is one record. Nothing of what is sent reaches the log.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from lianfang.kernel.errors import Refused
from lianfang.ledger.intake import answering
from lianfang.ledger.intake.answering import (
    Answer,
    Away,
    BodySlow,
    BodyTooLarge,
    Busy,
    Call,
    DeviceUnknown,
    NoSuchAddress,
    NotPlainBytes,
    TooManyAtOnce,
    WrongMethod,
)
from lianfang.ledger.intake.gathering import Gathering

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_log = logging.getLogger("lianfang.intake")


class Gone(Exception):
    """The phone hung up."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process takes on at a time. 5,000 records are about 3 MB."""

    body_bytes: int = 8 * 2**20
    body_seconds: float = 30.0
    held_bytes: int = 128 * 2**20
    collecting: int = 1000
    threads: int = 2
    queued: int = 1000
    per_device: int = 2
    per_sealing: int = 4


class Intake:
    """The application: collects, hands over to threads, answers."""

    def __init__(self, limits: Limits = Limits(), origins: Iterable[str] = ()) -> None:
        self.limits = limits
        self.origins = frozenset(origins)
        self.gathering = Gathering(limits.threads, limits.queued)
        self.collecting = 0
        self.held = 0
        self.of_device: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the life of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.get_running_loop().run_in_executor(None, self.close)
                await send({"type": "lifespan.shutdown.complete"})
                return

    def close(self) -> None:
        """End the threads, each of which hangs up its connection first."""
        self.gathering.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        began = time.monotonic()
        try:
            answer = await self._route(scope, headers, receive)
        except Gone:
            return
        except Refused as why:
            answer = answering.refusal(why)
        except Exception:  # noqa: BLE001 - a phone gets an answer whatever happened here
            _log.exception("a call failed")
            answer = answering.refusal(Away(seconds=answering.AGAIN_AFTER))
        await self._send(send, answer, headers.get("origin", ""))
        if scope["path"] != "/intake/health":
            took = round((time.monotonic() - began) * 1000)
            _log.info("call", extra={"facts": {"code": "", **answer.facts, "status": answer.status, "ms": took}})

    async def _route(self, scope: Scope, headers: dict[str, str], receive: Receive) -> Answer:
        method, path = scope["method"], scope["path"]
        if path not in {"/intake/records", "/intake/sealed", "/intake/health"}:
            raise NoSuchAddress
        if method == "OPTIONS":
            return Answer(204, b"", {})
        if path == "/intake/health":
            return await self.gathering.health()
        if method != "POST":
            raise WrongMethod
        self._must_fit(headers)
        if path == "/intake/sealed":
            return await self._take(None, receive)
        token = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not token:
            raise DeviceUnknown
        with self._sending({token}, self.limits.per_device):
            return await self._take(token, receive)

    @contextmanager
    def _sending(self, devices: Collection[str], most: int) -> Iterator[None]:
        """One more call of each of these devices, unless one of them is at its limit."""
        if any(self.of_device[device] >= most for device in devices):
            raise TooManyAtOnce(seconds=self.gathering.pause())
        self.of_device.update(devices)
        try:
            yield
        finally:
            self.of_device.subtract(devices)
            for device in devices:
                if not self.of_device[device]:
                    del self.of_device[device]

    def _must_fit(self, headers: dict[str, str]) -> None:
        """Refuse what is compressed or too large before a byte of it is read, and all while too much is under way."""
        limits = self.limits
        if headers.get("content-encoding", "identity") != "identity":
            raise NotPlainBytes
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limits.body_bytes:
            raise BodyTooLarge(limit=limits.body_bytes)
        if self.collecting >= limits.collecting or self.held >= limits.held_bytes or self.gathering.full:
            raise Busy(seconds=self.gathering.pause())

    async def _take(self, token: str | None, receive: Receive) -> Answer:
        """The whole body, then the work, together with whatever else has arrived. What is held is given back however it ends."""
        body = bytearray()
        try:
            await self._collect(receive, body)
            call = Call(bytes(body), token)
            # Whoever carries parcels is not asked who they are: what is limited is how many calls at a time bring records of one phone.
            with self._sending(answering.devices_within(call.body) if token is None else (), self.limits.per_sealing):
                answer = await self.gathering.take(call)
            return replace(answer, facts={**answer.facts, "bytes": len(body)})
        finally:
            self.held -= len(body)

    async def _collect(self, receive: Receive, body: bytearray) -> None:
        """The whole body, within the limits of size, of time, and of what all bodies together may hold."""
        self.collecting += 1
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Gone
                    piece = message.get("body", b"")
                    self.held += len(piece)
                    body += piece
                    if len(body) > self.limits.body_bytes:
                        raise BodyTooLarge(limit=self.limits.body_bytes)
                    if self.held > self.limits.held_bytes:
                        raise Busy(seconds=self.gathering.pause())
                    if not message.get("more_body"):
                        return
        except TimeoutError:
            raise BodySlow(seconds=answering.AGAIN_AFTER) from None
        finally:
            self.collecting -= 1

    async def _send(self, send: Send, answer: Answer, origin: str) -> None:
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", str(len(answer.body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        if answer.again is not None:
            headers.append((b"retry-after", str(answer.again).encode()))
        if answer.status == answering.UNAUTHORIZED:
            headers.append((b"www-authenticate", b"Bearer"))
        if origin in self.origins:
            headers += [
                (b"access-control-allow-origin", origin.encode("latin-1")),
                (b"access-control-allow-headers", b"authorization, content-type"),
                (b"access-control-allow-methods", b"POST, GET"),
                (b"access-control-max-age", b"600"),
                (b"vary", b"origin"),
            ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


application = Intake(origins=settings.CSRF_TRUSTED_ORIGINS)
