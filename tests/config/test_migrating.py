"""Tables made by drawing up one model at a time are those that the models mean."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from pytest_django.plugin import DjangoDbBlocker

from lianfang.config.runtime import binaries, migrating
from tests.committed import superuser
from tests.settings import SERVER

OURS = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


@pytest.mark.django_db
def test_every_column_index_and_constraint_that_a_model_names_is_there() -> None:
    """The database of the tests was made so."""
    missing = []
    with connection.cursor() as cursor:
        for model in OURS:
            table = model._meta.db_table
            there = {column.name: column.null_ok for column in connection.introspection.get_table_description(cursor, table)}
            meant = {field.column: field.null for field in model._meta.local_fields if field.column}
            held = connection.introspection.get_constraints(cursor, table)
            named = {one.name for one in (*model._meta.indexes, *model._meta.constraints)}
            leads = {tuple(one["columns"]) for one in held.values() if one["foreign_key"]}
            wanted = {(field.column,) for field in model._meta.local_fields if isinstance(field, models.ForeignKey) and field.db_constraint}
            missing += [f"{table}: {name}" for name in named - held.keys()]
            missing += [f"{table}: {column}" for column, null in meant.items() if there.get(column) is not null]
            missing += [f"{table} leads nowhere: {columns}" for columns in wanted - leads]
    assert missing == []
    assert len(OURS) > 100


def _dump(place: Path, name: str) -> str:
    """A database as SQL, without what is another at every dump, and without Django's own numbers."""
    command = [binaries.find(place, None) / "pg_dump", "--schema-only", "-h", SERVER.host, "-p", str(SERVER.port), "-U", SERVER.user, name]
    done = subprocess.run(command, env={"PGPASSWORD": SERVER.password}, check=True, timeout=60, capture_output=True, text=True)
    return re.sub(r"(?m)^\\(un)?restrict .*$", "", done.stdout)


@pytest.mark.skipif(os.environ.get("LIANFANG_FULL") != "1", reason="migrates twice: LIANFANG_FULL=1")
def test_the_tables_are_those_of_django_alone(tmp_path: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        before, dumps = str(connection.settings_dict["NAME"]), []
        for name, ours in ((f"{before}_one", True), (f"{before}_whole", False)):
            connection.close()
            with superuser() as server:
                server.execute(f'drop database if exists "{name}"'.encode())
                server.execute(f'create database "{name}" owner lianfang_owner'.encode())
            with psycopg.connect(replace(SERVER, name=name).url(), autocommit=True) as server:
                server.execute("create extension if not exists btree_gist")
            connection.settings_dict["NAME"] = name
            try:
                migrating.migrate() if ours else call_command("migrate", verbosity=0, interactive=False)
                dumps.append(_dump(tmp_path, name))
            finally:
                connection.close()
                connection.settings_dict["NAME"] = before
            with superuser() as server:
                server.execute(f'drop database "{name}"'.encode())
    assert dumps[0] == dumps[1]
    assert dumps[0].count("CREATE TABLE") > 100
