"""The forms that were really used, and the key of their columns made by hand (see `forms/README.md`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lianfang.ground.rosters.rules.columns import guessed
from lianfang.ground.rosters.types import Column

_FOLDER = Path(__file__).parents[1] / "forms"


@dataclass(frozen=True, slots=True)
class RealForm:
    """One form: its name, where it comes from, its headings, and what each of them holds."""

    id: str
    name: str
    source: str
    headings: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Miss:
    """A heading that was guessed otherwise than the key says."""

    form: str
    heading: str
    guessed: Column
    key: Column


@dataclass(frozen=True, slots=True)
class Checked:
    """How the guesses of all forms compare with the key. `ours` are the columns that the key takes for something."""

    forms: int
    total: int
    right: int
    ours: int
    ours_right: int
    misses: tuple[Miss, ...]


@lru_cache(maxsize=1)
def real_forms() -> tuple[RealForm, ...]:
    """All forms with their keys."""
    headings: dict[str, list[tuple[str, Column]]] = {}
    with (_FOLDER / "key.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            headings.setdefault(row["form"], []).append((row["heading"], Column(row["column"])))
    with (_FOLDER / "forms.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            RealForm(
                row["form"],
                row["name"],
                row["source"],
                tuple(each for each, _ in headings[row["form"]]),
                tuple(each for _, each in headings[row["form"]]),
            )
            for row in csv.DictReader(file)
        )


def check_key() -> Checked:
    """Guess every form by its headings alone and compare with the key."""
    total = right = ours = ours_right = 0
    misses = []
    for form in real_forms():
        for heading, key, found in zip(form.headings, form.columns, guessed([("", each) for each in form.headings], []), strict=True):
            total, right = total + 1, right + (found.column is key)
            if key is not Column.NONE:
                ours, ours_right = ours + 1, ours_right + (found.column is key)
            if found.column is not key:
                misses.append(Miss(form.id, heading, found.column, key))
    return Checked(len(real_forms()), total, right, ours, ours_right, tuple(misses))
