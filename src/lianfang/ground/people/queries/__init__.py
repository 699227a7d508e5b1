"""Reads of people. Everything is masked; a full value is given by `commands.reveal` only, and is logged."""

from lianfang.ground.people.queries.counts import counts, counts_each
from lianfang.ground.people.queries.households import household_of_door, households_of_door, people_of_door
from lianfang.ground.people.queries.known import BlindIndexes, birth_of, households_in, known_in, of_doors, still_here
from lianfang.ground.people.queries.looks import looks, looks_at
from lianfang.ground.people.queries.matches import matches, pairs_to_take_up
from lianfang.ground.people.queries.persons import find_by_name, find_by_paper, find_by_phone, names_masked, person, positions_of
from lianfang.ground.people.queries.phones import numbers_to_reach
from lianfang.ground.people.queries.rolls import households_on_roll, left_doors, persons_on_roll

__all__ = [
    "BlindIndexes",
    "birth_of",
    "counts",
    "counts_each",
    "find_by_name",
    "find_by_paper",
    "find_by_phone",
    "household_of_door",
    "households_in",
    "households_of_door",
    "households_on_roll",
    "known_in",
    "left_doors",
    "looks",
    "looks_at",
    "matches",
    "names_masked",
    "numbers_to_reach",
    "of_doors",
    "pairs_to_take_up",
    "people_of_door",
    "person",
    "persons_on_roll",
    "positions_of",
    "still_here",
]
