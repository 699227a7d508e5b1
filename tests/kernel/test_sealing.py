"""What is sealed opens only for its purpose and with its key, and is nowhere in clear."""

import hmac
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from lianfang.kernel.sealing import KeyMissing, Keyring, SealBroken, keyring

RING = Keyring.generate()


@given(st.text())
def test_a_sealed_text_opens_again(text: str) -> None:
    assert RING.open(RING.seal(text, "person.phone"), "person.phone") == text


def test_a_value_copied_to_another_column_does_not_open() -> None:
    with pytest.raises(SealBroken):
        RING.open(RING.seal("13800000000", "person.phone"), "person.paper")


@given(st.binary(max_size=80))
def test_rubbish_is_refused_in_words(rubbish: bytes) -> None:
    with pytest.raises((SealBroken, KeyMissing)):
        RING.open(rubbish, "person.phone")


def test_the_same_text_is_sealed_differently_each_time_but_found_by_its_fingerprint() -> None:
    assert RING.seal("13800000000", "p") != RING.seal("13800000000", "p")
    assert RING.blind("13800000000", "p") == RING.blind("13800000000", "p")
    assert RING.blind("13800000000", "p") != RING.blind("13800000000", "q")
    for key in (b"k" * 32, b"long" * 40):
        assert Keyring("k1", {"k1": b"\0" * 32}, key).blind("王示例", "p") == hmac.digest(key, "p\0王示例".encode(), "sha256")[:16]
    assert RING.blind("13800000000", "p") != Keyring.generate().blind("13800000000", "p")


def test_old_values_open_after_a_new_key_until_the_old_one_is_destroyed() -> None:
    old = RING.seal("王示例", "p")
    newer = RING.with_new_key()
    assert newer.open(old, "p") == "王示例"
    assert newer.key_of(newer.seal("王示例", "p")) == "k2"
    assert newer.blind("王示例", "p") == RING.blind("王示例", "p")
    with pytest.raises(KeyMissing):
        newer.without("k1").open(old, "p")
    with pytest.raises(ValueError, match="current"):
        newer.without("k2")


def test_the_file_is_for_its_owner_only_and_read_again_when_it_changes(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "keyring.json"
    RING.write(path)
    settings.LIANFANG_KEYRING = path
    assert path.stat().st_mode & 0o777 == 0o600
    sealed = keyring().seal("x", "p")
    RING.with_new_key().write(path)
    assert keyring().current == "k2"
    assert keyring().open(sealed, "p") == "x"
    assert keyring().names == ["k1", "k2"]
