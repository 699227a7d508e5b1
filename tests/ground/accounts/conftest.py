"""The cast for tests of accounts."""

from tests.factories.cast import cast

__all__ = ["cast"]
