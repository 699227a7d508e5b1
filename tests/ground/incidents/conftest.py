"""The cast for tests of incidents."""

from tests.factories.cast import cast

__all__ = ["cast"]
