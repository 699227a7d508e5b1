"""Settings come from the environment; this reads them, once and with their types.

LIANFANG_HOME          where data, secrets, logs and the virtual environments lie
LIANFANG_DATABASE      postgresql://user:password@host:port/name as which this process connects (set by the launcher)
LIANFANG_SECRETS       directory of the Django key and the keyring (default: LIANFANG_HOME/secrets)
LIANFANG_ORIGINS       comma-separated origins from which the desk is served (https://…), for CSRF and the intake
LIANFANG_LANGUAGE      zh or en: the language of the terminal (default: that of LC_ALL or LANG, else Chinese)
LIANFANG_TLS           "1" where pages are served over HTTPS: cookies are then marked secure
LIANFANG_COLLECTED     "1" where `up` has collected the static files: they are served hashed and compressed
LIANFANG_DEMO          name of the demonstration, shown on a ribbon; empty in a real installation
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Server:
    """Where a database is and as whom to connect; `extra` are libpq parameters such as sslmode."""

    host: str
    port: int
    user: str
    password: str
    name: str
    extra: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_url(cls, url: str) -> Server:
        """Read postgresql://user:password@host:port/name?sslmode=… ; raises ValueError in words."""
        parts = urlsplit(url)
        if parts.scheme not in {"postgresql", "postgres"}:
            raise ValueError("a database address starts with postgresql://")
        return cls(
            host=unquote(parts.hostname or "127.0.0.1"),
            port=parts.port or 5432,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            name=unquote(parts.path.lstrip("/")),
            extra=tuple(parse_qsl(parts.query)),
        )

    def url(self) -> str:
        """The address in one line; it holds the password, so it is for environments, never for logs."""
        query = "&".join(f"{quote(key)}={quote(value)}" for key, value in self.extra)
        host = f"[{self.host}]" if ":" in self.host else quote(self.host, safe="")
        return (
            f"postgresql://{quote(self.user, safe='')}:{quote(self.password, safe='')}@{host}:{self.port}/{quote(self.name, safe='')}"
            + (f"?{query}" if query else "")
        )


def home() -> Path:
    """The home of this installation: LIANFANG_HOME, else /var/lib/lianfang for root, else the user's data directory."""
    if given := os.environ.get("LIANFANG_HOME"):
        return Path(given).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/lianfang")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "lianfang"


def secrets() -> Path:
    """The directory of the secrets of this installation."""
    given = os.environ.get("LIANFANG_SECRETS")
    return Path(given).absolute() if given else home() / "secrets"


def database() -> Server:
    """The database of this process. Without one the settings still load, so that checks need no server."""
    return Server.from_url(os.environ.get("LIANFANG_DATABASE") or "postgresql://lianfang_owner@127.0.0.1:5432/lianfang")


def flag(name: str) -> bool:
    """Whether a variable is set to something that means yes."""
    return os.environ.get(name, "").lower() in {"1", "yes", "true", "on"}


def listed(name: str) -> list[str]:
    """A comma-separated variable."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def speaks_chinese() -> bool:
    """Whether the person at the terminal reads Chinese: as asked, else by the locale, and Chinese when neither says."""
    for name in ("LIANFANG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if given := os.environ.get(name, "").lower():
            return given.startswith("zh")
    return True
