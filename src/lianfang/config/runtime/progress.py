"""What a person at the terminal sees while something is made: one line for each step, with the time it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_SHOWN_FROM = 0.15  # seconds; quicker steps are not worth a figure


def say(text: str = "") -> None:
    """A line for people. Standard output belongs to the answer of a command, so this goes to standard error."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Name a step while it runs and say how long it took."""
    began = time.monotonic()
    print(f"  {name} …", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        print(" ✗", file=sys.stderr, flush=True)
        raise
    took = time.monotonic() - began
    print(f" ✓ {took:.1f} s" if took >= _SHOWN_FROM else " ✓", file=sys.stderr, flush=True)
