"""`roster columns` and `roster template` at the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from lianfang.doors.cli import frame, roster_columns
from tests.factories.rosters import messy


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any]:
    parser = argparse.ArgumentParser()
    roster_columns.add_to(parser.add_subparsers())
    args = parser.parse_args([str(word) for word in words])
    status = frame.perform(args, parser)
    said = capsys.readouterr()
    return status, json.loads(said.out) if "--json" in words else said.out + said.err


def test_the_columns_of_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = messy("a sheet a building")
    path = tmp_path / file.name
    path.write_bytes(file.content)
    status, found = run(capsys, "columns", path, "--json")
    assert status == 0
    assert [(sheet["sheet"], sheet["building"], sheet["heading_rows"]) for sheet in found["sheets"]] == [
        (f"{at}栋", str(at), [2]) for at in range(1, 9)
    ]
    assert [each["column"] for each in found["sheets"][0]["columns"]] == [
        "household",
        "room",
        "name",
        "relation",
        "paper",
        "phone",
        "remark",
    ]
    assert [each["sheet"] for each in found["left_out"]] == ["旧数据"]
    status, text = run(capsys, "columns", path)
    assert status == 0
    assert "1栋" in text


def test_the_check_against_the_key_prints_right_and_total(capsys: pytest.CaptureFixture[str]) -> None:
    status, found = run(capsys, "columns", "--check-key", "--json")
    assert (status, found["forms"], found["total"], found["ours"] + found["none"]) == (0, 44, 446, 446)
    assert found["right"] / found["total"] >= 0.95
    assert len(found["misses"]) == found["total"] - found["right"]
    assert str(found["right"]) in run(capsys, "columns", "--check-key")[1]


def test_a_file_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "columns", tmp_path / "x.xlsx")[0] == 1
    (tmp_path / "y.xlsx").write_bytes(b"PK nothing")
    status, found = run(capsys, "columns", tmp_path / "y.xlsx", "--json")
    assert (status, found["code"]) == (1, "file_damaged")
    assert run(capsys, "columns")[0] == 2


def test_templates_are_listed_and_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    listed = run(capsys, "template", "--json")[1]["templates"]
    assert "LS01" in [each["id"] for each in listed]
    out = tmp_path / "t.xlsx"
    assert run(capsys, "template", "返乡人员登记表", "--out", out)[0] == 0
    status, found = run(capsys, "columns", out, "--json")
    assert status == 0
    assert [each["column"] for each in found["sheets"][0]["columns"]][:4] == ["name", "paper", "sex", "phone"]
    assert run(capsys, "template", "LS01")[0] == 2
    assert run(capsys, "template", "none", "--out", out)[0] == 1
