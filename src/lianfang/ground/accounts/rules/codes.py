"""Tokens, recovery codes and logins: how they are made and compared. Nothing here is kept in clear."""

from __future__ import annotations

import hmac
import re
import secrets
from hashlib import sha256

from lianfang.ground.accounts.types import LoginWrong

# Without 0 O 1 I L: they are read from paper and typed by hand.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_GROUPS, _GROUP = 4, 4
RECOVERY_CODES = 10
HANDOVER_DIGITS = 6
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}", re.ASCII)
_LOGIN_LETTERS = 12


def new_token() -> str:
    """256 bits that fit into an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is kept of a token. Plain SHA-256: there are 256 random bits to guess."""
    return sha256(token.strip().encode()).digest()


def new_handover_code() -> str:
    """Six digits, read from one screen and typed on another."""
    return f"{secrets.randbelow(10**HANDOVER_DIGITS):0{HANDOVER_DIGITS}}"


def new_recovery_code() -> str:
    """Sixteen characters in groups of four, nearly 80 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def is_recovery_code(text: str) -> bool:
    """Whether what was typed has the length of a recovery code rather than of an app's six digits."""
    return len(_bare(text)) == _GROUPS * _GROUP


def recovery_hash(text: str) -> bytes:
    """What is kept of a recovery code, however its groups were typed."""
    return token_hash(_bare(text))


def _bare(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()


def same(one: str, other: str) -> bool:
    """Whether two short secrets are equal, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def normal_login(text: str) -> str:
    """A login in its one form. Raises LoginWrong."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise LoginWrong
    return login


def login_stem(name_key: str) -> str:
    """What a login made from a name begins with."""
    letters = re.sub(r"[^a-z]", "", name_key)[:_LOGIN_LETTERS]
    return letters if _LOGIN.fullmatch(letters) else f"{letters or 'u'}.lf"
