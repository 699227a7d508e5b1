"""The steps of standing down."""

from __future__ import annotations

from lianfang.headquarters.playbooks.steps.frame import Step
from lianfang.headquarters.playbooks.types import WayBack

STEPS: dict[WayBack, Step] = {}
