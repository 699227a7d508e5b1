"""Every kind of record reads as words in a history, never as the name it is stored under."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.utils import translation

from lianfang.doors.desk.parts.timeline import CHANGED, said_of
from lianfang.ledger import kinds
from lianfang.ledger.kinds.registry import Kind

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("kind", kinds.every(), ids=lambda kind: f"{kind.name}-{kind.version}")
def test_a_record_is_told_in_the_language_of_the_reader(kind: Kind) -> None:
    with translation.override("zh-hans"):
        _, chinese = said_of(kind.name, kind.sample)
    with translation.override("en"):
        _, english = said_of(kind.name, kind.sample)
    assert CHINESE.search(chinese) is not None
    assert "_" not in chinese
    assert "_" not in english
    assert CHINESE.search(english) is None


@pytest.mark.django_db
def test_every_table_that_the_change_log_follows_has_a_name_for_people() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select distinct event_object_table from information_schema.triggers where trigger_name like '%_logged'")
        followed = {table for (table,) in cursor.fetchall()}
    assert followed
    assert followed - set(CHANGED) == set()
