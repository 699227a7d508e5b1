"""Incidents as tests open them: with everything that must be stated, in as few words as possible."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.incidents import commands
from lianfang.ground.incidents.types import Ground, IncidentKind, Opening, Raising, ResponseLevel
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId, MeasureId

ORDER = Ground("绿园区人民政府", "绿政发〔2022〕1号", "示例")
LOCAL = access.local_administrator()


def opened(name: str = "示例疫情", *, by: Actor = LOCAL, days: float = 30, **more: Any) -> IncidentId:
    """An epidemic of the second level, for a month."""
    stated: dict[str, Any] = {"kind": IncidentKind.EPIDEMIC, "level": ResponseLevel.TWO, "ground": ORDER}
    return commands.open_incident(Opening(name, expires_at=clock.now() + timedelta(days=days), **{**stated, **more}), by=by)


def raised(incident: IncidentId, key: str, *, by: Actor = LOCAL, days: float = 5, **more: Any) -> MeasureId:
    """A measure for a few days from now."""
    wished = Raising(incident, key, clock.now() + timedelta(days=days), **{"ground": ORDER, **more})
    return commands.raise_measure(wished, by=by)
