"""Verbs of incidents."""

from lianfang.ground.incidents.commands.incidents import (
    begin_phase,
    change_level,
    choose_rules,
    end_incident,
    open_incident,
    renew_incident,
)
from lianfang.ground.incidents.commands.measures import lift_measure, publish_lifting, publish_measure, raise_measure, renew_measure

__all__ = [
    "begin_phase",
    "change_level",
    "choose_rules",
    "end_incident",
    "lift_measure",
    "open_incident",
    "publish_lifting",
    "publish_measure",
    "raise_measure",
    "renew_incident",
    "renew_measure",
]
