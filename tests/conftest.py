"""Fixtures for all tests. Settings and server are in `tests/settings.py`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate
from pytest_django.plugin import DjangoDbBlocker

from lianfang.config.runtime import migrating, roles
from lianfang.ground.places.commands import load_shipped
from lianfang.ground.places.types import LoadReport
from tests import fuzzing, tracing
from tests.factories.cast import Cast, build
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
    with migrating.one_by_one():
        yield
    pre_migrate.disconnect(dispatch_uid="tests")
    post_migrate.disconnect(dispatch_uid="tests")


# What is made once for many tests, by the fixture with which a test asks for it.
STAGES: dict[str, Stage[Any]] = {
    "cast_on_stage": Stage(build, anew_for_each_module=True),
    "real_lists_on_stage": Stage(load_shipped, anew_for_each_module=False),
}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Coverage looks on where it is wanted."""
    tracing.turn(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a test asks for stands before any other fixture of it, and nothing else does."""
    wanted = {name: name in getattr(item, "fixturenames", ()) for name in STAGES}
    for name, asked in wanted.items():
        STAGES[name].turn_to(item.path, asked=asked)
    for name, asked in wanted.items():
        if asked:
            STAGES[name].open()


def _on_stage(name: str, blocker: DjangoDbBlocker) -> Iterator[Callable[[], Any]]:
    stage = STAGES[name]
    stage.blocker = blocker
    stage.open()
    yield stage.copy
    stage.close()


@pytest.fixture(scope="session")
def cast_on_stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], Cast]]:
    """The cast as `tests.factories.cast` hands it out."""
    yield from _on_stage("cast_on_stage", django_db_blocker)


@pytest.fixture(scope="session")
def real_lists_on_stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], list[LoadReport]]]:
    """The lists that are shipped, loaded once for the tests of every module of one worker that ask for them."""
    yield from _on_stage("real_lists_on_stage", django_db_blocker)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers, what takes long begins first."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        from tests.spreading import longest_first  # there is no xdist where one worker runs everything alone

        longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """A file is one worker's; those on the real lists are all one worker's."""
    from tests.spreading import ByFile  # there is no xdist where one worker runs everything alone

    return ByFile(config, log)
