"""Phones that send over kept connections: how long each waits, how often it is told to come back, and what was answered.

One thread, bodies made before the clock starts, answers only counted: on a machine that serves too, the load must cost little.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lianfang.config.runtime.serving import Address

PATIENCE_S = 30.0
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_AGAIN = re.compile(rb"retry-after: *(\d+)", re.IGNORECASE)
_VERDICT = re.compile(rb'"verdict":"(\w+)"')


@dataclass
class Crowd:
    """What all phones together saw."""

    address: Address
    path: str = "/intake/records"
    waits: list[float] = field(default_factory=list)
    verdicts: Counter[bytes] = field(default_factory=Counter)
    again: int = 0
    timeouts: int = 0
    failed: list[str] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """How many records were answered as in the book."""
        return self.verdicts[b"kept"] + self.verdicts[b"repeated"]

    def carry(self, bodies: Iterable[bytes], lines: int) -> float:
        """Bodies in their order over so many lines, each taking the next one when it is free; seconds until the last is answered."""
        following = iter(bodies)
        return asyncio.run(self._all([("", following)] * lines))

    def send(self, phones: Sequence[tuple[str, Iterable[bytes]]]) -> float:
        """Every phone (token, bodies) sends its bodies one after the other, all at once; seconds until the last is answered."""
        return asyncio.run(self._all(phones))

    async def _all(self, phones: Sequence[tuple[str, Iterable[bytes]]]) -> float:
        lines = [await Line.to(self.address) for _ in phones]
        began = time.perf_counter()
        await asyncio.gather(*(self._phone(line, *phone) for line, phone in zip(lines, phones, strict=True)))
        took = time.perf_counter() - began
        for line in lines:
            line.writer.close()
        return took

    async def _phone(self, line: Line, token: str, bodies: Iterable[bytes]) -> None:
        for body in bodies:
            request = head(self.path, token, len(body)) + body
            began = time.perf_counter()
            await self._until_taken(line, request)
            self.waits.append(time.perf_counter() - began)

    async def _until_taken(self, line: Line, request: bytes) -> None:
        """Send until it is taken, coming back when told, never all at the same moment."""
        while True:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    status, again, body = await line.ask(request)
            except TimeoutError:
                self.timeouts += 1
                await line.anew()
                continue
            if status == 200:
                self.verdicts.update(_VERDICT.findall(body))
                return
            if status not in {429, 503}:
                self.failed.append(f"{status} {body[:200]!r}")
                return
            self.again += 1
            await asyncio.sleep(again * (0.5 + random.random()))


def head(path: str, token: str, length: int, method: str = "POST") -> bytes:
    """The head of a request as a phone sends it."""
    return (
        f"{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    ).encode()


@dataclass
class Line:
    """One kept connection, made anew where the server hung up."""

    address: Address
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, address: Address) -> Line:
        """A line to the intake."""
        return cls(address, *await asyncio.open_connection(address.host, address.port + 1))

    async def ask(self, request: bytes) -> tuple[int, float, bytes]:
        """Status, seconds after which to come again, and body."""
        try:
            self.writer.write(request)
            told = await self.reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(told)
            body = await self.reader.readexactly(int(length.group(1))) if length else b""
        except (OSError, asyncio.IncompleteReadError):
            await self.anew()
            return 503, 1.0, b""
        again = _AGAIN.search(told)
        return int(told[9:12]), float(again.group(1)) if again else 1.0, body

    async def anew(self) -> None:
        """Hang up and connect again: what was still to come belongs to nobody."""
        self.writer.close()
        self.reader, self.writer = await asyncio.open_connection(self.address.host, self.address.port + 1)
