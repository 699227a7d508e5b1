"""Calls that arrive at the same time are taken together: one look at the ground, one transaction, one wait for the disk.

Nobody waits for a group to fill: a thread that is free takes all that waits at that moment. So a lone record goes at once, and the more arrive
the less each costs.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from lianfang.ledger.intake import answering
from lianfang.ledger.intake.answering import Answer, Busy, Call

GROUP_BYTES, GROUP_CALLS = 2**20, 500
LONGEST_WAIT = 10.0  # seconds: whoever would wait longer is told to come again, before the phone gives up by itself
_LONGEST = 20  # seconds that anybody is asked to stay away


class Gathering:
    """What waits to be taken, and the few threads that take it."""

    def __init__(self, threads: int, queued: int) -> None:
        self._threads = threads
        self._queued = queued
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="intake")
        self._waiting: deque[tuple[Call, asyncio.Future[Answer]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._working = 0  # of the tasks, those that will look again whether anything waits
        self._per_call = 0.02  # seconds, of late

    @property
    def full(self) -> bool:
        """Whether so much waits that nobody else may."""
        return len(self._waiting) >= self._queued or len(self._waiting) * self._per_call > LONGEST_WAIT

    def pause(self) -> int:
        """Seconds after which to come again: until what waits now will have been taken, and not all at the same moment."""
        drained = len(self._waiting) * self._per_call
        return min(_LONGEST, math.ceil(max(1.0, drained) * (1 + random.random())))  # noqa: S311 - only spreads out who comes again

    async def take(self, call: Call) -> Answer:
        """The answer to a call, when its records are durable. Raises Busy."""
        if self.full:
            raise Busy(seconds=self.pause())
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, answered))
        if self._working < self._threads:
            self._working += 1
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answered

    async def health(self) -> Answer:
        """Whether the database answers, as soon as a thread is free. Raises Busy."""
        if self.full:
            raise Busy(seconds=self.pause())
        answer: Answer = await self._in_thread(answering.with_database, answering.health)
        return answer

    def close(self) -> None:
        """End the threads, each of which hangs up its connection first."""
        together = Barrier(self._threads)
        for _thread in range(self._threads):
            self._pool.submit(answering.hang_up, together)
        self._pool.shutdown(wait=True)

    async def _work(self) -> None:
        """Take group after group until nothing waits."""
        try:
            await self._take_groups()
        finally:
            self._working -= 1  # here and not when the task is done: a call that comes between the two would wait for nobody

    async def _take_groups(self) -> None:
        while some := self._group():
            began = asyncio.get_running_loop().time()
            try:
                answers: Sequence[Answer] = await self._in_thread(answering.take_each, [call for call, _ in some])
            except Exception as failed:  # noqa: BLE001 - whoever waits is told, whatever happened here
                for _, answered in some:
                    _tell(answered.set_exception, answered, failed)
                continue
            took = asyncio.get_running_loop().time() - began
            self._per_call += (took / len(some) / self._threads - self._per_call) / 8
            for (_, answered), answer in zip(some, answers, strict=True):
                _tell(answered.set_result, answered, answer)

    def _group(self) -> list[tuple[Call, asyncio.Future[Answer]]]:
        """The calls to be taken next."""
        some: list[tuple[Call, asyncio.Future[Answer]]] = []
        size = 0
        while self._waiting and len(some) < GROUP_CALLS and (not some or size + len(self._waiting[0][0].body) <= GROUP_BYTES):
            some.append(self._waiting.popleft())
            size += len(some[-1][0].body)
        return some

    async def _in_thread(self, work: Callable[..., Any], *arguments: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)


def _tell(how: Callable[[Any], None], answered: asyncio.Future[Answer], what: Any) -> None:
    """Tell whoever still waits."""
    if not answered.done():
        how(what)
