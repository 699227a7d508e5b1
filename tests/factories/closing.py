"""The machine below a closing, for tests that are not about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lianfang.headquarters.closing.types import Found, Machine


def idle_machine(**more: Callable[..., Any]) -> Machine:
    """One that only notes what it is asked for: the real one is tried in tests/config."""
    idle = Machine(
        rewrite=lambda tables: {"tables": len(tables)}, renew_keys=lambda: {"destroyed": 0}, sweep=dict, back_up=dict,
        search=lambda marks: Found(1, 1, len(marks)),
    )  # fmt: skip
    return replace(idle, **more)
