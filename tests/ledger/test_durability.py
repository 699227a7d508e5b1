"""No process of ours works on a server that confirms what it may lose; servers of tests say that they may."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import connection

from lianfang.kernel.db import ONLY_FOR_TESTS
from lianfang.ledger.durability import Unsafe

pytestmark = pytest.mark.django_db


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
