"""What the database itself holds about the book, whoever writes."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError, ProgrammingError

from lianfang.kernel import db
from lianfang.kernel.ids import new_id
from lianfang.kernel.ranges import EVERYWHERE
from lianfang.ledger import queries
from tests.factories.cast import Cast
from tests.ledger.sending import record, send, words

pytestmark = pytest.mark.django_db

REWRITES = (
    "update {} set payload = '{{}}'",
    "delete from {}",
    "truncate {}",
)


def execute(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)  # type: ignore[arg-type]  # plain values of a test
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def kept(cast: Cast) -> Iterator[UUID]:
    made = record(cast.a_door.id, envelope={"remark": "示例"})
    assert words(send(made, author=cast.secretary.account_id)) == ["kept"]
    return UUID(str(made["id"]))


@pytest.mark.parametrize("sql", REWRITES)
@pytest.mark.parametrize("table", ["ledger_record", "{partition}"])
def test_even_the_owner_cannot_rewrite_the_book(kept: UUID, sql: str, table: str) -> None:
    [(partition,)] = execute("select tableoid::regclass::text from ledger_record")
    with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
        execute(sql.format(table.format(partition=partition)))


def test_a_receipt_is_given_once(kept: UUID) -> None:
    for sql in ("update ledger_receipt set digest = '\\x00'", "update ledger_receipt set id = gen_random_uuid()"):
        with pytest.raises((InternalError, ProgrammingError), match="given once"), transaction.atomic():
            execute(sql)


def test_a_record_without_a_book_of_its_own_cannot_be_kept(kept: UUID) -> None:
    with pytest.raises(IntegrityError, match="no partition"), transaction.atomic():
        execute(
            "insert into ledger_record select (r).* from (select r from ledger_record r) x".replace("(r).*", "(r).*").replace(
                "select (r).*",
                "select gen_random_uuid(), 999, (r).kind, (r).version, null, (r).place, (r).position, null, null, null, null, "
                "(r).occurred_at, null, null, null, (r).recorded_at, (r).effective_at, null, null, (r).payload",
            )
        )


@pytest.mark.parametrize(
    "broken",
    ["effective_at = recorded_at + interval '1 second'", "corrects = gen_random_uuid()", "kind = 'correction'"],
)
def test_the_table_itself_refuses_contradictions(kept: UUID, broken: str) -> None:
    columns = "id, book, kind, version, place, position, occurred_at, recorded_at, effective_at, corrects, payload"
    name, _, value = broken.partition(" = ")
    values = ", ".join(value if column == name else "gen_random_uuid()" if column == "id" else column for column in columns.split(", "))
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(f"insert into ledger_record ({columns}) select {values} from ledger_record")


def test_the_web_sees_only_its_scope_and_writes_only_there(cast: Cast, kept: UUID) -> None:
    with cast.as_web(cast.secretary):
        assert len(queries.history([EVERYWHERE])) == 1
        assert queries.remark_of(kept) == "示例"
    with cast.as_web(cast.outsider):
        assert queries.history([EVERYWHERE]) == []
        assert queries.standing(kept) is None
        assert queries.remark_of(kept) is None
    for table in ("ledger_record", "ledger_remark", "ledger_quarantine", "ledger_standing"):
        with db.scope([], None):
            assert execute(f"select count(*) from {table}") == [(0,)]
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic(), cast.as_web(cast.outsider):
        send(record(cast.a_door.id), author=cast.outsider.account_id, trusted=True)


@pytest.mark.parametrize("role", ["lianfang_web", "lianfang_intake", "lianfang_folder"])
def test_no_serving_role_can_touch_a_partition_or_rewrite(kept: UUID, role: str) -> None:
    [(partition,)] = execute("select tableoid::regclass::text from ledger_record")
    for sql in (f"select * from {partition}", "delete from ledger_record", "update ledger_record set kind = 'x'", "truncate ledger_record"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            execute(f"set local role {role}")
            execute(sql)


def test_a_book_is_opened_once_and_only_in_its_form(cast: Cast) -> None:
    arguments = ("peacetime:2031", None, "peacetime", "2031", False)
    first, second = (execute("select id, state from ledger_open_book(%s, %s, %s, %s, %s)", *arguments) for _ in range(2))
    assert first == second
    [(number, state)] = first
    assert state == "open"
    [(triggers,)] = execute(
        "select count(*) from pg_trigger where tgrelid = %s::regclass and tgname = 'ledger_append_only'", f"ledger_record_b{number}"
    )
    assert triggers == 1
    [(indexes,)] = execute("select count(*) from pg_index where indrelid = %s::regclass", f"ledger_record_b{number}")
    [(wanted,)] = execute("select count(*) from pg_index where indrelid = 'ledger_record'::regclass")
    assert indexes == wanted


def test_the_first_record_of_the_web_may_open_its_book(cast: Cast) -> None:
    with cast.as_web(cast.secretary):
        assert words(send(record(cast.a_door.id), author=cast.secretary.account_id)) == ["kept"]
    assert queries.standing(new_id()) is None
