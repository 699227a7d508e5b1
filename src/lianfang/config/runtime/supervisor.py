"""Keep the processes of an installation running: start, restart with growing pauses, collect their logs, stop in order."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from lianfang.kernel import clock

_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the next try, the last one from then on
_WELL = 60.0  # a process that ran this long starts again at the first pause
_GRACE = 15.0  # seconds between asking a process to stop and ending it
_LOG_BYTES, _LOG_FILES = 10 * 2**20, 5
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """In the child: be asked to stop when the supervisor is gone, however it went."""
    if _libc is not None:
        _libc.prctl(_DIE_WITH_PARENT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Part:
    """One process: what it is called in logs and messages, how it is started."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    later: bool = False
    """Nobody waits for it at the start: it begins when the others serve."""


@dataclass
class Running:
    """A part that is kept running."""

    part: Part
    pid: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


async def _first(*events: asyncio.Event) -> None:
    """Wait until one of them has happened."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()


class LogFile:
    """HOME/logs/<part>.log: the part's JSON lines, rotated; a line that is not JSON (a crash below Python) is wrapped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = self._opened()

    def write(self, line: str) -> None:
        """Write one line, starting a new file when this one is full."""
        self._file.write((line if line.startswith("{") else json.dumps({"line": line}, ensure_ascii=False)) + "\n")
        self._file.flush()
        if self._file.tell() > _LOG_BYTES:
            self._file.close()
            for number in range(_LOG_FILES - 1, 0, -1):
                older = self._numbered(number)
                if older.exists():
                    older.replace(self._numbered(number + 1))
            self._path.replace(self._numbered(1))
            self._file = self._opened()

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _opened(self) -> TextIO:
        return os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")


class Supervisor:
    """Runs parts until told to stop."""

    def __init__(
        self, parts: Sequence[Part], logs: Path, on_change: Callable[[dict[str, int]], None], on_end: Callable[[str], None]
    ) -> None:
        self._running = [Running(part) for part in parts]
        self._logs = logs
        self._on_change = on_change
        self._on_end = on_end
        self.stopping = asyncio.Event()
        self.serving = asyncio.Event()

    def log_of(self, name: str) -> Path:
        """The log file of a part."""
        return self._logs / f"{name}.log"

    def failed_at_start(self) -> str | None:
        """A part that has ended at least once, while nothing was asked to stop."""
        return next((kept.part.name for kept in self._running if kept.ended.is_set()), None)

    async def begin_the_rest(self) -> None:
        """The others serve: those that nobody waited for begin too. Returns when all run."""
        self.serving.set()
        for kept in self._running:
            await _first(kept.begun, self.stopping)

    async def run(self) -> None:
        """Keep all parts running until `stopping` is set, then stop them."""
        await asyncio.gather(*(self._keep(kept) for kept in self._running))

    async def _keep(self, kept: Running) -> None:
        log = LogFile(self.log_of(kept.part.name))
        pauses = 0
        if kept.part.later:
            await _first(self.serving, self.stopping)
        while not self.stopping.is_set():
            began = time.monotonic()
            await self._run_once(kept, log)
            if self.stopping.is_set():
                return
            kept.ended.set()
            self._on_end(kept.part.name)
            pauses = 0 if time.monotonic() - began > _WELL else pauses
            pause = _PAUSES[min(pauses, len(_PAUSES) - 1)]
            pauses += 1
            try:
                await asyncio.wait_for(self.stopping.wait(), pause)
            except TimeoutError:
                continue

    async def _run_once(self, kept: Running, log: LogFile) -> None:
        # A pipe of our own: one of asyncio's would make us wait for the children of a part that was killed, which hold it too.
        reads, writes = os.pipe()
        child = await asyncio.create_subprocess_exec(
            *kept.part.command,
            env={**os.environ, **kept.part.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writes,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        os.close(writes)
        lines = asyncio.StreamReader(limit=2**20)
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), os.fdopen(reads, "rb", buffering=0)
        )
        kept.pid = child.pid
        self._on_change(self._pids())
        kept.begun.set()
        reading = asyncio.create_task(self._collect(lines, log))
        ending = asyncio.create_task(self._end_when_told(child))
        status = await child.wait()
        ending.cancel()
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # workers that outlived it would serve on beside the new ones
        kept.pid = 0
        await asyncio.wait({reading}, timeout=2)
        pipe.close()
        ended = {"at": clock.now().isoformat(timespec="milliseconds"), "by": "lianfang.supervisor", "says": "ended", "status": status}
        log.write(json.dumps(ended))
        self._on_change(self._pids())

    async def _collect(self, lines: asyncio.StreamReader, log: LogFile) -> None:
        while True:
            try:
                line = await lines.readline()
            except ValueError:  # one line of more than a MiB; it is lost, the next is read
                continue
            if not line:
                return
            log.write(line.decode(errors="replace").rstrip("\n"))

    async def _end_when_told(self, child: asyncio.subprocess.Process) -> None:
        await self.stopping.wait()
        child.terminate()
        await asyncio.sleep(_GRACE)
        os.killpg(child.pid, signal.SIGKILL)

    def _pids(self) -> dict[str, int]:
        return {kept.part.name: kept.pid for kept in self._running if kept.pid}
