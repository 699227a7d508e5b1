"""The secrets of an installation: database passwords, Django's key, the keyring. Readable by its owner only.

The keyring must be kept as carefully as the database: without it nothing sealed can be opened, and with it a stolen
copy of the database can be read.
"""

from __future__ import annotations

import secrets as randomness
from pathlib import Path

from lianfang.config.runtime.home import read_form, write_form, write_private
from lianfang.config.runtime.postgres import SUPERUSER
from lianfang.config.runtime.roles import ROLES
from lianfang.kernel.sealing import Keyring

_BYTES = 24


def passwords(place: Path) -> dict[str, str]:
    """The passwords of the superuser and the four roles, made at the first call and kept."""
    held = {str(name): str(word) for name, word in read_form(place / "database.json").items()}
    missing = [name for name in (SUPERUSER, *ROLES) if name not in held]
    if missing:
        held.update({name: randomness.token_urlsafe(_BYTES) for name in missing})
        write_form(place / "database.json", dict(held))
    return held


def make_keys(place: Path) -> None:
    """Make Django's key and the keyring where they are missing, and in one of before the keys for phones; never replace one."""
    if not (place / "django").exists():
        write_private(place / "django", randomness.token_urlsafe(48))
    if not (place / "keyring.json").exists():
        Keyring.generate().write(place / "keyring.json")
    ring = Keyring.read(place / "keyring.json")
    if not ring.has_field:
        ring.with_new_field_key().write(place / "keyring.json")
