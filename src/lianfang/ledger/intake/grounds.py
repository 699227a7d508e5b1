"""What records are set against: places and their positions, incidents, accounts and what their holders may do.

Everything a call needs is read at once before it is checked; the checks then ask memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.types import Authority
from lianfang.ground.incidents.queries.drills import drills
from lianfang.ground.places.queries.stamps import Standing, standings
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId, IncidentId, PlaceId
from lianfang.ledger.intake.arrivals import Arrival
from lianfang.ledger.types import NotMadeThere, UnknownActor, UnknownIncident, UnknownPlace


@dataclass(frozen=True, slots=True)
class Ground:
    """What was read for one call. `incidents` tells which incidents are only practised."""

    places: dict[PlaceId, Standing]
    incidents: dict[IncidentId, bool]
    actors: set[AccountId]
    authority: dict[AccountId, list[Authority]]


def preheat(arrivals: Sequence[Arrival]) -> Ground:
    """Read all that the arrivals refer to."""
    named = {IncidentId(arrival.record.incident) for arrival in arrivals if arrival.record.incident is not None}
    actors = {AccountId(arrival.actor) for arrival in arrivals if arrival.actor is not None}
    authors = {arrival.author for arrival in arrivals}
    asked = {author.account_id for author in authors if not (author.trusted or author.cut_off) and author.account_id is not None}
    return Ground(
        places=standings({PlaceId(arrival.record.place) for arrival in arrivals}),
        incidents=drills(named) if named else {},
        actors=accounts.known(actors) if actors else set(),
        authority=access.authors(asked) if asked else {},
    )


def position_of(place_id: PlaceId, on: date) -> int:
    """The position of one place on a day. Raises UnknownPlace."""
    found = standings([place_id])
    if place_id not in found:
        raise UnknownPlace
    return found[place_id].position_on(on)


def check(arrival: Arrival, ground: Ground) -> Refused | None:
    """Stamp the position; the first thing the record refers to that is not there, or None."""
    record = arrival.record
    standing = ground.places.get(PlaceId(record.place))
    if standing is None:
        return UnknownPlace()
    # A late record gets the position its place had when it was made: the sums of both years stay right.
    arrival.position = standing.position_on(arrival.on) if standing.former else standing.position
    if arrival.meant.levels and standing.level not in arrival.meant.levels:
        return NotMadeThere(level=standing.level)
    if record.incident is not None and record.incident not in ground.incidents:
        return UnknownIncident()
    if arrival.actor is not None and arrival.actor not in ground.actors:
        return UnknownActor()
    return None


def allowed(arrival: Arrival, ground: Ground) -> bool:
    """Whether the author held, when the record was made, what its kind asks for at its place. From a device cut off nothing is."""
    author = arrival.author
    if author.trusted or author.cut_off or author.account_id is None:
        return author.trusted
    held = ground.authority[author.account_id]
    return any(grant.covers(arrival.position, arrival.meant.ability, arrival.effective_at) for grant in held)
