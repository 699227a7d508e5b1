"""Tables of playbooks: plans, who is bound to them, runs and every single thing of a run, service as it was, offices stood in for."""

from lianfang.headquarters.playbooks.models.plans import Holder, Plan, Version
from lianfang.headquarters.playbooks.models.runs import Item, Run, Service
from lianfang.headquarters.playbooks.models.standing_in import StandIn

__all__ = ["Holder", "Item", "Plan", "Run", "Service", "StandIn", "Version"]
