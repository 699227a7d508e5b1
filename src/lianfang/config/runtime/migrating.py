"""Migrations in a quarter of the time: of the tables as they were at each step, only the one that changes is drawn up again.

At every step of a migration Django draws up anew the model that changes and all that are related to it, in our case nearly all there
are: for new tables and columns, indexes and constraints the model itself is enough. Where a column changes that others refer to, or a
relation goes away, every model is drawn up again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate as command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class OneByOne(ProjectState):
    """The tables as they were, of which one is drawn up again where one is enough."""

    _adding = False

    def add_model(self, *told: Any, **more: Any) -> None:
        """What is new is not referred to yet."""
        with self._one():
            super().add_model(*told, **more)

    def add_field(self, *told: Any, **more: Any) -> None:
        """The same."""
        with self._one():
            super().add_field(*told, **more)

    @contextmanager
    def _one(self) -> Iterator[None]:
        self._adding = True
        try:
            yield
        finally:
            self._adding = False

    def _find_reload_model(self, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:  # noqa: FBT001, FBT002 - Django's own
        return {(app_label, model_name)} if delay or self._adding else set(self.models)


class _Executor(MigrationExecutor):
    def migrate(self, targets: Any, plan: Any = None, state: ProjectState | None = None, *args: Any, **more: Any) -> ProjectState:
        light = OneByOne(state.models, state.real_apps) if state else None  # Django's command always brings one
        return super().migrate(targets, plan, light, *args, **more)


@contextmanager
def one_by_one() -> Iterator[None]:
    """Inside, Django's own command migrates so."""
    names = vars(command)
    whole, names["MigrationExecutor"] = names["MigrationExecutor"], _Executor
    try:
        yield
    finally:
        names["MigrationExecutor"] = whole


def migrate() -> None:
    """Bring the tables of the database Django is pointed to up to this code; a database that is there already is only looked at."""
    known = MigrationExecutor(connection)
    if not known.migration_plan(known.loader.graph.leaf_nodes()):
        return
    with one_by_one():
        call_command("migrate", verbosity=0, interactive=False)
