"""Tables of this context. Seen by it only; others get instances from queries and change nothing."""

from lianfang.ground.people.models.looks import Look
from lianfang.ground.people.models.matches import Apart, Match
from lianfang.ground.people.models.persons import Person, Phone
from lianfang.ground.people.models.residence import Household, Residence, Tally

__all__ = ["Apart", "Household", "Look", "Match", "Person", "Phone", "Residence", "Tally"]
