"""No process of ours works on a server that confirms what it may lose; servers of tests say that they may."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.kernel.db import ONLY_FOR_TESTS
from lianfang.ledger.durability import Unsafe, must_keep_what_it_confirms

pytestmark = pytest.mark.django_db


def test_a_connection_from_a_pool_is_asked_once_in_its_life() -> None:
    must_keep_what_it_confirms(connection)
    with CaptureQueriesContext(connection) as asked:
        must_keep_what_it_confirms(connection)
    assert len(asked) == 0


def test_a_connection_whose_commits_may_be_lost_is_refused_and_closed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("show fsync")
        kept = cursor.fetchone() == ("on",)
    for commits, fit in (("off", False), ("on", kept)):
        other = connection.copy()
        other.settings_dict = deepcopy(connection.settings_dict)
        other.settings_dict["OPTIONS"]["options"] += f" -c {ONLY_FOR_TESTS}=off -c synchronous_commit={commits}"
        if fit:
            other.connect()
            other.close()
            continue
        with pytest.raises(Unsafe, match="switched off"):
            other.connect()
        assert other.connection is None
