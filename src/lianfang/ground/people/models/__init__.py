"""Tables of this context. Seen by it only; others get instances from queries and change nothing."""

from lianfang.ground.people.models.looks import Look
from lianfang.ground.people.models.matches import Match
from lianfang.ground.people.models.persons import Person, Phone
from lianfang.ground.people.models.residence import Household, Residence, Tally

__all__ = ["Household", "Look", "Match", "Person", "Phone", "Residence", "Tally"]
