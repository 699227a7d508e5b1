"""Phones that send while things break: they come again until they are answered, and remember what they were told."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lianfang.kernel import clock
from lianfang.kernel.ids import new_id

WAIT = 10.0  # seconds for one answer
_PAUSE = 0.1
_OUTCOMES = ("seen", "dark", "phone", "refused")


def visit(door: object, chance: random.Random, *, clock_off: float = 0.0) -> dict[str, Any]:
    """A visit of the last day, by a phone whose clock is off by so many seconds."""
    at = clock.now() - timedelta(seconds=chance.randint(60, 80_000)) + timedelta(seconds=clock_off)
    return {
        "id": str(new_id(at)), "kind": "visit", "version": 2, "place": str(door), "occurred_at": at.isoformat(), "channel": "seen",
        "payload": {"outcome": chance.choice(_OUTCOMES)},
    }  # fmt: skip


@dataclass
class Told:
    """What was sent, and what was answered, over all runs."""

    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    """Calls that were not answered, or not with what was decided."""

    def note(self, verdicts: Sequence[dict[str, Any]]) -> None:
        """Remember verdicts."""
        for verdict in verdicts:
            self.answered[verdict["id"]] = verdict["verdict"]


@dataclass
class Phone:
    """One device: its batches, one after the other, again and again until answered or told to give up."""

    port: int
    token: str
    told: Told
    chance: random.Random
    cuts: float = 0.0
    """Share of calls whose line is dropped before the answer is read."""

    def send(self, records: Sequence[dict[str, Any]], stopping: threading.Event) -> bool:
        """Whether the batch was answered before the phone was told to stop."""
        self.told.sent.update((record["id"], record) for record in records)
        body = json.dumps({"records": list(records)}).encode()
        while not stopping.is_set():
            try:
                if self.chance.random() < self.cuts:
                    self._cut(body)
                    continue
                status, answer = self._ask(body)
            except (OSError, http.client.HTTPException):
                status, answer = 0, b""
            if status == http.client.OK:
                self.told.note(json.loads(answer)["verdicts"])
                return True
            self.told.refused += 1
            stopping.wait(_PAUSE * (1 + self.chance.random()))
        return False

    def _ask(self, body: bytes) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            line.request("POST", "/intake/records", body, {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def _cut(self, body: bytes) -> None:
        """Send everything and hang up: before, while or after it is kept."""
        head = f"POST /intake/records HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.token}\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as line:
            line.sendall(head.encode() + body)
            time.sleep(self.chance.random() * 0.03)


@dataclass
class Evening:
    """Several phones sending at once, in threads, until all is answered or it is broken off."""

    phones: Sequence[tuple[Phone, Sequence[Sequence[dict[str, Any]]]]]
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Begin to send."""
        for phone, batches in self.phones:
            self.threads.append(threading.Thread(target=self._walk, args=(phone, batches), daemon=True))
            self.threads[-1].start()

    def _walk(self, phone: Phone, batches: Sequence[Sequence[dict[str, Any]]]) -> None:
        for batch in batches:
            if not phone.send(batch, self.stopping):
                return

    def end(self, within: float) -> bool:
        """Wait until all is answered; whether it was. What is not answered by then is broken off."""
        until = time.monotonic() + within
        for thread in self.threads:
            thread.join(timeout=max(0.0, until - time.monotonic()))
        whole = not any(thread.is_alive() for thread in self.threads)
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout=WAIT + 5)
        return whole
