"""The incident with its level, period and first measures (事件与措施). Undone: it is declared over, and its measures are lifted with it."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.ground.incidents import commands
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import IncidentKind, Opening, ResponseLevel
from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.steps.frame import Doing, Step
from lianfang.kernel.ids import PlaceId


def _open(doing: Doing, items: Sequence[Item]) -> None:
    told, content = doing.run.choices, doing.content
    for item in items:
        commands.open_incident(
            Opening(
                item.name, IncidentKind(told["kind"]), ResponseLevel(told["level"]), doing.until, doing.ground, place=PlaceId(item.place),
                measures=content.measures, rule_set=content.rule_set, drill=doing.run.drill, incident_id=doing.incident,
            ),
            by=doing.by,
        )  # fmt: skip
        item.made = doing.incident


def _end(doing: Doing, items: Sequence[Item]) -> None:
    del items
    if incidents.incident(doing.incident).ended_at is None:
        commands.end_incident(doing.incident, doing.ground, by=doing.by, lift_measures=True)


STEP = Step(_open, _end, must=True)
