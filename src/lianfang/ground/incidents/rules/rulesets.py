"""Rule sets and the list of measures, read once from the files in `rule_sets/`. None is active until an incident chooses one."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lianfang.ground.incidents.types import Meaning, RuleSet, RulesNotOfThatDay, UnknownMeasure, UnknownRules

FOLDER = Path(__file__).parent.parent / "rule_sets"
_MEASURES = "measures.json"


def _meaning(form: dict[str, Any]) -> Meaning:
    return Meaning(
        key=form["key"],
        name=form["name"],
        term=form["term"],
        aspect=form["aspect"],
        rank=form["rank"],
        implies=tuple(form.get("implies", ())),
        at_most_days=form.get("at_most_days"),
    )


@cache
def measures() -> dict[str, Meaning]:
    """Measures that need no rule set, by key."""
    form = json.loads((FOLDER / _MEASURES).read_text())
    return {one["key"]: _meaning(one) for one in form["measures"]}


@cache
def aspects() -> dict[str, tuple[str, str]]:
    """The respects in which measures are compared, each with its English and Chinese name, in the order in which they are shown."""
    form = json.loads((FOLDER / _MEASURES).read_text())
    return {one["key"]: (one["name"], one["term"]) for one in form["aspects"]}


@cache
def rule_sets() -> dict[str, RuleSet]:
    """All rule sets by id, the earliest first."""
    forms = [json.loads(path.read_text()) for path in FOLDER.glob("*.json") if path.name != _MEASURES]
    return {form["id"]: _rule_set(form) for form in sorted(forms, key=lambda one: str(one["first_day"]))}


def _rule_set(form: dict[str, Any]) -> RuleSet:
    return RuleSet(
        id=form["id"],
        name=form["name"],
        term=form["term"],
        first_day=form["first_day"],
        last_day=form["last_day"],
        source=form["source"],
        zones=tuple(_meaning({"aspect": "zone", **zone}) for zone in form["zones"]),
        subjects=tuple(form["subjects"]),
        release=form["release"],
    )


def rule_set(identifier: str) -> RuleSet:
    """One rule set. Raises UnknownRules."""
    found = rule_sets().get(identifier)
    if found is None:
        raise UnknownRules(id=identifier)
    return found


def held_on(rules: RuleSet, day: date) -> bool:
    """Whether a rule set was in force in the country on a day. Its last day is included."""
    return date.fromisoformat(rules.first_day) <= day and (rules.last_day is None or day <= date.fromisoformat(rules.last_day))


def chosen(identifier: str, day: date) -> RuleSet:
    """The rule set that is chosen for an incident from a day on. Raises UnknownRules, RulesNotOfThatDay."""
    found = rule_set(identifier)
    if not held_on(found, day):
        raise RulesNotOfThatDay(id=identifier, day=day.isoformat())
    return found


def choices(identifier: str) -> dict[str, Meaning]:
    """What may be raised under a rule set (empty: none): its zones first, then the measures that need no rules."""
    zones = {zone.key: zone for zone in rule_set(identifier).zones} if identifier else {}
    return zones | measures()


def meaning(identifier: str, key: str) -> Meaning:
    """What a measure means under a rule set. Raises UnknownMeasure."""
    found = choices(identifier).get(key)
    if found is None:
        raise UnknownMeasure(key=key)
    return found


def meanings(identifier: str, key: str) -> list[Meaning]:
    """A measure and all it implies, each in its own respect."""
    whole = meaning(identifier, key)
    return [whole, *(meaning(identifier, implied) for implied in whole.implies)]
