"""Each check of soundness finds the fault it is for, says how to mend it, and is quiet when all is well."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.queries import soundness as account_checks
from lianfang.ground.people import commands
from lianfang.ground.people.queries import soundness
from lianfang.ground.places import commands as laying
from lianfang.kernel.sealing import Keyring
from lianfang.kernel.soundness import Finding
from tests.factories.cast import Cast
from tests.factories.people import new_person


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(statement, values)


def failing(found: list[Finding]) -> dict[str, str]:
    assert all(finding.mend for finding in found)
    return {finding.check: finding.found for finding in found if not finding.ok}


def test_the_cast_is_sound(cast: Cast) -> None:
    assert failing(soundness.checks()) == {}
    assert failing(account_checks.checks()) == {}


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        ("people.positions", "update people_residence set position = position + 1"),
        ("people.members", "update people_household set valid_to = valid_from"),
        ("people.tallies", "update people_tally set living = living + 1"),
        ("people.tallies", "update people_tally set position = position + 1"),
        ("people.tallies", "delete from people_tally"),
        ("people.sealed", "update people_person set phone_sealed = set_byte(phone_sealed, 20, get_byte(phone_sealed, 20) # 1)"),
        ("people.sealed", "update people_person set phone_sealed = birth_sealed where birth_sealed is not null"),
        ("people.overlaps", "alter table people_residence drop constraint residence_one_of_a_kind_at_a_time"),
    ],
)
def test_a_damage_is_found(cast: Cast, check: str, damage: str) -> None:
    sql(damage)
    assert check in failing(soundness.checks())


def test_people_at_a_door_that_ended_are_found(cast: Cast) -> None:
    sql("update places_place set valid_to = since where id = %s", cast.a_door.id)
    found = failing(soundness.checks())
    assert str(cast.household) in found["people.doors"]


def test_a_keyring_of_another_installation_is_noticed(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    other = Keyring.generate().with_new_key()
    other.without("k1").write(tmp_path / "keyring.json")
    settings.LIANFANG_KEYRING = tmp_path / "keyring.json"
    assert "key k1 is not in the keyring" in failing(soundness.checks())["people.sealed"]
    assert "key k1 is not in the keyring" in failing(account_checks.checks())["accounts.sealed"]


def test_persons_whom_nobody_answers_for_are_found_after_a_day(cast: Cast) -> None:
    added = commands.add_person(new_person("钱示例", 91), by=None)
    assert failing(account_checks.checks()) == {}
    sql("update people_person set created_at = created_at - interval '2 days' where id = %s", added.person_id)
    assert str(added.person_id) in failing(account_checks.checks())["accounts.orphans"]


def test_grants_over_what_has_ended_devices_of_the_closed_and_nobody_to_administer(cast: Cast) -> None:
    accounts.add_device(cast.account("grid.a"), "手机", by=cast.secretary)
    laying.end_area(cast.a_grid, by=None)
    assert set(failing(account_checks.checks())) == {"accounts.grants"}
    sql("update accounts_account set state = 'closed'")
    assert set(failing(account_checks.checks())) == {"accounts.devices", "accounts.administered"}
    assert "1" in failing(account_checks.checks())["accounts.devices"]
