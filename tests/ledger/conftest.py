"""Fixtures of the ledger's tests."""

from __future__ import annotations

import pytest

from tests.committed import transactional_db
from tests.factories.cast import Cast, cast, make_cast

__all__ = ["cast", "transactional_db"]


@pytest.fixture
def town(transactional_db: None) -> Cast:
    """The cast, committed."""
    return make_cast()
