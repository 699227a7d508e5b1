"""What is kept of a roster, and how closely."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from lianfang.ground.people.privacy import Privacy
from lianfang.ground.rosters import commands, queries
from lianfang.ground.rosters.commands.erasing import erase_book
from lianfang.ground.rosters.privacy import CLASSES
from lianfang.kernel import erasers
from tests.factories.cast import Cast, cast
from tests.factories.loaded_rosters import line, loaded, roster_of
from tests.factories.people import paper_number, phone_number

__all__ = ["cast"]


def test_every_field_has_a_privacy_class_and_sealed_columns_are_sensitive() -> None:
    models = {model.__name__: {field.name for field in model._meta.get_fields()} for model in apps.get_app_config("rosters").get_models()}
    assert {name: set(fields) for name, fields in CLASSES.items()} == models
    for name, fields in CLASSES.items():
        assert all(privacy is Privacy.SENSITIVE for field, privacy in fields.items() if field.endswith("sealed")), name


def test_nothing_of_a_person_is_in_clear(cast: Cast) -> None:
    loaded(
        cast.a,
        roster_of(line("钱示一", "1-1-102", paper=paper_number(101), phone=phone_number(101)), line("孙示二", "9-9-9")),
        cast.secretary,
    )
    with connection.cursor() as cursor:
        for table in ("rosters_roster", "rosters_row", "rosters_content", "rosters_question", "changes_change"):
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
            [(text,)] = cursor.fetchall()
            assert not any(secret in text for secret in ("钱示一", "孙示二", paper_number(101), phone_number(101))), table


def test_the_roster_of_an_ended_incident_goes_whole(cast: Cast) -> None:
    roster_id, _ = loaded(cast.a, roster_of(line("钱示一", "1-1-102")), cast.secretary)
    with connection.cursor() as cursor:
        cursor.execute("update rosters_roster set book = 7 where id = %s", [roster_id])
    assert erasers.erasers()["rosters"] is erase_book
    assert erase_book(7) > 0
    assert queries.history(cast.a.place_id) == []
    assert commands.erase_overdue() == 0


def test_as_many_verdicts_as_rows(cast: Cast) -> None:
    """1,106 rows in, some of them good for nothing, give 1,106 verdicts."""
    rows = [
        line(f"钱示{'一二三四五六七八九十'[number % 10]}", f"1-{1 + number % 3}-{101 + number % 7}", paper=paper_number(number))
        for number in range(1_106)
    ]
    roster_id, found = loaded(cast.a, roster_of(*rows), cast.secretary)
    assert found.rows == sum((found.added, found.merged, found.changed, found.unchanged, found.waiting, found.refused)) == 1_106
    answered = queries.rows_of(roster_id, limit=2_000)
    assert len(answered) == 1_106
    assert all(row.reasons for row in answered)
