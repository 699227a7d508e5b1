"""Fixtures for all tests. Settings and server are in `tests/settings.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate
from pytest_django.plugin import DjangoDbBlocker

from lianfang.config.runtime import roles
from tests import fuzzing
from tests.factories.cast import Cast
from tests.factories.stage import Stage

fuzzing.load()


def _extensions(**_: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists btree_gist")


def _grants(**_: object) -> None:
    connection.ensure_connection()
    roles.grant_common(connection.connection)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """The test database gets what `setup` gives a real one: the extension before, the common grants after migrating."""
    pre_migrate.connect(_extensions, dispatch_uid="tests")
    post_migrate.connect(_grants, dispatch_uid="tests")
    yield
    pre_migrate.disconnect(dispatch_uid="tests")
    post_migrate.disconnect(dispatch_uid="tests")


STAGE = Stage()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The cast is there for the tests of a module that ask for it, and for no other: before any fixture of the test."""
    STAGE.turn_to(item.path, asked="cast_on_stage" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def cast_on_stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], Cast]]:
    """The cast as `tests.factories.cast` hands it out."""
    STAGE.blocker = django_db_blocker
    STAGE.open()
    yield STAGE.cast
    STAGE.close()
