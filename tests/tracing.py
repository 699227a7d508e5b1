"""Where coverage looks on. Tracing takes as long again as what is traced, so that it rests where the rules, the ledger and access are only used.

What is to be covered whole (see pyproject.toml) has its tests in the folders of its contexts; a branch that only a story or a browser
takes is missing in the report, and wants a test of its own there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
RESTS = frozenset({"access", "browser", "faults", "nodes", "stories"})
_resting: list[bool] = []


def turn(item: pytest.Item) -> None:
    """Trace, or rest, as the next test wants it."""
    controller = getattr(item.config.pluginmanager.get_plugin("_cov"), "cov_controller", None)
    if controller is None:
        return
    rests = item.path.relative_to(HERE).parts[0] in RESTS
    if rests and not _resting:
        controller.pause()
        _resting.append(True)
    elif _resting and not rests:
        controller.resume()
        _resting.clear()
