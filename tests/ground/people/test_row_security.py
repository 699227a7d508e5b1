"""The second lock, asked by raw SQL as the web role: what lies outside the scope does not exist, and nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from lianfang.ground.people import commands
from lianfang.ground.people.types import ResidenceKind, RevealField
from lianfang.kernel.ids import new_id
from tests.factories.accounts import account_of
from tests.factories.cast import Cast
from tests.factories.people import new_person

TABLES = ("people_person", "people_household", "people_residence", "people_look", "people_tally")


def sql(statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else [(cursor.rowcount,)]


def seen(table: str) -> int:
    return int(str(sql(f"select count(*) from {table}")[0][0]))


@contextmanager
def refused(words: str, kind: type[DatabaseError] = ProgrammingError) -> Iterator[None]:
    with pytest.raises(kind, match=words), transaction.atomic():
        yield


@pytest.fixture
def looked(cast: Cast) -> Cast:
    """The cast, with one look at the resident of A and one at the stranger of B."""
    commands.reveal(cast.resident, RevealField.PHONE, "回电", by=cast.account("grid.a"))
    commands.reveal(cast.stranger, RevealField.PHONE, "回电", by=cast.account("secretary.b"))
    return cast


def test_each_scope_sees_its_own_and_nobody_elses(looked: Cast) -> None:
    with looked.as_web(looked.secretary):
        assert [seen(table) for table in TABLES] == [2, 1, 4, 1, 1]
        assert sql("select id from people_person where id = %s", looked.stranger) == []
    with looked.as_web(looked.outsider):
        assert [seen(table) for table in TABLES] == [1, 1, 2, 1, 1]
    with looked.as_web(looked.city_command):
        assert [seen(table) for table in TABLES] == [3, 2, 6, 2, 2]


def test_without_a_scope_nothing_is_there(looked: Cast) -> None:
    with transaction.atomic():
        sql("set local role lianfang_web")
        assert [seen(table) for table in TABLES] == [0] * 5
        sql("reset role")


@pytest.mark.parametrize("table", TABLES)
def test_the_web_role_deletes_nothing(looked: Cast, table: str) -> None:
    with looked.as_web(looked.secretary):
        with refused("permission denied"):
            sql(f"delete from {table}")
        with refused("permission denied"):
            sql(f"truncate {table} cascade")


def test_rows_of_another_scope_are_neither_changed_nor_written(looked: Cast) -> None:
    with looked.as_web(looked.outsider):
        for statement in (
            "update people_person set name = '改'",
            "update people_household set name = '改'",
            "update people_residence set relation = 'x'",
        ):
            assert sql(statement) in ([(1,)], [(2,)])  # their own only
        with refused("row-level security"):
            sql(
                "insert into people_household (id, door_id, position, name, valid_from) values (%s, %s, %s, '', '2022-01-01')",
                new_id(),
                looked.a_door.id,
                looked.a_door.lo,
            )
        with refused("row-level security"):
            sql("update people_residence set position = %s", looked.a_door.lo)
        with refused("row-level security"):
            sql(
                "insert into people_look values (%s, now(), %s, %s, 'phone', 'x', %s, 'desk')",
                new_id(),
                new_id(),
                looked.resident,
                looked.a_door.lo,
            )
    assert sql("select name from people_person where id = %s", looked.resident) == [("王示例",)]
    assert sql("select distinct relation from people_residence where person_id = %s", looked.resident) == [("head",)]


def test_pairs_and_counts_are_not_the_web_roles_to_write(looked: Cast) -> None:
    with looked.as_web(looked.secretary):
        for statement in ("select * from people_match", "insert into people_match default values", "update people_tally set living = 9"):
            with refused("permission denied"):
                sql(statement)


def test_looks_are_rewritten_by_nobody_not_even_the_owner(looked: Cast) -> None:
    for statement in ("update people_look set reason = 'x'", "delete from people_look", "truncate people_look"):
        with refused("append-only"):
            sql(statement)


def test_ones_own_looks_count_wherever_they_were(looked: Cast) -> None:
    """The limit of looks must hold across scopes; the function tells their number and nothing more."""
    with looked.as_web(looked.outsider):
        assert sql("select looks from people_looks_since(%s, now() - interval '1 hour')", looked.account("grid.a")) == [(1,)]
        assert sql("select count(*) from people_look where account_id = %s", looked.account("grid.a")) == [(0,)]


def test_a_worker_is_known_everywhere_by_the_person_but_not_by_the_home(cast: Cast) -> None:
    worker = account_of("赵示远")
    sql("update accounts_account set person_id = %s where id = %s", cast.stranger, worker)
    with cast.as_web(cast.secretary):
        assert sql("select name from people_person where id = %s", cast.stranger) == [("赵示远",)]
        assert sql("select 1 from people_residence where person_id = %s", cast.stranger) == []
        assert sql("update people_person set name = '改' where id = %s", cast.stranger) == [(0,)]


def test_who_has_left_stays_in_sight_for_a_month(cast: Cast) -> None:
    commands.leave(cast.resident, cast.household, by=None)
    with cast.as_web(cast.secretary):
        assert sql("select 1 from people_person where id = %s", cast.resident) == [(1,)]
    sql("update people_residence set valid_from = valid_from - 60, valid_to = valid_to - 31 where person_id = %s", cast.resident)
    with cast.as_web(cast.secretary):
        assert sql("select 1 from people_person where id = %s", cast.resident) == []


@pytest.mark.parametrize("login", ["lianfang_intake", "lianfang_folder"])
def test_systems_see_all_and_delete_nothing(looked: Cast, login: str) -> None:
    with transaction.atomic():
        sql(f"set local role {login}")
        assert (seen("people_person"), seen("people_residence")) == (3, 6)
        with refused("permission denied"):
            sql("delete from people_residence")
        sql("reset role")


def test_intake_may_bring_persons_and_homes(cast: Cast) -> None:
    """What the envelope of a record brings is entered by the same verbs, under the role of the intake."""
    with transaction.atomic():
        sql("set local role lianfang_intake")
        new = new_person("钱示例", 45)
        commands.add_person(new, by=cast.account("grid.a"), though_known=True)
        household = commands.add_household(cast.a_door.place_id, by=None)
        commands.settle(new.id, household, ResidenceKind.ACTUAL, by=None)
        commands.settle(new.id, cast.household, ResidenceKind.ACTUAL, by=None)
        sql("reset role")
    with cast.as_web(cast.secretary):
        assert seen("people_person") == 3
        assert sql("select households, living from people_tally") == [(2, 3)]
