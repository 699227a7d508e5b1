"""The steps of the switch and of the way back, one effect each, with its undoing.

A step is given some items of a run, inside one short transaction, and does them by the verbs of their context. It writes on each item what
it made (`made`, where that is not the item's own id) and what should be said about it (`told`). What a context refuses is raised, and the
transaction is as if it had not been tried. The order of the steps is that of `types.Section` and `types.WayBack`.
"""

from lianfang.headquarters.playbooks.steps import (
    areas,
    assigning,
    back,
    bodies,
    calls,
    incident,
    needs,
    orders,
    posts,
    teams,
)
from lianfang.headquarters.playbooks.steps.frame import Doing, Step
from lianfang.headquarters.playbooks.types import RunKind, Section, WayBack

STEPS: dict[tuple[RunKind, str], Step] = {
    (RunKind.ACTIVATION, Section.INCIDENT): incident.STEP,
    (RunKind.ACTIVATION, Section.BODIES): bodies.STEP,
    (RunKind.ACTIVATION, Section.TEAMS): teams.STEP,
    (RunKind.ACTIVATION, Section.POSTS): posts.STEP,
    (RunKind.ACTIVATION, Section.AREAS): areas.STEP,
    (RunKind.ACTIVATION, Section.NEEDS): needs.STEP,
    (RunKind.ACTIVATION, Section.ASSIGNING): assigning.STEP,
    (RunKind.ACTIVATION, Section.CALLS): calls.STEP,
    (RunKind.ACTIVATION, Section.ORDERS): orders.STEP,
    **{(RunKind.STANDING_DOWN, key): step for key, step in back.STEPS.items()},
}

__all__ = ["STEPS", "Doing", "Section", "Step", "WayBack"]
