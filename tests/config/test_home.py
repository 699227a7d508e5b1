"""The home is made passable, its secrets are closed, and what was there before is left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from lianfang.config.runtime import secrets
from lianfang.config.runtime.home import Home, make_passable, write_private
from lianfang.kernel.sealing import Keyring


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_only_what_is_missing_is_made_and_only_that_is_opened(place: Path) -> None:
    (place / "closed").mkdir(mode=0o700)
    make_passable(place / "closed" / "a" / "b")
    assert [mode(place / "closed"), mode(place / "closed" / "a"), mode(place / "closed" / "a" / "b")] == [0o700, 0o711, 0o711]


def test_secrets_logs_and_runtime_are_closed_to_others(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIANFANG_SECRETS")
    home = Home(place / "home")
    home.make()
    secrets.make_keys(home.secrets)
    secrets.passwords(home.secrets)
    assert [mode(home.path), mode(home.secrets), mode(home.logs), mode(home.run)] == [0o711, 0o700, 0o700, 0o700]
    assert {file.name: mode(file) for file in home.secrets.iterdir()} == {"database.json": 0o600, "django": 0o600, "keyring.json": 0o600}


def test_secrets_once_made_are_kept(home: Home) -> None:
    secrets.make_keys(home.path / "secrets")
    first = secrets.passwords(home.path / "secrets")
    sealed = Keyring.read(home.path / "secrets" / "keyring.json").seal("110101199001011234", "test")
    secrets.make_keys(home.path / "secrets")
    assert secrets.passwords(home.path / "secrets") == first
    assert Keyring.read(home.path / "secrets" / "keyring.json").open(sealed, "test") == "110101199001011234"
    assert len(set(first.values())) == 5


def test_a_file_is_replaced_whole_and_stays_closed(place: Path) -> None:
    write_private(place / "file", "one")
    write_private(place / "file", "two")
    assert ((place / "file").read_text(), mode(place / "file"), [path.name for path in place.iterdir()]) == ("two", 0o600, ["file"])
