"""The intake process (收录进程): a bare ASGI application that phones send their records to.

POST /intake/records   {"records": […]} with `Authorization: Bearer TOKEN` of a device → {"verdicts": […], "received_at": …}
GET  /intake/health    whether the database answers

Bodies are collected here, with limits of size and time, before any thread or connection is taken, so that slow phones hold
nobody up. Checking and writing is then done by a few threads. Whatever cannot be done now is answered with Retry-After; sending again is
always safe, since the same id is one record. Nothing of what is sent reaches the log.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import django
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianfang.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - tables are there only after setup

from lianfang.kernel.errors import Refused  # noqa: E402
from lianfang.ledger.intake import answering  # noqa: E402
from lianfang.ledger.intake.answering import (  # noqa: E402
    Away,
    BodySlow,
    BodyTooLarge,
    Busy,
    DeviceUnknown,
    NoSuchAddress,
    NotPlainBytes,
    TooManyAtOnce,
    WrongMethod,
)

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
    held_bytes: int = 192 * 2**20
    collecting: int = 1000
    threads: int = 4
    queued: int = 64
    per_device: int = 2


class Intake:
    """The application: collects, hands over to threads, answers."""

    def __init__(self, limits: Limits = Limits(), origins: Iterable[str] = ()) -> None:
        self.limits = limits
        self.origins = frozenset(origins)
        self.threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="intake")
        self.collecting = 0
        self.held = 0
        self.working = 0
        self.of_device: Counter[object] = Counter()

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
        together = Barrier(self.limits.threads)
        for _thread in range(self.limits.threads):
            self.threads.submit(answering.hang_up, together)
        self.threads.shutdown(wait=True)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        began = time.monotonic()
        facts: dict[str, object] = {}
        try:
            status, answer = await self._route(scope, headers, receive, facts)
        except Gone:
            return
        except Refused as why:
            status, answer = answering.refusal(why)
        except Exception:  # noqa: BLE001 - a phone gets an answer whatever happened here
            _log.exception("a call failed")
            status, answer = answering.refusal(Away(seconds=answering.AGAIN_AFTER))
        await self._send(send, status, answer, headers.get("origin", ""))
        if scope["path"] != "/intake/health":
            facts |= {"status": status, "ms": round((time.monotonic() - began) * 1000), "code": answer.get("code", "")}
            _log.info("call", extra={"facts": facts})

    async def _route(self, scope: Scope, headers: dict[str, str], receive: Receive, facts: dict[str, object]) -> tuple[int, dict[str, Any]]:
        method, path = scope["method"], scope["path"]
        if path not in {"/intake/records", "/intake/sealed", "/intake/health"}:
            raise NoSuchAddress
        if method == "OPTIONS":
            return 204, {}
        if path == "/intake/health":
            status, answer = await self._in_thread(answering.health)
            return status, answer
        if method != "POST":
            raise WrongMethod
        self._must_fit(headers)
        if path == "/intake/sealed":
            body = await self._collect(receive)
            facts["bytes"] = len(body)
            status, answer, counted = await self._in_thread(answering.take_delivery, body)
            facts |= counted
            return status, answer
        return await self._take(headers, receive, facts)

    def _must_fit(self, headers: dict[str, str]) -> None:
        """Refuse what is compressed or too large before a byte of it is read, and all while too much is under way."""
        limits = self.limits
        if headers.get("content-encoding", "identity") != "identity":
            raise NotPlainBytes
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limits.body_bytes:
            raise BodyTooLarge(limit=limits.body_bytes)
        if self.collecting >= limits.collecting or self.working >= limits.threads + limits.queued:
            raise Busy(seconds=answering.AGAIN_AFTER)

    async def _take(self, headers: dict[str, str], receive: Receive, facts: dict[str, object]) -> tuple[int, dict[str, Any]]:
        """Who sends, the whole body, then the work. What is held open is given back however it ends."""
        limits = self.limits
        token = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not token:
            raise DeviceUnknown
        author = await self._in_thread(answering.author_of, token)
        if self.of_device[author.device_id] >= limits.per_device:
            raise TooManyAtOnce(seconds=answering.AGAIN_AFTER)
        self.of_device[author.device_id] += 1
        try:
            body = await self._collect(receive)
            facts |= {"device": str(author.device_id), "bytes": len(body)}
            status, answer, counted = await self._in_thread(answering.take_body, body, author)
            facts |= counted
            return status, answer
        finally:
            self.of_device[author.device_id] -= 1
            if not self.of_device[author.device_id]:
                del self.of_device[author.device_id]

    async def _collect(self, receive: Receive) -> bytes:
        """The whole body, within the limits of size, of time, and of what all bodies together may hold."""
        body = bytearray()
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
                        raise Busy(seconds=answering.AGAIN_AFTER)
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise BodySlow(seconds=answering.AGAIN_AFTER) from None
        finally:
            self.collecting -= 1
            self.held -= len(body)

    async def _in_thread(self, work: Callable[..., Any], *arguments: object) -> Any:
        """Run blocking work on one of the few threads; when too much is waiting, say so instead."""
        if self.working >= self.limits.threads + self.limits.queued:
            raise Busy(seconds=answering.AGAIN_AFTER)
        self.working += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, answering.with_database, work, *arguments)
        finally:
            self.working -= 1

    async def _send(self, send: Send, status: int, answer: dict[str, Any], origin: str) -> None:
        body = msgspec.json.encode(answer) if answer else b""
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        if "retry_after" in answer:
            headers.append((b"retry-after", str(answer["retry_after"]).encode()))
        if status == answering.UNAUTHORIZED:
            headers.append((b"www-authenticate", b"Bearer"))
        if origin in self.origins:
            headers += [
                (b"access-control-allow-origin", origin.encode("latin-1")),
                (b"access-control-allow-headers", b"authorization, content-type"),
                (b"access-control-allow-methods", b"POST, GET"),
                (b"access-control-max-age", b"600"),
                (b"vary", b"origin"),
            ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


application = Intake(origins=settings.CSRF_TRUSTED_ORIGINS)
