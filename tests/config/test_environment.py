"""Addresses of databases and the language of the terminal, read from the environment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.config.environment import Server, home, speaks_chinese

words = st.text(st.characters(min_codepoint=33, max_codepoint=0x9FFF, exclude_categories=("Cs", "Cn")), min_size=1, max_size=20)


@given(user=words, password=words, name=words, port=st.integers(1, 65535))
def test_an_address_written_is_read_back(user: str, password: str, name: str, port: int) -> None:
    server = Server("127.0.0.1", port, user, password, name, (("sslmode", "require"),))
    assert Server.from_url(server.url()) == server


def test_an_address_of_another_kind_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="starts with postgresql://"):
        Server.from_url("mysql://root@localhost/x")


@pytest.mark.parametrize(
    ("locale", "chinese"),
    [("zh_CN.UTF-8", True), ("en_GB.UTF-8", False), ("C.UTF-8", False), ("", True)],
)
def test_the_terminal_speaks_the_language_of_its_locale(monkeypatch: pytest.MonkeyPatch, locale: str, chinese: bool) -> None:
    for name in ("LIANFANG_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert speaks_chinese() is chinese


def test_the_home_is_where_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANFANG_HOME", "/srv/town")
    assert str(home()) == "/srv/town"
