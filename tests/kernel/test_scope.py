"""The second lock: what a transaction of the web role sees, and that leaving it puts everything back."""

from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import DataError, ProgrammingError

from lianfang.kernel import db
from lianfang.kernel.ids import new_id
from lianfang.kernel.ranges import Range

pytestmark = pytest.mark.django_db

INSERT = 'insert into changes_change (at, reason, "table", position, action) values'


def rows() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute('select position from changes_change where "table" = %s order by 1', ["t"])
        return [row[0] for row in cursor.fetchall()]


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        return str(cursor.fetchone()[0])


@pytest.fixture
def five_rows() -> None:
    with connection.cursor() as cursor:
        for position in (10, 20, 30, 40, 50):
            cursor.execute(f"{INSERT} (now(), '', 't', %s, 'x')", [position])


def test_rows_outside_the_ranges_do_not_exist(five_rows: None) -> None:
    with db.scope([Range(10, 20), Range(40, 51)], None):
        assert role() == "lianfang_web"
        assert rows() == [10, 40, 50]
    assert rows() == [10, 20, 30, 40, 50]
    assert role() != "lianfang_web"


def test_no_range_sees_nothing_and_more_than_four_are_covered(five_rows: None) -> None:
    with db.scope([], None):
        assert rows() == []
    with db.scope([Range(n, n + 1) for n in (10, 20, 30, 40, 50)], None):
        assert set(rows()) >= {10, 20, 30, 40, 50}


def test_a_failing_block_leaves_role_and_ranges_as_they_were(five_rows: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic(), db.scope([Range(10, 20)], None):
        raise RuntimeError
    assert rows() == [10, 20, 30, 40, 50]


def test_the_web_role_can_neither_write_nor_change_the_log(five_rows: None) -> None:
    for statement in (f"{INSERT} (now(), '', 't', 1, 'x')", "update changes_change set reason = 'x'"):
        with pytest.raises(ProgrammingError, match="permission denied"), db.scope([Range(0, 100)], None):
            connection.cursor().execute(statement)


def test_even_the_owner_cannot_rewrite_the_log(five_rows: None) -> None:
    for statement in ("update changes_change set reason = 'x'", "delete from changes_change", "truncate changes_change"):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_actor_is_the_transactions_own() -> None:
    actor: UUID = new_id()
    with db.acting(actor, "搬家"), connection.cursor() as cursor:
        cursor.execute("select current_setting('lianfang.actor'), current_setting('lianfang.reason')")
        assert cursor.fetchone() == (str(actor), "搬家")
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('lianfang.actor', true)")
        assert cursor.fetchone()[0] == ""


def test_whole_columns_are_sent_with_their_gaps_and_refused_like_any_statement() -> None:
    with db.columns_cursor() as cursor:
        cursor.execute("select * from unnest(%b::uuid[], %b::bytea[], %b::text[])", [[UUID(int=1), None], [None, b"\x00x"], ["", "甲"]])
        assert cursor.fetchall() == [(UUID(int=1), None, ""), (None, b"\x00x", "甲")]
    with pytest.raises(DataError), transaction.atomic(), db.columns_cursor() as cursor:
        cursor.execute("select %b::int / 0", [1])
