"""Fixtures of the tests of headquarters."""

from tests.ledger.conftest import cast, town, transactional_db

__all__ = ["cast", "town", "transactional_db"]
