"""What imports cannot show about the borders between contexts."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

SOURCE = Path(__file__).parents[2] / "src" / "lianfang"
LAYERS = ("kernel", "ground", "ledger", "work", "headquarters", "doors", "config")
GROUND = ("changes", "places", "people", "accounts", "incidents", "organisations", "rosters")
BANNED = {"utils", "helpers", "misc", "manager", "data", "info", "process", "handle"}


def height(module: str) -> tuple[int, int]:
    """How high a module stands: its layer, and inside ground its place in the order."""
    parts = module.split(".")
    layer = LAYERS.index(parts[1])
    return layer, GROUND.index(parts[2]) if parts[1] == "ground" else 0


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("lianfang.")]


def test_links_between_contexts_point_down_and_are_not_seen_from_below() -> None:
    crossing = [
        field
        for model in ours()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model.__module__.startswith("lianfang.")
        and field.related_model._meta.app_label != model._meta.app_label
    ]
    wrong = [
        f"{field.model._meta.label}.{field.name}"
        for field in crossing
        if field.remote_field.related_name != "+" or height(field.related_model.__module__) >= height(field.model.__module__)
    ]
    assert crossing, "there are links between contexts, or this test looks at nothing"
    assert wrong == []


def test_doors_and_headquarters_neither_query_nor_write_tables() -> None:
    # Commands and steps of headquarters write tables of their own; those of others they cannot even import (.importlinter).
    forbidden = re.compile(r"\.objects\b|\.save\(\)|\.save\(update_fields|\.delete\(\)|\bcursor\(\)|\bconnection\.")
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for layer in ("doors", "headquarters")
        for path in sorted((SOURCE / layer).rglob("*.py"))
        if not {"queries", "projections", "figures", "migrations"} & set(path.parts)
        and not (layer == "headquarters" and "commands" in path.parts)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []


def test_sql_of_a_projection_writes_its_own_tables_only() -> None:
    written = re.compile(r"\b(?:insert into|update|delete from|merge into)\s+([a-z_]+)", re.IGNORECASE)
    files = sorted(SOURCE.glob("work/*/projections/*.sql"))
    assert files
    wrong = {
        f"{path.relative_to(SOURCE)}: {table}"
        for path in files
        for table in written.findall(re.sub(r"--.*", "", path.read_text()))
        if table not in {"set", "of"} and not table.startswith((f"{path.parts[-3]}_", "touched", "batch"))
    }
    assert wrong == set()


def test_names_are_the_fields_words() -> None:
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        if path.stem in BANNED:
            wrong.append(str(path.relative_to(SOURCE)))
        wrong += [
            f"{path.relative_to(SOURCE)}: {node.name}"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.lower() in BANNED
        ]
    assert wrong == []


def test_only_the_clock_reads_the_clock() -> None:
    readers = re.compile(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|timezone\.now\(")
    found = [
        str(path.relative_to(SOURCE))
        for path in sorted(SOURCE.rglob("*.py"))
        if path.name != "clock.py" and readers.search(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("context", sorted(path.parent.name for path in SOURCE.glob("*/*/apps.py")))
def test_every_context_says_what_it_owns(context: str) -> None:
    [init] = [path for path in SOURCE.glob(f"*/{context}/__init__.py") if (path.parent / "apps.py").exists()]
    assert len(ast.get_docstring(ast.parse(init.read_text())) or "") > 80


def test_migrations_are_named_by_what_they_do() -> None:
    names = [path.stem for path in SOURCE.rglob("migrations/0*.py")]
    assert names
    assert [name for name in names if "auto" in name or not re.fullmatch(r"\d{4}_[a-z][a-z_]+", name)] == []


def test_every_rule_is_among_what_must_be_covered() -> None:
    rules = {
        ".".join(found.relative_to(SOURCE.parent).with_suffix("").parts)
        for found in SOURCE.rglob("rules*")
        if "migrations" not in found.parts and (found.is_dir() or found.suffix == ".py")
    }
    measured = set(tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text())["tool"]["coverage"]["run"]["source"])
    assert len(rules) > 5
    assert {name for name in rules if not any(name == one or name.startswith(f"{one}.") for one in measured)} == set()
    assert {name for name in measured if not importlib.util.find_spec(name)} == set()
