"""The cast made once for the tests of a module, in a transaction around theirs, which each of them leaves as it found it.

A test that does not ask for the cast finds an empty database, whatever comes before and after it.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.factories.cast import Cast, build


class Stage:
    """Opened when a test asks for the cast, closed before one that does not."""

    def __init__(self) -> None:
        self.blocker: DjangoDbBlocker | None = None
        self.around: transaction.Atomic | None = None
        self.made: Cast | None = None
        self.module: Path | None = None

    def turn_to(self, module: Path, *, asked: bool) -> None:
        """A test comes: it has the cast of its module, or none."""
        if module != self.module or not asked:
            self.close()
        self.module = module
        if asked:
            self.open()

    def open(self) -> None:
        """Make the cast in a transaction that stays open."""
        if self.around is None and self.blocker is not None:
            with self.blocker.unblock():
                around = transaction.atomic()
                around._from_testcase = True  # type: ignore[attr-defined]  # as Django's own tests do: what must be outermost may be
                around.__enter__()
                self.around = around
                self.made = build()
                connection.check_constraints()

    def close(self) -> None:
        """Take it back."""
        if self.around is not None and self.blocker is not None:
            with self.blocker.unblock():
                transaction.set_rollback(True)
                self.around.__exit__(None, None, None)
            self.around = self.made = None

    def cast(self) -> Cast:
        """The cast, for one test to do with as it likes."""
        return deepcopy(self.made)  # type: ignore[return-value]  # it is open
