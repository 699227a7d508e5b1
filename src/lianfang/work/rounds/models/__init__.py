"""Tables of rounds: the rounds themselves, and what is folded from records. Folded rows are the folder's; a rebuild gives the same."""

from lianfang.work.rounds.models.doors import DoorDay, DoorState, DoorTally
from lianfang.work.rounds.models.lines import SettledLine
from lianfang.work.rounds.models.rounds import ArrivalRow, ChangedDoor, Earlier, Member, Round, RoundDoor, RoundTally, Statement, Unreached
from lianfang.work.rounds.models.visits import VisitDay, VisitTally

__all__ = [
    "ArrivalRow",
    "ChangedDoor",
    "DoorDay",
    "DoorState",
    "DoorTally",
    "Earlier",
    "Member",
    "Round",
    "RoundDoor",
    "RoundTally",
    "SettledLine",
    "Statement",
    "Unreached",
    "VisitDay",
    "VisitTally",
]
