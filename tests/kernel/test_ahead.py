"""Working ahead: the order, what is raised, and an early end."""

from __future__ import annotations

from collections.abc import Iterator
from threading import active_count

import pytest

from lianfang.kernel.ahead import ahead


def test_items_come_in_order_and_one_is_made_ahead() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(5):
            made.append(number)
            yield number

    assert list(ahead(items())) == made == list(range(5))


def test_what_the_maker_raises_is_raised_at_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError

    read = ahead(items())
    assert next(read) == 1
    with pytest.raises(LookupError):
        next(read)


def test_a_reader_that_stops_early_stops_the_maker() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        while True:
            made.append(len(made) + 1)
            yield made[-1]

    before, read = active_count(), ahead(items())
    assert next(read) == 1
    read.close()
    assert (active_count(), len(made) < 5) == (before, True)
