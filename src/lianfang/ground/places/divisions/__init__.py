"""The official lists that are shipped, the reuses of codes and the aliases kept by hand (see README.md and SOURCES.md)."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from lianfang.ground.places.rules.matching import Reuse
from lianfang.ground.places.rules.positions import padded
from lianfang.ground.places.types import DIVISIONS, Level

HERE = Path(__file__).resolve().parent
NATIONAL = HERE / "national_2023-06-30.csv.gz"


@dataclass(frozen=True, slots=True)
class KnownAlias:
    """Another name of a division, kept by hand."""

    code: str
    level: Level
    name: str


def _lines(file: str) -> Iterator[dict[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def shipped() -> list[Path]:
    """The lists that come with the package."""
    return [HERE / row["file"] for row in _lines("lists.csv") if row["file"]]


@cache
def days_by_digest() -> dict[str, date]:
    """The day of each list known, by the digest of its content."""
    return {row["sha256"]: date.fromisoformat(row["listed_on"]) for row in _lines("lists.csv")}


@cache
def reuses() -> frozenset[Reuse]:
    """Codes that went from one place to another."""
    return frozenset(Reuse(padded(row["code"]), row["old_name"], row["new_name"]) for row in _lines("reuses.csv"))


@cache
def aliases() -> tuple[KnownAlias, ...]:
    """Names in use that no list has."""
    return tuple(KnownAlias(padded(row["code"]), Level(row["level"]), row["alias"]) for row in _lines("aliases.csv"))


@cache
def national_names() -> dict[tuple[Level, str], str]:
    """Names by level and code in the shipped national list, for lists that leave out the names of city and province."""
    with gzip.open(NATIONAL, "rt", encoding="utf-8", newline="") as lines:
        return {
            (DIVISIONS[int(row["level"]) - 1], row["code12"]): row["name"]
            for row in csv.DictReader(lines)
            if row["level"] in {"1", "2"}
        }  # fmt: skip
