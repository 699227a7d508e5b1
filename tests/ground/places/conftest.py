"""What tests of places share: lists written on the spot, the command line in this process, the real lists loaded once."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from lianfang.doors.cli import frame
from lianfang.doors.cli import places as places_cli
from lianfang.ground.places import commands
from lianfang.ground.places.types import LoadReport

HEADER = "code12,name,street_code,street,county_code,county,city_code,city,province_code,province"
Rows = Iterable[tuple[str, str]]


def listing(rows: Rows, *, streets: dict[str, str] | None = None, counties: dict[str, str] | None = None) -> str:
    """A list of communities: (code, name); streets and counties are called after their codes unless named."""
    lines = [HEADER]
    for code, name in rows:
        street, county = code[:9], code[:6]
        lines.append(
            f"{code},{name},{street},{(streets or {}).get(street, f'{street[-3:]}街道')},{county},{(counties or {}).get(county, f'{county}县')},"
            f"{code[:4]},{code[:4]}市,{code[:2]},{code[:2]}省",
        )
    return "\n".join(lines) + "\n"


class Lists:
    """Loads lists written on the spot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, day: str, rows: Rows, **named: dict[str, str]) -> Path:
        path = self.folder / f"list_{day}.csv"
        path.write_text(listing(rows, **named), encoding="utf-8")
        return path

    def load(self, day: str, rows: Rows, **named: dict[str, str]) -> Any:
        [report] = commands.load_divisions([self.write(day, rows, **named)])
        return report


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path)


class Answer:
    """What a command said and how it ended."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """`places …` as typed, in this process."""

    def run(*words: object) -> Answer:
        parser = argparse.ArgumentParser()
        places_cli.register(parser.add_subparsers())
        capsys.readouterr()
        status = frame.perform(parser.parse_args(["places", *map(str, words)]), parser)
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return run


@pytest.fixture
def real_lists(real_lists_on_stage: Callable[[], list[LoadReport]], db: None) -> list[LoadReport]:
    """The reports of loading all lists that are shipped, which stand."""
    return real_lists_on_stage()
