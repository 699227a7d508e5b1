"""Definitions of bulletins: templates over figures, one versioned file each.

A definition that was published once is never changed under the same version: a test keeps the digest of each. What it says is in English,
the msgids of gettext; both languages are written into what is published. An office's own layout is one more definition.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from lianfang.headquarters.bulletins.types import UnknownBulletin


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section: what happened in the period, and how it stands at its end, both figures by key, each may be empty.

    The line is called like the figure that it stands for unless `name` says otherwise. With `parts` the parts of the standing figure follow.
    """

    during: str = ""
    standing: str = ""
    name: str = ""
    parts: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines. One that is `of` rounds is there only where a round covers place and period, and names it as {names}."""

    key: str
    title: str
    lines: tuple[Line, ...]
    of: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A bulletin: its title for one day and for several, opening sentences with figures as {key}, sections, and a row for each part of the place."""

    key: str
    version: int
    title: str
    title_of_days: str
    words: tuple[str, ...]
    sections: tuple[Section, ...]
    columns: tuple[str, ...]
    public: frozenset[str] = field(default=frozenset())

    def digest(self) -> str:
        """What tells one version from another that was changed without saying so."""
        plain = asdict(self) | {"public": sorted(self.public)}
        return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def definitions() -> dict[str, Definition]:
    """All definitions by key."""
    from lianfang.headquarters.bulletins.definitions import daily

    return {one.key: one for one in (daily.DAILY,)}


def definition(key: str) -> Definition:
    """A definition by its key. Raises UnknownBulletin."""
    found = definitions().get(key)
    if found is None:
        raise UnknownBulletin(name=key, known=", ".join(definitions()))
    return found
