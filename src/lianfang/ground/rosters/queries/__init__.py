"""Reads of rosters: files with their sums, rows with verdicts, questions."""

from lianfang.ground.rosters.queries.files import history, latest, layouts_of, left_out_sheets, missing_of, roster, summary
from lianfang.ground.rosters.queries.rows import place_of_question, place_of_row, question, questions, row, rows_of
from lianfang.ground.rosters.queries.waiting import Waiting, waiting_each

__all__ = [
    "Waiting",
    "history",
    "latest",
    "layouts_of",
    "left_out_sheets",
    "missing_of",
    "place_of_question",
    "place_of_row",
    "question",
    "questions",
    "roster",
    "row",
    "rows_of",
    "summary",
    "waiting_each",
]
