"""The published language: every kind is whole, its schema is fixed, and the page about it is current."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from lianfang.ledger import kinds
from lianfang.ledger.kinds import Kind, rendering
from lianfang.ledger.kinds.attendance import Duty, Presence
from lianfang.ledger.kinds.corrections import Action, Correction, NothingReplaced, WithdrawnAndReplaced
from lianfang.ledger.kinds.doorsteps import NobodyAsked, NobodyWasSeen, Outcome, Visit
from lianfang.ledger.kinds.registry import Body, Retention, kind

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "src/lianfang/ledger/kinds/schemas"
EVERY = pytest.mark.parametrize("one", kinds.every(), ids=lambda one: f"{one.name}.{one.version}")


@EVERY
def test_a_kind_says_what_it_means_in_both_languages(one: Kind) -> None:
    assert len(one.meaning) > 30
    assert re.search("[一-鿿]", one.term)
    for field in one.schema()["$defs"][one.body.__name__]["properties"].values():
        assert field["title"]
        assert re.search("[一-鿿]", field["term"])


@EVERY
def test_a_sample_is_a_payload_and_follows_the_schema(one: Kind) -> None:
    body = msgspec.convert(dict(one.sample), one.body)
    assert body.breach() is None
    jsonschema.validate(msgspec.to_builtins(body), one.schema(), format_checker=jsonschema.FormatChecker())


@EVERY
def test_a_changed_schema_needs_a_new_version(one: Kind) -> None:
    assert json.loads((SCHEMAS / f"{one.name}.{one.version}.json").read_text()) == one.schema(), (
        "run tools/records_doc.py for a new version"
    )


def test_no_version_was_ever_taken_away() -> None:
    stored = {tuple(path.name.removesuffix(".json").split(".")) for path in SCHEMAS.iterdir()}
    assert stored == {(one.name, str(one.version)) for one in kinds.every()}


def _texts(told: dict[str, Any], path: str) -> Iterator[str]:
    """Paths of fields that could hold free text."""
    if told.get("type") == "string" and not ({"enum", "format", "pattern"} & set(told)):
        yield path
    for part in told.get("anyOf", ()):
        yield from _texts(part, path)
    for name, field in told.get("properties", {}).items():
        yield from _texts(field, f"{path}.{name}")


@EVERY
def test_payloads_hold_no_free_text(one: Kind) -> None:
    schema = one.schema()
    assert [found for told in schema["$defs"].values() for found in _texts(told, one.name)] == []


@EVERY
def test_what_is_not_known_is_refused_rather_than_kept(one: Kind) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert(dict(one.sample) | {"name": "王示例"}, one.body)


def test_the_page_about_records_is_current() -> None:
    assert (ROOT / "docs/records.md").read_text() == rendering.document(), "run tools/records_doc.py"


def test_the_list_for_programs_is_json() -> None:
    listed = json.loads(json.dumps(rendering.all_kinds()))
    assert [(one["name"], one["version"]) for one in listed] == [(one.name, one.version) for one in kinds.every()]


def test_a_superseded_version_is_taken_for_thirty_days_more() -> None:
    old = Kind("old", 1, Presence, Retention.SERVICE, "Old", "旧", {}, superseded_on=date(2026, 3, 1))
    assert kinds.still_taken(old, date(2026, 3, 1) + timedelta(days=30))
    assert not kinds.still_taken(old, date(2026, 3, 1) + timedelta(days=31))
    assert kinds.still_taken(kinds.current("visit"), date(2099, 1, 1))


def test_a_kind_cannot_be_declared_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        kind("visit", version=1, retention=Retention.RESIDENT, english="", term="", sample={})(type("Again", (Body,), {}))


def test_the_newest_version_is_the_current_one() -> None:
    assert kinds.current("visit") is kinds.of(Visit(outcome=Outcome.SEEN)) is kinds.find("visit", 2)
    assert "visit" in kinds.names()
    assert kinds.find("visit", 999) is None


def test_only_gate_logs_roll() -> None:
    assert {retention: retention.rolling_days for retention in Retention if retention.rolling_days} == {Retention.GATE: 30}


@pytest.mark.parametrize(
    ("visit", "broken"),
    [
        (Visit(outcome=Outcome.SEEN, people_seen=3, wants_help=True), None),
        (Visit(outcome=Outcome.DARK, people_seen=1), NobodyWasSeen),
        (Visit(outcome=Outcome.VACANT, wants_help=True), NobodyAsked),
        (Visit(outcome=Outcome.PHONE, wants_help=True), None),
    ],
)
def test_a_visit_does_not_contradict_itself(visit: Visit, broken: type[Exception] | None) -> None:
    assert type(visit.breach()) is (broken or type(None))


@pytest.mark.parametrize(
    ("correction", "broken"),
    [
        (Correction(kind="visit", version=1, action=Action.REPLACE), NothingReplaced),
        (Correction(kind="visit", version=1, action=Action.WITHDRAW, to={}), WithdrawnAndReplaced),
        (Correction(kind="visit", version=1, action=Action.WITHDRAW), None),
        (Correction(kind="visit", version=1, action=Action.REPLACE, to={}), None),
    ],
)
def test_a_correction_says_what_holds_instead(correction: Correction, broken: type[Exception] | None) -> None:
    assert type(correction.breach()) is (broken or type(None))


def test_stored_words_are_the_values() -> None:
    assert Duty("on") is Duty.ON == "on"
    assert (Duty.ON.english, Duty.ON.term) == ("on duty", "上岗")
