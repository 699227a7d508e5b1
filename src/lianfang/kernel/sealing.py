"""Sealing of sensitive fields: AES-256-GCM with keys outside the database, and a keyed blind index.

A sealed value names the key that sealed it (so that keys can be rotated) and is bound to its purpose,
"table.column" by custom: a value copied to another column does not open. The blind index is an HMAC
under a key of its own, for exact search only; equal texts of one purpose give equal indexes.
The keyring is a JSON file: {"current": "k1", "keys": {"k1": base64 of 32 bytes}, "index": base64 of 32 bytes}; with "field", of the
same form, it holds the keys to which phones seal their records (`kernel.delivering`).
"""

from __future__ import annotations

import base64
import json
import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lianfang.kernel.delivering import DeliveryKeys
from lianfang.kernel.errors import Refused

_FORM = b"\x01"
_NONCE = 12
_BLOCK = 64  # bytes of a block of SHA-256 (RFC 2104)


class KeyMissing(Refused):
    """The key {key} is not in the keyring: restore the keyring file that belongs to this database."""


class SealBroken(Refused):
    """A sealed value does not open: it was damaged, moved to another column, or sealed under another keyring."""


class Keyring:
    """The keys of one installation. Sealing uses the current one, opening whichever the value names."""

    def __init__(self, current: str, keys: dict[str, bytes], index: bytes, field: DeliveryKeys | None = None) -> None:
        self.current = current
        self._field = field
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._index = index
        padded = (index if len(index) <= _BLOCK else sha256(index).digest()).ljust(_BLOCK, b"\0")
        self._inner, self._outer = (sha256(bytes(byte ^ mask for byte in padded)) for mask in (0x36, 0x5C))
        self._key_bytes = keys
        self._head = _FORM + bytes([len(current.encode())]) + current.encode()

    @classmethod
    def generate(cls) -> Keyring:
        """A new keyring with one key."""
        return cls("k1", {"k1": os.urandom(32)}, os.urandom(32), DeliveryKeys.generate())

    @classmethod
    def read(cls, path: Path) -> Keyring:
        """The keyring in a file."""
        form = json.loads(path.read_text())
        keys = {name: base64.b64decode(key) for name, key in form["keys"].items()}
        told = form.get("field")
        field = DeliveryKeys(told["current"], {name: base64.b64decode(key) for name, key in told["keys"].items()}) if told else None
        return cls(form["current"], keys, base64.b64decode(form["index"]), field)

    def write(self, path: Path) -> None:
        """Write the keyring, readable by its owner only, replacing the old file in one step."""
        form: dict[str, object] = {
            "current": self.current,
            "keys": {name: base64.b64encode(key).decode() for name, key in self._key_bytes.items()},
            "index": base64.b64encode(self._index).decode(),
        }
        if self._field is not None:
            scalars = {name: base64.b64encode(key).decode() for name, key in self._field.scalars.items()}
            form["field"] = {"current": self._field.current, "keys": scalars}
        aside = path.with_suffix(".new")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(form, file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)

    @property
    def names(self) -> list[str]:
        """Names of all keys held."""
        return list(self._ciphers)

    def with_new_key(self) -> Keyring:
        """The same keyring with one more key, which is now the current one."""
        name = f"k{max(int(held[1:]) for held in self._key_bytes) + 1}"
        return Keyring(name, {**self._key_bytes, name: os.urandom(32)}, self._index, self._field)

    def without(self, name: str) -> Keyring:
        """The same keyring with a key destroyed; the current one cannot be."""
        if name == self.current:
            raise ValueError("the current key cannot be destroyed")
        return Keyring(self.current, {held: key for held, key in self._key_bytes.items() if held != name}, self._index, self._field)

    @property
    def field(self) -> DeliveryKeys:
        """The keys to which phones seal their records. Raises KeyMissing where this installation has none yet."""
        if self._field is None:
            raise KeyMissing(key="field")
        return self._field

    @property
    def has_field(self) -> bool:
        """Whether there are such keys."""
        return self._field is not None

    def with_new_field_key(self) -> Keyring:
        """The same keyring with one more key for phones, which is now the current one (the first, where there was none)."""
        field = self._field.renewed() if self._field else DeliveryKeys.generate()
        return Keyring(self.current, self._key_bytes, self._index, field)

    def seal(self, text: str, purpose: str) -> bytes:
        """The text, sealed under the current key for one purpose."""
        return self.seal_bytes(text.encode(), purpose)

    def seal_bytes(self, content: bytes, purpose: str) -> bytes:
        """The same for bytes, such as a file."""
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._ciphers[self.current].encrypt(nonce, content, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> str:
        """The text that was sealed for this purpose."""
        return self.open_bytes(sealed, purpose).decode()

    def open_bytes(self, sealed: bytes, purpose: str) -> bytes:
        """The same for bytes."""
        name = self.key_of(sealed)
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise KeyMissing(key=name)
        start = 2 + len(name)
        body = bytes(sealed)
        try:
            return cipher.decrypt(body[start : start + _NONCE], body[start + _NONCE :], purpose.encode())
        except InvalidTag:
            raise SealBroken from None

    @staticmethod
    def key_of(sealed: bytes) -> str:
        """The name of the key that a sealed value needs."""
        body = bytes(sealed)
        if body[:1] != _FORM or len(body) <= 2 + _NONCE:
            raise SealBroken
        return body[2 : 2 + body[1]].decode("ascii", "replace")

    def blind(self, text: str, purpose: str) -> bytes:
        """The keyed fingerprint of a text, 16 bytes, for exact search: an HMAC with SHA-256.

        Its two beginnings are the same for all texts and are copied: half the time of reckoning each anew.
        """
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{purpose}\0{text}".encode())
        outer.update(inner.digest())
        return outer.digest()[:16]


@lru_cache(maxsize=4)
def _read(path: Path, _changed: float) -> Keyring:
    return Keyring.read(path)


def keyring() -> Keyring:
    """The keyring of this installation (settings.LIANFANG_KEYRING), read again when the file changes."""
    from django.conf import settings  # the kernel is importable without Django's settings, for phones' tools and docs

    path = Path(settings.LIANFANG_KEYRING)
    return _read(path, path.stat().st_mtime)
