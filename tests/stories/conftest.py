"""A story has a database to itself, from its first page to its last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.committed import empty


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Stands in for the fixture of pytest-django: for all tests of a module, committed; nobody is asked for a second factor."""
    with django_db_blocker.unblock(), override_settings(LIANFANG_DEMO="tests"):
        empty()
        yield
        connection.close()
        empty()
