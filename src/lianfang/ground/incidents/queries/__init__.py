"""Reads of incidents, of measures, and of what is in force where."""

from lianfang.ground.incidents.queries.in_force import doors_in_force, doors_under, in_force
from lianfang.ground.incidents.queries.incidents import (
    decisions,
    incident,
    incident_ranges,
    incidents,
    incidents_over,
    incidents_within,
    open_incidents,
    rule_set_of,
)
from lianfang.ground.incidents.queries.measures import beyond_the_rules, measure, measure_decisions, measures_of

__all__ = [
    "beyond_the_rules",
    "decisions",
    "doors_in_force",
    "doors_under",
    "in_force",
    "incident",
    "incident_ranges",
    "incidents",
    "incidents_over",
    "incidents_within",
    "measure",
    "measure_decisions",
    "measures_of",
    "open_incidents",
    "rule_set_of",
]
