"""Doctor's checks of the ledger: silent on a sound one, and each finds what it is for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lianfang.kernel import clock
from lianfang.kernel.soundness import Finding
from lianfang.ledger.queries import soundness
from lianfang.work.rounds.queries import soundness as of_rounds
from tests.committed import superuser
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.sending import correction, record, send


def wrong(checks: Callable[[], list[Finding]] = soundness.checks) -> set[str]:
    return {found.check for found in checks() if not found.ok}


def spoil(statement: str) -> None:
    """Do as the superuser what nobody may."""
    with superuser() as server:
        server.execute("set session_replication_role = replica")
        server.execute(statement.encode())


@pytest.fixture
def sound(town: Cast) -> Cast:
    made = record(town.a_door.id)
    send(made, record(town.b_door.id, payload={"outcome": "dark"}), correction(made, to={"outcome": "lit"}), trusted=True)
    send(record(town.b_door.id), author=town.grid_worker.account_id)
    fold_all()
    return town


def test_a_sound_ledger_has_no_findings(sound: Cast) -> None:
    assert wrong() == wrong(of_rounds.checks) == set()
    assert all(found.found and not found.mend for found in soundness.checks())


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("delete from ledger_receipt", "ledger.receipts"),
        ("delete from ledger_record where kind = 'correction'", "ledger.receipts"),
        ("update ledger_receipt set book = book + 1", "ledger.receipts"),
        ("alter table ledger_record disable trigger ledger_append_only", "ledger.books"),
        (
            "insert into ledger_book (key, retention, period, drill, state, opened_at) values ('x', 'x', '', false, 'open', now())",
            "ledger.books",
        ),
        ("update ledger_record set position = position + 1", "ledger.positions"),
        ("update ledger_cursor set cluster = 1", "ledger.cluster"),
        ("update ledger_cursor set state = 'stuck', trouble = '22012' where name = 'rounds.door_state'", "ledger.stuck"),
        ("update ledger_cursor set definition = 'old' where name = 'rounds.door_state'", "ledger.rules"),
        ("update ledger_cursor set name = 'rounds.former' where name = 'rounds.door_state'", "ledger.rules"),
        ("update ledger_quarantine set received_at = received_at - interval '4 days'", "ledger.quarantine"),
    ],
)
def test_what_each_check_finds(sound: Cast, statement: str, check: str) -> None:
    if "disable trigger" in statement:
        with superuser() as server:
            [(partition,)] = server.execute(
                "select inhrelid::regclass::text from pg_inherits where inhparent = 'ledger_record'::regclass"
            ).fetchall()
        statement = statement.replace("ledger_record ", f"{partition} ")
    spoil(statement)
    assert check in wrong()
    [found] = [one for one in soundness.checks() if one.check == check]
    assert found.mend


def test_a_correction_in_another_book_is_found(sound: Cast) -> None:
    spoil("update ledger_receipt set book = -1 where id in (select corrects from ledger_record)")
    assert "ledger.corrections" in wrong()


def test_what_is_not_folded_in_time_is_found(sound: Cast) -> None:
    spoil("update ledger_cursor set xact = '0', seq = 0 where name = 'rounds.door_state'")
    assert "ledger.folded" not in wrong()
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        [found] = [one for one in soundness.checks() if one.check == "ledger.folded"]
    assert found.found.startswith("rounds.door_state by 3")
