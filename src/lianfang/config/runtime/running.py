"""Who is up in a home: one program at a time holds HOME/run/up.lock, and HOME/run/up.json says which and where."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import TextIO

from lianfang.config.runtime.home import Home, read_form, write_form
from lianfang.config.runtime.troubles import AlreadyUp

_STOPS_WITHIN = 60.0  # seconds
_GRACE = 15.0  # seconds for processes that nobody supervises any more


class Claim:
    """The right to serve this home, held until released or the program ends."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._file: TextIO = (home.run / "up.lock").open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            known = read_form(home.run / "up.json")
            raise AlreadyUp(address=known.get("address", "—"), pid=known.get("pid", "—")) from None

    def tell(self, address: str, pids: dict[str, int]) -> None:
        """Write down where it serves and with which processes."""
        write_form(self._home.run / "up.json", {"pid": os.getpid(), "address": address, "parts": pids})

    def release(self) -> None:
        """Say that nothing serves here any more."""
        (self._home.run / "up.json").unlink(missing_ok=True)
        self._file.close()


def is_up(home: Home) -> bool:
    """Whether something serves this home."""
    if not home.run.is_dir():
        return False
    with (home.run / "up.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def stop(home: Home) -> bool:
    """Stop what serves this home and wait for it; whether anything did. Ends processes a killed supervisor left behind."""
    known = read_form(home.run / "up.json")
    was_up = is_up(home)
    if was_up and known:
        os.kill(int(known["pid"]), signal.SIGTERM)
        _wait(lambda: not is_up(home), _STOPS_WITHIN)
    left = [int(pid) for pid in known.get("parts", {}).values() if _is_ours(int(pid))]
    for number, patience in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, 1.0)):
        for pid in filter(_is_ours, left):
            os.killpg(pid, number)
        _wait(lambda: not any(map(_is_ours, left)), patience)
    (home.run / "up.json").unlink(missing_ok=True)
    return was_up or bool(left)


def _wait(true: Callable[[], bool], patience: float) -> None:
    """Wait until something is true, but no longer than this many seconds."""
    until = time.monotonic() + patience
    while not true() and time.monotonic() < until:
        time.sleep(0.1)


def _is_ours(pid: int) -> bool:
    """Whether a process is one of our parts, and not another one that was given its number since."""
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)
    return "lianfang.config" in shown.stdout
