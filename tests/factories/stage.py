"""What is costly to make, made once for many tests: in a transaction around theirs, which each of them leaves as it found it.

A test that does not ask for it finds an empty database, whatever comes before and after it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Generic, TypeVar

from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

Made = TypeVar("Made")


class Stage(Generic[Made]):
    """Opened when a test asks for it, closed before one that does not."""

    def __init__(self, build: Callable[[], Made], *, anew_for_each_module: bool) -> None:
        self.build = build
        self.anew_for_each_module = anew_for_each_module
        self.blocker: DjangoDbBlocker | None = None
        self.around: transaction.Atomic | None = None
        self.made: Made | None = None
        self.module: Path | None = None

    def turn_to(self, module: Path, *, asked: bool) -> None:
        """A test comes: if it did not ask, nothing of this stands."""
        if not asked or (self.anew_for_each_module and module != self.module):
            self.close()
        self.module = module

    def open(self) -> None:
        """Make it in a transaction that stays open."""
        if self.around is None and self.blocker is not None:
            with self.blocker.unblock():
                around = transaction.atomic()
                around._from_testcase = True  # type: ignore[attr-defined]  # as Django's own tests do: what must be outermost may be
                around.__enter__()
                self.around = around
                self.made = self.build()
                connection.check_constraints()  # once, and not again at the end of each test

    def close(self) -> None:
        """Take it back."""
        if self.around is not None and self.blocker is not None:
            with self.blocker.unblock():
                transaction.set_rollback(True)
                self.around.__exit__(None, None, None)
            self.around = self.made = None

    def copy(self) -> Made:
        """What was made, for one test to do with as it likes."""
        assert self.made is not None, "it is not open"
        return deepcopy(self.made)
