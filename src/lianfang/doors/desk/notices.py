"""Lines said once on the next page: what was done, with the way back where there is one.

They wait in the session, so they hold no personal data: places and doors by label, never names.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

_KEY = "notices"


@dataclass(frozen=True, slots=True)
class Notice:
    """One line. `undo` is an address to post `fields` to, with `undo_words` on the button; `link` one to go to."""

    text: str
    tone: str = "ok"
    undo: str = ""
    undo_words: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    link: str = ""
    link_words: str = ""


def say(request: HttpRequest, notice: Notice) -> None:
    """Keep a line for the next page."""
    request.session[_KEY] = [*request.session.get(_KEY, []), asdict(notice)]


def take(request: HttpRequest) -> list[Notice]:
    """All lines that wait; they are said once."""
    if not hasattr(request, "session") or _KEY not in request.session:
        return []
    return [Notice(**kept) for kept in request.session.pop(_KEY)]
