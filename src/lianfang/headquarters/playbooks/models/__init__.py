"""Tables of playbooks: plans, who is bound to them, runs and every single thing of a run, and service as it was."""

from lianfang.headquarters.playbooks.models.plans import Holder, Plan, Version
from lianfang.headquarters.playbooks.models.runs import Item, Run, Service

__all__ = ["Holder", "Item", "Plan", "Run", "Service", "Version"]
