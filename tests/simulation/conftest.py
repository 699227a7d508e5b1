"""Fixtures of the tests of the simulation."""

from tests.ledger.conftest import cast, town, transactional_db

__all__ = ["cast", "town", "transactional_db"]
