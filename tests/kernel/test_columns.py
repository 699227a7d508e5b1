"""Long columns come to the server as they are."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from lianfang.kernel.columns import columns_of
from lianfang.kernel.db import columns_cursor


@pytest.mark.django_db
def test_rows_come_as_they_are_with_nulls_rare_characters_and_long_values() -> None:
    rows = [
        (UUID(int=1), "𠮷王示例", b"\0\xff" * 700, 7, date(2022, 3, 11), None),
        (None, None, None, None, None, None),
        (UUID(int=2**128 - 1), "", b"", -1, date(1900, 1, 1), None),
    ]
    with columns_cursor() as cursor:
        cursor.execute("select * from unnest(%b::uuid[], %b::text[], %b::bytea[], %b::int[], %b::date[], %b::uuid[])", columns_of(rows, 6))
        assert cursor.fetchall() == rows
        cursor.execute("select * from unnest(%b::uuid[], %b::text[])", columns_of([], 2))
        assert cursor.fetchall() == []
    connection.close()
