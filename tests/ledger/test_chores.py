"""What the clock brings is done by the folder: each thing for itself, and what fails leaves the others to go on."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection

from lianfang.kernel.errors import Refused
from lianfang.ledger import chores
from tests.committed import transactional_db

__all__ = ["transactional_db"]


class NotToday(Refused):
    """Not today."""


@pytest.fixture(autouse=True)
def only_ours() -> Iterator[None]:
    """The chores of the duties are put aside."""
    others = dict(chores._chores)
    chores._chores.clear()
    yield
    chores._chores.clear()
    chores._chores.update(others)


def test_a_chore_that_is_refused_or_fails_is_told_and_the_others_are_done(db: None, caplog: pytest.LogCaptureFixture) -> None:
    def refused() -> int:
        raise NotToday

    def fails() -> int:
        raise DatabaseError("王示例 15400000001")

    chores.register("statement", refused)
    chores.register("series", fails)
    chores.register("reminder", lambda: 2)
    chores.register("closing", lambda: 1)
    with caplog.at_level(logging.ERROR, logger="lianfang.chores"):
        assert chores.do_what_is_due() == 3
    told = [record.getMessage() for record in caplog.records]
    assert told == [f"chore statement: {NotToday().code}", "chore series: DatabaseError"]  # and nothing of what they were about


def test_a_lost_database_is_not_hidden_from_the_folder(transactional_db: None) -> None:
    def loses() -> int:
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(pg_backend_pid())")
        return 1

    chores.register("loses", loses)
    with pytest.raises(DatabaseError):
        chores.do_what_is_due()
    connection.close()


def test_a_chore_is_registered_once() -> None:
    chores.register("statement", lambda: 0)
    with pytest.raises(ValueError, match="statement is registered twice"):
        chores.register("statement", lambda: 0)
