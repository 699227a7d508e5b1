"""The cast for tests of people."""

from tests.factories.cast import cast

__all__ = ["cast"]
