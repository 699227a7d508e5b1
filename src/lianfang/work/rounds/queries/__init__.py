"""Reads of rounds: rounds and how far they have come, how doors stand, visits in a time, arrivals."""

from lianfang.work.rounds.queries.arrivals import (
    arrival,
    arrival_count,
    arrival_count_each,
    arrivals,
    arrivals_came,
    arrivals_daily,
    arrivals_due,
    arrivals_followed,
)
from lianfang.work.rounds.queries.campaigns import in_series, one, reach, reach_each, reach_within, rounds, rounds_between, share_taken_in
from lianfang.work.rounds.queries.covering import compare, coverage, coverage_each, doors_in_round, end_statement, settled_doors
from lianfang.work.rounds.queries.days import days
from lianfang.work.rounds.queries.doors import door, door_counts, door_counts_each, door_states, visits_told
from lianfang.work.rounds.queries.lines import lines
from lianfang.work.rounds.queries.missing import due, due_count, missing
from lianfang.work.rounds.queries.taken_along import doors_in_rounds, doors_stood
from lianfang.work.rounds.queries.visits import doors_visited_each, visits_each

__all__ = [
    "arrival",
    "arrival_count",
    "arrival_count_each",
    "arrivals",
    "arrivals_came",
    "arrivals_daily",
    "arrivals_due",
    "arrivals_followed",
    "compare",
    "coverage",
    "coverage_each",
    "days",
    "door",
    "door_counts",
    "door_counts_each",
    "door_states",
    "doors_in_round",
    "doors_in_rounds",
    "doors_stood",
    "doors_visited_each",
    "due",
    "due_count",
    "end_statement",
    "in_series",
    "lines",
    "missing",
    "one",
    "reach",
    "reach_each",
    "reach_within",
    "rounds",
    "rounds_between",
    "settled_doors",
    "share_taken_in",
    "visits_each",
    "visits_told",
]
