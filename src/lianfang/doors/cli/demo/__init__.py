"""Demonstrations: towns of invented people in real places, in a database of their own.

`demonstrations()` names them; each fills an empty database through the same commands as everybody and answers the lines
that say how its cast signs in.
"""

from __future__ import annotations

from collections.abc import Callable

from lianfang.doors.cli.demo.yinhe import seed as seed_yinhe


def demonstrations() -> dict[str, Callable[[], list[str]]]:
    """The demonstrations that can be made, by name."""
    return {"yinhe": seed_yinhe}
