"""Fixtures of the ledger's tests."""

from __future__ import annotations

import pytest

from tests.committed import transactional_db
from tests.ledger.town import Town, found_town

__all__ = ["transactional_db"]


@pytest.fixture
def town(transactional_db: None) -> Town:
    """The town, committed."""
    return found_town()
