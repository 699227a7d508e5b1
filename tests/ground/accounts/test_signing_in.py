"""Signing in, and what keeps others out: counting, locking, second factor, recovery codes, epochs."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pyotp
import pytest
from django.db import connections, transaction
from pytest_django import Settings

from lianfang.ground.accounts import access, commands, queries
from lianfang.ground.accounts.models import Account, RecoveryCode
from lianfang.ground.accounts.rules.passwords import TRIES
from lianfang.ground.accounts.types import (
    AccountLocked,
    CodeNeeded,
    CodeWrong,
    Owed,
    PasswordCommon,
    SecondFactorMissing,
    SignInRefused,
)
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId
from tests.committed import transactional_db
from tests.factories.accounts import PASSWORD, account_of
from tests.factories.cast import Cast
from tests.factories.people import phone_number

__all__ = ["transactional_db"]


def wrong(login: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            commands.sign_in(login, "not the password")


@pytest.mark.parametrize("login", ["grid.a", " GRID.A ", phone_number(902), "+86 " + phone_number(902)])
def test_by_login_or_telephone_number(cast: Cast, login: str) -> None:
    signed_in = commands.sign_in(login, PASSWORD)
    assert (signed_in.account_id, signed_in.owed) == (cast.account("grid.a"), None)
    assert queries.account(signed_in.account_id).last_login is not None


@pytest.mark.parametrize("login", ["nobody", "", phone_number(999), "12", "secretary.b'--"])
def test_an_unknown_login_is_refused_in_the_same_words(cast: Cast, login: str) -> None:
    with pytest.raises(SignInRefused) as unknown:
        commands.sign_in(login, PASSWORD)
    with pytest.raises(SignInRefused) as known:
        commands.sign_in("grid.a", "not the password")
    assert str(unknown.value) == str(known.value)


def test_a_closed_account_is_refused_like_an_unknown_one_and_its_sessions_end(cast: Cast) -> None:
    session = Account.objects.get(login="grid.a").get_session_auth_hash()
    commands.close_account(cast.account("grid.a"), by=cast.secretary)
    assert Account.objects.get(login="grid.a").get_session_auth_hash() != session
    with pytest.raises(SignInRefused):
        commands.sign_in("grid.a", PASSWORD)


def test_five_wrong_tries_lock_and_the_right_password_does_not_open(cast: Cast) -> None:
    start = clock.now()
    with clock.frozen(start):
        wrong("grid.a", TRIES)
        with pytest.raises(AccountLocked) as locked:
            commands.sign_in("grid.a", PASSWORD)
        assert locked.value.facts == {"until": clock.local(start + timedelta(minutes=15)).strftime("%H:%M")}
        assert queries.account(cast.account("grid.a")).locked_until == start + timedelta(minutes=15)
    with clock.frozen(start + timedelta(minutes=15)):
        assert commands.sign_in("grid.a", PASSWORD)
        wrong("grid.a", TRIES - 1)
        assert commands.sign_in("grid.a", PASSWORD)


def test_locks_in_a_row_grow_and_a_right_password_ends_the_row(cast: Cast) -> None:
    moment, waits = clock.now(), []
    for _ in range(3):
        with clock.frozen(moment):
            wrong("grid.a", TRIES)
            until = Account.objects.get(login="grid.a").locked_until
            assert isinstance(until, datetime)
            waits.append(until - moment)
        moment = until
    assert waits == [timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60)]
    with clock.frozen(moment):
        commands.sign_in("grid.a", PASSWORD)
        wrong("grid.a", TRIES)
    assert Account.objects.get(login="grid.a").locked_until == moment + timedelta(minutes=15)


def test_many_tries_at_once_are_no_more_than_one_after_another(transactional_db: None) -> None:
    account_of("陈示格", login="grid.a", password=True)
    start = threading.Barrier(12)
    outcomes: list[type[Exception]] = []

    def guess() -> None:
        try:
            start.wait(10)
            commands.sign_in("grid.a", "a guess of many")
        except (SignInRefused, AccountLocked) as refused:
            outcomes.append(type(refused))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == 12
    assert outcomes.count(SignInRefused) <= TRIES
    with pytest.raises(AccountLocked):
        commands.sign_in("grid.a", PASSWORD)


def test_a_try_stays_counted_because_signing_in_refuses_to_run_inside_a_transaction(transactional_db: None) -> None:
    account_of("陈示格", login="grid.a", password=True)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        commands.sign_in("grid.a", "not the password")
    with pytest.raises(SignInRefused):
        commands.sign_in("grid.a", "not the password")
    assert Account.objects.get(login="grid.a").failed == 1


def test_who_exports_or_administers_owes_a_second_factor_but_not_in_the_demonstration(cast: Cast, settings: Settings) -> None:
    assert commands.sign_in("secretary.a", PASSWORD).owed is Owed.SECOND_FACTOR
    assert commands.sign_in("grid.a", PASSWORD).owed is None
    settings.LIANFANG_DEMO = "yinhe"
    assert commands.sign_in("secretary.a", PASSWORD).owed is None


def enrolled(account_id: AccountId) -> tuple[pyotp.TOTP, list[str]]:
    offer = commands.offer_second_factor(account_id)
    assert offer.address.startswith("otpauth://totp/")
    totp = pyotp.TOTP(offer.secret)
    return totp, commands.confirm_second_factor(account_id, totp.at(clock.now()))


def test_with_a_second_factor_the_password_alone_is_not_enough(cast: Cast) -> None:
    start = clock.now()
    with clock.frozen(start):
        totp, recovery = enrolled(cast.account("secretary.a"))
        assert len(set(recovery)) == 10
    with clock.frozen(start + timedelta(minutes=2)):
        with pytest.raises(CodeNeeded):
            commands.sign_in("secretary.a", PASSWORD)
        assert Account.objects.get(login="secretary.a").failed == 0
        with pytest.raises(SignInRefused):
            commands.sign_in("secretary.a", PASSWORD, "000000" if totp.at(clock.now()) != "000000" else "111111")
        code = totp.at(clock.now())
        assert commands.sign_in("secretary.a", PASSWORD, f" {code[:3]} {code[3:]} ").owed is None
        with pytest.raises(SignInRefused):  # seen over a shoulder, it is worthless
            commands.sign_in("secretary.a", PASSWORD, code)


def test_the_clock_of_a_phone_may_be_half_a_minute_off(cast: Cast) -> None:
    start = clock.now()
    with clock.frozen(start):
        totp, _ = enrolled(cast.account("secretary.a"))
    for minutes, drift in ((2, -30), (4, 30)):
        now = start + timedelta(minutes=minutes)
        with clock.frozen(now):
            assert commands.sign_in("secretary.a", PASSWORD, totp.at(now + timedelta(seconds=drift)))
    with clock.frozen(start + timedelta(minutes=9)), pytest.raises(SignInRefused):
        commands.sign_in("secretary.a", PASSWORD, totp.at(start + timedelta(minutes=7)))


def test_a_recovery_code_serves_once(cast: Cast) -> None:
    _, recovery = enrolled(cast.account("secretary.a"))
    assert commands.sign_in("secretary.a", PASSWORD, recovery[3].lower())
    with pytest.raises(SignInRefused):
        commands.sign_in("secretary.a", PASSWORD, recovery[3])
    assert commands.sign_in("secretary.a", PASSWORD, recovery[4])
    assert RecoveryCode.objects.filter(used_at=None).count() == 8


def test_wrong_codes_lock_too(cast: Cast) -> None:
    enrolled(cast.account("secretary.a"))
    for _ in range(TRIES):
        with pytest.raises(SignInRefused):
            commands.sign_in("secretary.a", PASSWORD, "AAAA-AAAA-AAAA-AAAA")
    with pytest.raises(AccountLocked):
        commands.sign_in("secretary.a", PASSWORD)


def test_new_recovery_codes_make_the_old_ones_worthless(cast: Cast) -> None:
    account_id, start = cast.account("secretary.a"), clock.now()
    with clock.frozen(start):
        totp, old = enrolled(account_id)
    with clock.frozen(start + timedelta(minutes=1)):
        with pytest.raises(CodeWrong):
            commands.renew_recovery_codes(account_id, "000000")
        new = commands.renew_recovery_codes(account_id, totp.at(clock.now()))
        with pytest.raises(SignInRefused):
            commands.sign_in("secretary.a", PASSWORD, old[0])
        assert commands.sign_in("secretary.a", PASSWORD, new[0])


def test_a_second_factor_is_confirmed_by_a_code_and_never_replaced_by_a_session(cast: Cast) -> None:
    account_id = cast.account("grid.a")
    for call in (commands.confirm_second_factor, commands.renew_recovery_codes):
        with pytest.raises(SecondFactorMissing):
            call(account_id, "123456")
    commands.offer_second_factor(account_id)
    with pytest.raises(CodeWrong):
        commands.confirm_second_factor(account_id, "12345x")
    assert commands.sign_in("grid.a", PASSWORD)  # not in force yet
    enrolled(account_id)
    with pytest.raises(CodeWrong):
        commands.offer_second_factor(account_id)
    with pytest.raises(SecondFactorMissing):
        commands.confirm_second_factor(account_id, "123456")


def test_changing_a_password_ends_all_sessions(cast: Cast) -> None:
    account_id = cast.account("grid.a")
    before = Account.objects.get(pk=account_id).get_session_auth_hash()
    assert not commands.change_password(account_id, "not the password", "松柏 长青 2026 夏")
    assert Account.objects.get(pk=account_id).failed == 1
    with pytest.raises(PasswordCommon):
        commands.change_password(account_id, PASSWORD, "1234567890")
    assert commands.change_password(account_id, PASSWORD, "松柏 长青 2026 夏")
    assert Account.objects.get(pk=account_id).get_session_auth_hash() != before
    assert commands.sign_in("grid.a", "松柏 长青 2026 夏")
    with pytest.raises(SignInRefused):
        commands.sign_in("grid.a", PASSWORD)


def test_sessions_are_ended_by_oneself_or_by_who_answers(cast: Cast) -> None:
    account_id = cast.account("grid.a")
    hashes = [Account.objects.get(pk=account_id).get_session_auth_hash()]
    for actor in (cast.grid_worker, cast.secretary, access.local_administrator()):
        commands.end_sessions(account_id, by=actor)
        hashes.append(Account.objects.get(pk=account_id).get_session_auth_hash())
    assert len(set(hashes)) == 4


def test_a_hash_of_an_older_kind_is_renewed_at_the_next_sign_in(cast: Cast, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    commands.sign_in("grid.a", PASSWORD)
    assert Account.objects.get(login="grid.a").password.startswith("pbkdf2_sha256$")
