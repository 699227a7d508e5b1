"""Verbs of people. Each runs in one transaction and is logged under the account that acts; who may is asked by the caller."""

from lianfang.ground.people.commands.erasing import erase_persons
from lianfang.ground.people.commands.households import add_household, end_household, leave, rename_household, settle
from lianfang.ground.people.commands.looks import log_export, reveal, reveal_for_export
from lianfang.ground.people.commands.pairs import take_for_one, take_up_pairs, tell_apart
from lianfang.ground.people.commands.persons import add_person, correct_person, end_person, forget_person
from lianfang.ground.people.commands.roster_changes import ready, take_back, take_roster, told_of, told_of_all
from lianfang.ground.people.commands.rosters import take_in
from lianfang.ground.people.commands.tallies import mend_positions, recount, recount_all

__all__ = [
    "add_household",
    "add_person",
    "correct_person",
    "end_household",
    "end_person",
    "erase_persons",
    "forget_person",
    "leave",
    "log_export",
    "mend_positions",
    "ready",
    "recount",
    "recount_all",
    "rename_household",
    "reveal",
    "reveal_for_export",
    "settle",
    "take_back",
    "take_for_one",
    "take_in",
    "take_roster",
    "take_up_pairs",
    "tell_apart",
    "told_of",
    "told_of_all",
]
