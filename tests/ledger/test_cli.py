"""The command line: records sent, figures read, kinds and figures listed, rebuilding."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lianfang.doors.cli import frame
from lianfang.doors.cli import ledger as part
from lianfang.ground.places import commands as laying
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.ledger.folding import cursors
from tests.committed import superuser
from tests.factories.cast import Cast
from tests.ledger.recount import table
from tests.ledger.sending import record

Cli = Callable[..., tuple[int, Any]]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command; its exit status and what it printed, read as JSON with `--json`."""

    def run(*words: str) -> tuple[int, Any]:
        parser = argparse.ArgumentParser()
        part.register(parser.add_subparsers(required=True))
        status = frame.perform(parser.parse_args(words), parser)
        out = capsys.readouterr().out
        return status, json.loads(out) if "--json" in words else out

    return run


def written(tmp_path: Path, *records: object) -> str:
    file = tmp_path / "records.jsonl"
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records) + "\n")
    return str(file)


def test_kinds_and_figures_are_listed(cli: Cli) -> None:
    status, told = cli("kinds", "--json")
    assert status == 0
    assert {"visit", "remark", "correction", "matter_raised", "matter_settled", "presence"} <= {one["name"] for one in told["kinds"]}
    _, told = cli("figures", "--json")
    by_key = {one["key"]: one for one in told["figures"]}
    assert (by_key["visits"]["name"], by_key["visits"]["name_zh"]) == ("Visits", "入户")
    assert (by_key["visits"]["unit"], by_key["visits"]["events"], by_key["doors_open"]["denominator"]) == ("visits", True, "doors")
    assert "visit 1" in cli("kinds")[1]
    assert "doors_open" in cli("figures")[1]


def test_records_are_sent_and_are_in_the_figures_at_once(cli: Cli, town: Cast, tmp_path: Path) -> None:
    made = [record(town.a_door.id), record(town.b_door.id), record(town.a_door.id, payload={"outcome": "gone"})]
    file = written(tmp_path, *made, made[0])
    status, told = cli("records", "send", file, "--as", "grid.a", "--json")
    assert status == 0
    assert {word: told[word] for word in ("kept", "repeated", "refused", "quarantined")} == {
        "kept": 1,
        "repeated": 1,
        "refused": 1,
        "quarantined": 1,
    }
    assert told["folded"] is True
    assert [(one["line"], one["code"]) for one in told["verdicts"]] == [(2, "outside_grant"), (3, "unreadable")]
    for place in (town.a.code, str(town.a_building.id), str(town.a.lo), town.city.code):
        status, told = cli("figure", "visits", str(place), "--from", str(clock.today()), "--to", str(clock.today()), "--json")
        assert (status, told["value"], told["unit"], told["denominator"]) == (0, 1, "visits", None)
        assert told["as_of"]


def test_sent_by_the_local_administrator_and_told_in_words(cli: Cli, town: Cast, tmp_path: Path) -> None:
    status, told = cli("records", "send", written(tmp_path, record(town.b_door.id), {"id": "x"}))
    assert status == 0
    assert "1" in told.splitlines()[0]
    assert len(told.splitlines()) == 2
    assert [row["channel"] for row in table("ledger_record")] == ["import"]


def test_a_figure_of_an_area_with_the_rows_behind_it(cli: Cli, town: Cast, tmp_path: Path) -> None:
    laying.found_area(AreaKind.GRID, "示例网格", town.a.place_id, [town.a_door.place_id], by=None)
    cli("records", "send", written(tmp_path, record(town.a_door.id)), "--json")
    status, told = cli("figure", "doors_settled", "area:示例网格", "--trace", "--json")
    assert (status, told["value"], told["denominator"]) == (0, 1, 1)
    assert [row["place_id"] for row in told["trace"]] == [str(town.a_door.id)]
    assert "1 / 1" in cli("figure", "doors_settled", "area:示例网格")[1]


def test_figures_are_asked_of_those_who_may(cli: Cli, town: Cast) -> None:
    assert cli("figure", "visits", str(town.a.code), "--as", "secretary.a", "--json")[0] == 0
    status, told = cli("figure", "visits", str(town.a.code), "--as", "secretary.b", "--json")
    assert (status, told["code"]) == (1, "not_found")
    assert cli("figure", "nonsense", str(town.a.code), "--json")[1]["code"] == "unknown_figure"
    yesterday = str(clock.today() - timedelta(days=1))
    assert (
        cli("figure", "visits", str(town.a.code), "--from", str(clock.today()), "--to", yesterday, "--json")[1]["code"]
        == "period_backwards"
    )
    assert cli("figure", "visits", "220106001999", "--json")[0] == 1


def test_a_missing_file_is_said(cli: Cli, town: Cast) -> None:
    status, told = cli("records", "send", "/nowhere/示例.jsonl", "--json")
    assert (status, told["code"]) == (1, "no_such_file")


def test_rebuild_checks_and_mends(cli: Cli, town: Cast, tmp_path: Path) -> None:
    cli("records", "send", written(tmp_path, record(town.a_door.id)), "--json")
    assert cli("rebuild", "--check", "--json")[1]["same"] is True
    with connection.cursor() as cursor:
        cursor.execute("update rounds_visittally set visits = 7")
    status, told = cli("rebuild", "--check", "--json")
    assert (status, told["same"], told["mended"]) == (1, False, False)
    [wrong] = [one for one in told["tables"] if one["different"]]
    assert (wrong["table"], wrong["rows"], wrong["sample"][0]["outcome"]) == ("rounds_visittally", 1, "seen")
    assert "✗ rounds_visittally" in cli("rebuild", "--check")[1]
    status, told = cli("rebuild", "--only", "rounds.visit_tally", "--json")
    assert (status, told["mended"]) == (0, True)
    assert cli("rebuild", "--check", "--json")[0] == 0
    assert cli("rebuild", "--only", "nonsense")[0] == 2


def test_a_restored_database_is_taken_over(cli: Cli, capsys: pytest.CaptureFixture[str], town: Cast, tmp_path: Path) -> None:
    cli("records", "send", written(tmp_path, record(town.a_door.id)), "--json")
    with superuser() as server:
        server.execute("update ledger_cursor set cluster = 1")
    status, told = cli("figure", "visits", str(town.a.code), "--json")
    assert (status, told["code"]) == (1, "foreign_cluster")
    assert part.take_over(argparse.Namespace(json=False)) == frame.DONE
    capsys.readouterr()
    assert cli("figure", "visits", str(town.a.code), "--from", "2020-01-01", "--json")[1]["value"] == 1


def test_where_a_folder_runs_the_commands_leave_it_to_that(cli: Cli, town: Cast, tmp_path: Path) -> None:
    with superuser() as other:
        other.execute("select pg_advisory_lock(%s)", [cursors.LOCK])
        status, told = cli("records", "send", written(tmp_path, record(town.a_door.id)))
        assert status == 0
        assert len(told.splitlines()) == 2, "saved, figures follow"
        assert table("rounds_visittally") == []
