"""The cast for tests of organisations."""

from tests.factories.cast import cast

__all__ = ["cast"]
