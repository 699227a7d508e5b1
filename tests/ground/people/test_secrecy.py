"""Sealed values stand nowhere in clear: not in the tables, not in the change log, not in logs, not in refusals."""

from __future__ import annotations

import base64
import logging
from io import BytesIO

import pytest
from django.apps import apps
from django.db import connection

from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts import queries as account_queries
from lianfang.ground.accounts.types import SignInRefused
from lianfang.ground.people import commands, queries
from lianfang.ground.people.privacy import CLASSES, Privacy
from lianfang.ground.people.types import PersonInvalid, ResidenceKind, RevealField, SamePaper
from lianfang.kernel.errors import Refused
from tests.factories.accounts import PASSWORD
from tests.factories.cast import Cast
from tests.factories.people import new_person, paper_number, phone_number

SECRETS = [phone_number(11), paper_number(11), "1980-05-04", phone_number(902), phone_number(77)]


def every_byte() -> dict[str, bytes]:
    """All tables of people, accounts and changes, as PostgreSQL itself writes them, in binary."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' and tablename ~ '^(people|accounts|changes)_'")
        for (table,) in cursor.fetchall():
            out = BytesIO()
            with cursor.copy(f"copy {table} to stdout (format binary)") as copy:
                for chunk in copy:
                    out.write(chunk)
            found[table] = out.getvalue()
    return found


def test_no_sealed_value_is_in_any_table_in_clear(cast: Cast) -> None:
    commands.correct_person(cast.resident, by=None, reason="换号", phone=phone_number(77))
    accounts.invite(cast.account("grid.a"), by=cast.secretary)
    token = accounts.add_device(cast.account("grid.a"), "手机", by=cast.secretary).token
    offer = accounts.offer_second_factor(cast.account("grid.a"))
    tables = every_byte()
    assert {"people_person", "people_residence", "accounts_account", "accounts_device", "changes_change"} <= set(tables)
    assert "王示例".encode() in tables["people_person"]  # the search does find what is in clear
    for secret in [*SECRETS, token, offer.secret, PASSWORD]:
        for form in (secret.encode(), secret.encode().hex().encode(), base64.b64encode(secret.encode()), secret.encode("utf-16-le")):
            assert [table for table, content in tables.items() if form in content] == []


def test_the_same_number_is_sealed_differently_each_time(cast: Cast) -> None:
    one = commands.add_person(new_person("钱示例", 81, phone=phone_number(11)), by=None).person_id
    with connection.cursor() as cursor:
        cursor.execute("select phone_sealed, phone_index from people_person where id = any(%s)", [[one, cast.resident]])
        (first, its_index), (second, other_index) = cursor.fetchall()
    assert bytes(first) != bytes(second)
    assert bytes(its_index) == bytes(other_index)


def test_every_field_has_a_privacy_class_and_sealed_columns_are_sensitive() -> None:
    models = {model.__name__: {field.name for field in model._meta.get_fields()} for model in apps.get_app_config("people").get_models()}
    assert {name: set(fields) for name, fields in CLASSES.items()} == models
    sensitive = {f"{name}.{field}" for name, fields in CLASSES.items() for field, privacy in fields.items() if privacy is Privacy.SENSITIVE}
    assert sensitive == {f"Person.{field}" for field in models["Person"] if field.endswith(("_sealed", "_index"))} | {
        "Phone.sealed",
        "Phone.index",
    }


def test_nothing_that_happens_to_people_is_written_to_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        commands.reveal(cast.resident, RevealField.PAPER, "核对身份", by=cast.account("grid.a"))
        commands.correct_person(cast.resident, by=None, phone=phone_number(77))
        commands.settle(cast.neighbour, cast.b_household, ResidenceKind.ACTUAL, by=None)
        queries.find_by_phone(phone_number(77), [cast.city.range])
        with pytest.raises(SignInRefused):
            accounts.sign_in("grid.a", "a wrong password")
        accounts.sign_in(phone_number(902), PASSWORD)
    said = caplog.text
    for personal in [*SECRETS, "王示例", "张示范", "陈示格", "grid.a", PASSWORD, "a wrong password"]:
        assert personal not in said


def test_refusals_do_not_repeat_what_was_typed(cast: Cast) -> None:
    said: list[str] = []

    def note(refused: Refused) -> None:
        said.append(f"{refused} {refused.facts} {refused!r}")

    with pytest.raises(SamePaper) as same:
        commands.add_person(new_person("王示例", 11), by=None)
    note(same.value)
    with pytest.raises(PersonInvalid) as invalid:
        commands.add_person(new_person("王示例", 11, paper=paper_number(11)[:-2], phone=phone_number(11)[:-1]), by=None)
    note(invalid.value)
    for why in invalid.value.fields.values():
        note(why)
    assert not any(personal[:-2] in line for line in said for personal in (paper_number(11), phone_number(11), "王示例xx"))


def test_lists_of_accounts_are_masked(cast: Cast) -> None:
    listed = account_queries.accounts_within([cast.a.range])
    assert {each.phone for each in listed} == {"154****0901", "154****0902"}
    assert account_queries.phone_of(cast.account("grid.a")) == phone_number(902)
