"""What this context tells the kernel at start: rows that follow a moved place, columns that are sealed."""

from __future__ import annotations

from lianfang.ground.people.models.persons import PHONE_PURPOSES, PURPOSES
from lianfang.kernel.carriers import carries_position
from lianfang.kernel.sealed import seals


def register() -> None:
    """Called once by the app's configuration."""
    carries_position("people_household")
    carries_position("people_residence")
    carries_position("people_tally", live="true")
    seals("people_person", PURPOSES)
    seals("people_phone", PHONE_PURPOSES)
