"""Tables of this context. Seen by it only."""

from lianfang.ground.incidents.models.incidents import Decision, Incident
from lianfang.ground.incidents.models.measures import Measure, MeasureDecision

__all__ = ["Decision", "Incident", "Measure", "MeasureDecision"]
