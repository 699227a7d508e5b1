"""What this context tells the kernel at start: rows that follow a moved community, columns that are sealed, who erases."""

from __future__ import annotations

from lianfang.ground.rosters.models.files import CONTENT_PURPOSES
from lianfang.ground.rosters.models.rows import QUESTION_PURPOSES, ROW_PURPOSES
from lianfang.kernel import erasers
from lianfang.kernel.carriers import carries_position
from lianfang.kernel.sealed import seals


def register() -> None:
    """Called once by the app's configuration."""
    for table in ("rosters_roster", "rosters_content", "rosters_row", "rosters_remembered", "rosters_question"):
        carries_position(table, live="true")
    seals("rosters_content", CONTENT_PURPOSES)
    seals("rosters_row", ROW_PURPOSES)
    seals("rosters_question", QUESTION_PURPOSES)
    from lianfang.ground.rosters.commands.erasing import erase_book  # commands are loaded once the tables stand

    erasers.register("rosters", erase_book)
    # Whoever stands in a roster of peacetime, or of another incident, is known by that too.
    erasers.keeps(
        "rosters",
        "select w.person_id from rosters_row w join rosters_roster r on r.id = w.roster_id "
        "where w.person_id = any(%(asked)s) and r.book is distinct from %(book)s",
    )
