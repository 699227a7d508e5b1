"""Reads of rounds: how doors stand, and visits in a time."""

from lianfang.work.rounds.queries.days import days
from lianfang.work.rounds.queries.doors import door, door_counts, door_counts_each, door_states, doors_in
from lianfang.work.rounds.queries.visits import doors_visited, visits, visits_by_hour

__all__ = [
    "days",
    "door",
    "door_counts",
    "door_counts_each",
    "door_states",
    "doors_in",
    "doors_visited",
    "visits",
    "visits_by_hour",
]
