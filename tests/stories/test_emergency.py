"""The fifty-seven days in small: one street, five days, told by the same story as the command, with a machine below that only notes."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from bench.emergency.command import SHORTEST, looked
from bench.emergency.story import Below, Story
from bench.emergency.town import prepared
from bench.emergency.walking import SHORTEST as WALKED
from bench.simulation import ground
from bench.simulation.published import Setting
from lianfang.ground.accounts.queries import soundness
from lianfang.ground.places import commands as places
from lianfang.ground.places import queries
from lianfang.kernel import clock
from tests.factories.closing import idle_machine
from tests.ledger.conftest import transactional_db
from tests.stories.through import command

__all__ = ["transactional_db"]
SMALL = Setting("", "示例市", "", 240, 2.4, 120, 1.0, 0.1, 0.2, ("none",))
DIVISIONS = """code12,name,street_code,street,county_code,county,city_code,city,province_code,province
220106001001,甲社区,220106001,示例街道,220106,绿园区,2201,长春市,22,吉林省
220106001002,乙社区,220106001,示例街道,220106,绿园区,2201,长春市,22,吉林省
"""


def look(words: Sequence[str]) -> Mapping[str, int]:
    """In how many tables each word lies."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"select string_agg(t::text, ' ') from {table} t")
            told = cursor.fetchone()[0] or ""
            for word in words:
                if word in told:
                    found[word] = found.get(word, 0) + 1
    return found


@pytest.mark.usefixtures("transactional_db")
def test_an_emergency_from_peacetime_to_the_certificate(tmp_path: Path) -> None:
    began = clock.day_bounds(clock.today() - timedelta(days=WALKED))[0]
    listed = tmp_path / "divisions.csv"
    listed.write_text(DIVISIONS)
    with clock.frozen(began - timedelta(days=1)):
        places.load_divisions([listed])
        town = prepared(ground.fill(queries.by_code("220106001000"), SMALL, 240, seed=7, peopled=True), 0.0001, random.Random(7))
    kept: list[str] = []
    told = Story(town, WALKED, 0.00005, began, Below(idle_machine(), lambda: kept.append("backup"), look), random.Random(7)).tell()
    assert told.wrong == []
    assert kept == ["backup"]
    assert told.counts["branches"] == told.counts["teams"] == 2
    assert told.counts["bodies made standing"] == 1
    assert told.counts["bulletins that stand"] == WALKED
    assert told.counts["certificate"] == 1
    assert told.counts["erased: erase:persons.rows"] > 0
    assert told.counts["called"] == town.pool
    assert [one.check for one in soundness.checks() if not one.ok] == [], "who is in the pool alone is no orphan"


def test_bytes_are_looked_for_in_every_file_but_programs(tmp_path: Path) -> None:
    for name, text in (("base/1", "has Canary"), ("venv/lib", "has Canary"), ("empty", ""), ("log", "nothing")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert looked(tmp_path, ["Canary"]) == {"Canary": 1}
    assert WALKED == SHORTEST
    refused = command("story", "emergency", "--days", "2")
    assert refused.status == 2
