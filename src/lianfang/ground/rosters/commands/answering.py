"""The answer to a roster: the same file, with what became of each row and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from lianfang.ground.rosters.commands.receiving import content_of
from lianfang.ground.rosters.loading_types import Verdict
from lianfang.ground.rosters.models import Row
from lianfang.ground.rosters.queries.files import roster_row
from lianfang.ground.rosters.queries.rows import reasons_of
from lianfang.kernel.errors import Refused
from lianfang.kernel.sheets import Answer, answered, read

_MARKED = frozenset({Verdict.WAITING.value, Verdict.REFUSED.value})


def answer_file(roster_id: UUID, headings: Sequence[str], verdict_words: Callable[[Verdict], str], said: Callable[[Refused], str]) -> bytes:
    """The file with two columns more, as .xlsx. Raises RosterNotFound, ContentGone."""
    roster = roster_row(roster_id)
    rows: dict[int, dict[int, tuple[str, str]]] = {number: {} for number in range(len(roster.layouts))}
    marked: dict[int, set[int]] = {number: set() for number in rows}
    words: dict[bytes | str, str] = {}
    found = (
        Row.objects.filter(roster_id=roster_id, person=True).exclude(verdict="").only("sheet", "line", "verdict", "reason", "said_sealed")
    )
    for row in found.order_by("ordinal").iterator(chunk_size=5_000):
        key = bytes(row.said_sealed) if row.said_sealed else row.reason
        if key not in words:
            words[key] = "；".join(said(why) for why in reasons_of(row))
        rows[row.sheet][row.line] = (verdict_words(Verdict(row.verdict)), words[key])
        if row.verdict in _MARKED:
            marked[row.sheet].add(row.line)
    answers = {
        layout["sheet"]: Answer(max(layout["heading_rows"], default=1), list(headings), rows[number], frozenset(marked[number]))
        for number, layout in enumerate(roster.layouts)
        if rows[number]
    }
    content = content_of(roster_id)
    return answered(content, read(content, roster.name), answers)
