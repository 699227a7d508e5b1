"""Which passwords will do, and how long wrong ones lock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.ground.accounts.rules.codes import is_recovery_code, login_stem, new_recovery_code, normal_login, recovery_hash, same
from lianfang.ground.accounts.rules.passwords import check_password, common, lock_time, normal_password
from lianfang.ground.accounts.types import LoginWrong, PasswordCommon, PasswordLong, PasswordPlain, PasswordShort


def check(password: str) -> None:
    check_password(password, login="chenshige", name_key="chenshige")


@pytest.mark.parametrize("password", ["梅花三弄 1719 夜", "correct horse battery", "湖东的柳树今年又绿了呀", "xK9#vq2Lm!"])
def test_good_enough(password: str) -> None:
    check(password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", PasswordShort),
        ("九个字的密码还是短", PasswordShort),
        ("x" * 129, PasswordLong),
        ("1234567890", PasswordCommon),
        ("qwertyuiop", PasswordCommon),
        ("asdfghjkl123", PasswordCommon),
        ("aaaaaaaaaaaa", PasswordCommon),
        ("woaini1314", PasswordCommon),
        ("PASSWORD123", PasswordCommon),
        ("１２３４５６７８９０", PasswordCommon),
        ("chenshige2026", PasswordPlain),
        ("ChenShiGe!!1", PasswordPlain),
    ],
)
def test_not_good_enough_and_why(password: str, why: type[Exception]) -> None:
    with pytest.raises(why):
        check(password)


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert normal_password("ｐａｓｓ①") == normal_password("pass1")


@given(st.integers(0, 10**6))
def test_locks_grow_and_never_beyond_a_day(times: int) -> None:
    assert timedelta(minutes=15) <= lock_time(times) <= lock_time(times + 1) <= timedelta(hours=24)


def test_recovery_codes_are_typed_as_one_likes() -> None:
    code = new_recovery_code()
    assert recovery_hash(code) == recovery_hash(code.lower().replace("-", " "))
    assert is_recovery_code(code)
    assert not is_recovery_code("123456")
    assert not set("01OIL") & set(code)


@pytest.mark.parametrize(("written", "kept"), [(" Wang.Shi ", "wang.shi"), ("u_1-2", "u_1-2")])
def test_a_login_has_one_form(written: str, kept: str) -> None:
    assert normal_login(written) == kept


@pytest.mark.parametrize("written", ["", "ab", "1abc", "王示例", "a b c", "x" * 33])
def test_what_is_no_login(written: str) -> None:
    with pytest.raises(LoginWrong):
        normal_login(written)


@given(st.text(max_size=20))
def test_a_login_can_be_made_from_any_name(name: str) -> None:
    assert normal_login(login_stem(name.lower()))


def test_short_secrets_are_compared_whole() -> None:
    assert same("1234", "1234")
    assert not same("1234", "12345")


def test_passwords_that_everybody_tries_are_known() -> None:
    common.cache_clear()
    assert {"password", "123456"} <= common()
