"""Tables folded from visits. Only the folder writes them; a rebuild from the ledger gives the same rows."""

from lianfang.work.rounds.models.doors import DoorState, DoorTally
from lianfang.work.rounds.models.visits import VisitHour, VisitTally

__all__ = ["DoorState", "DoorTally", "VisitHour", "VisitTally"]
