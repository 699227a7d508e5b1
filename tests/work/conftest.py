"""Fixtures of the tests of the duties."""

from tests.ledger.conftest import cast, town, transactional_db

__all__ = ["cast", "town", "transactional_db"]
