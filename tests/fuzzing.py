"""How many examples the property tests try: the same ones at every run of the gate, many more and random ones with LIANFANG_FUZZ=1.

What is tried with large numbers is tried with the whole of them by LIANFANG_FULL=1, and with fewer of them at the gate.
"""

from __future__ import annotations

import os

from hypothesis import settings

RANDOM = os.environ.get("LIANFANG_FUZZ") == "1"
TIMES = 50
FULL = os.environ.get("LIANFANG_FULL") == "1"

settings.register_profile("gate", derandomize=True)
settings.register_profile("fuzz", derandomize=False, print_blob=True)


def load() -> None:
    """Choose the profile; before any test is read, as each test's own settings build on it."""
    settings.load_profile("fuzz" if RANDOM else "gate")


def examples(count: int) -> int:
    """The number of examples a test tries."""
    return count * TIMES if RANDOM else count
