"""Verbs of rosters. Who may is asked by the caller, in whose scope each runs; loads ask for themselves."""

from lianfang.ground.rosters.commands.answering import answer_file
from lianfang.ground.rosters.commands.columns import say_columns
from lianfang.ground.rosters.commands.erasing import erase_overdue
from lianfang.ground.rosters.commands.exporting import export_roster
from lianfang.ground.rosters.commands.loading import (
    add_missing_doors,
    ask_again,
    compare_again,
    drop,
    load,
    load_file,
    order,
    try_out,
    work_off,
)
from lianfang.ground.rosters.commands.receiving import content_of, receive
from lianfang.ground.rosters.commands.settling import mend_row, set_aside, settle, take_up_again, undo

__all__ = [
    "add_missing_doors",
    "answer_file",
    "ask_again",
    "compare_again",
    "content_of",
    "drop",
    "erase_overdue",
    "export_roster",
    "load",
    "load_file",
    "mend_row",
    "order",
    "receive",
    "say_columns",
    "set_aside",
    "settle",
    "take_up_again",
    "try_out",
    "undo",
    "work_off",
]
