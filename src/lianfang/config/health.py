"""Health endpoints for supervisors and proxies. They say states, never figures or names."""

from __future__ import annotations

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from lianfang.config.beats import last_beat
from lianfang.kernel.errors import Refused

FOLDER_LATE = 30  # seconds without a sign of life after which the folder counts as missing

_migrated: set[str] = set()


@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"live": True})


@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """The process can serve: database, schema, folder. 503 when pages would fail; a late folder only shows."""
    try:
        database = _database_answers()
        schema = database and _schema_stands()
    except (Error, Refused):
        database = schema = False
    beat = last_beat("folder")
    folder = beat is not None and beat <= FOLDER_LATE
    states = {"database": database, "schema": schema, "folder": folder, "folder_beat_seconds": beat}
    return JsonResponse({"ready": database and schema, **states}, status=200 if database and schema else 503)


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return bool(cursor.fetchone() == (1,))


def _schema_stands() -> bool:
    """Whether all migrations are applied. Once true it stays true for this program: migrations come with new code."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add("all")
    return True
