"""Working ahead: what comes next is made in a thread of its own while what came before is being written down."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

_T = TypeVar("_T")
_LOOKS_UP_EVERY = 0.2  # seconds after which a maker that waits for room sees that nobody wants any more


@dataclass(slots=True)
class _Word(Generic[_T]):
    """What a maker hands over: an item, what it raised, or neither: there are no more."""

    item: _T | None = None
    raised: BaseException | None = None


class _Maker(Thread, Generic[_T]):
    """Makes items until there are none, one raises, or nobody wants any more."""

    def __init__(self, items: Iterable[_T]) -> None:
        super().__init__(name="ahead", daemon=True)
        self.ready: Queue[_Word[_T]] = Queue(1)
        self.stopping = Event()
        self._items, self._context = items, copy_context()

    def run(self) -> None:
        """In the context of whoever began it: the clock of a test stands still here too."""
        self._context.run(self._make)

    def _make(self) -> None:
        try:
            for item in self._items:
                self._hand(_Word(item))
                if self.stopping.is_set():
                    return
            self._hand(_Word())
        except BaseException as raised:  # noqa: BLE001 - it is raised again where the items are read
            self._hand(_Word(raised=raised))

    def _hand(self, word: _Word[_T]) -> None:
        while not self.stopping.is_set():
            with suppress(Full):
                self.ready.put(word, timeout=_LOOKS_UP_EVERY)
                return

    def stop(self) -> None:
        """Let it go, and wait until it has."""
        self.stopping.set()
        self.join()


def ahead(items: Iterable[_T]) -> Generator[_T, None, None]:
    """The same items in the same order, the next one made while the reader is at work on this one.

    For makers that reckon and readers that wait for the database: a maker must not use the database itself. What a maker raises is raised
    to the reader at its place. Where the reader stops early, so does the maker.
    """
    maker = _Maker(items)
    maker.start()
    try:
        while (word := maker.ready.get()).item is not None:
            item, word = word.item, _Word()
            yield item
            del item
        if word.raised is not None:
            raise word.raised
    finally:
        maker.stop()
