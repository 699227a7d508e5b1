"""What visits set off here (数电灯): what is seen on the spot is set against the list, and who answers for the door settles the difference.

One matter for a visit and question, however often the visit is corrected: a correction that takes it back leaves it to a person to settle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import ABILITIES, Ability
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import AccountId, PlaceId, derived_id
from lianfang.ledger import kinds
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.errands import About
from lianfang.ledger.reacting import Reaction
from lianfang.ledger.types import StandingRecord
from lianfang.work.rounds.rules import MATTER_WITHIN


def answers_for(place_id: PlaceId) -> AccountId | None:
    """Who settles what is found at a door: the nearest who answers for it and may; None where nobody does, which is a gap to be seen."""
    answering = accounts.answering_for(places.place(place_id))
    return next((one.account_id for one in answering if Ability.MATTERS_SETTLE in ABILITIES[one.role]), None)


def count_the_lights(visit: StandingRecord) -> Sequence[Mapping[str, Any]]:
    """People seen who are not listed, or a light where nobody is listed; people listed whom nobody knows of: a matter each."""
    said = visit.payload
    lit_and_empty = said["outcome"] == Outcome.LIT and not people.people_of_door(visit.place)
    found = []
    if said.get("unlisted") or lit_and_empty:
        found.append(_matter(visit, About.PEOPLE_UNLISTED, "rounds.unlisted"))
    if said.get("unseen"):
        found.append(_matter(visit, About.PEOPLE_UNSEEN, "rounds.unseen"))
    return found


def _matter(visit: StandingRecord, about: About, name: str) -> Mapping[str, Any]:
    return {
        "id": derived_id(visit.id, name),
        "kind": "matter_raised",
        "version": kinds.current("matter_raised").version,
        "place": visit.place,
        "occurred_at": visit.effective_at,
        "incident": visit.incident,
        "actor": visit.actor,
        "channel": visit.channel,
        "subject": visit.subject,
        "payload": {
            "about": about,
            "due_at": visit.recorded_at + MATTER_WITHIN,
            "owner": answers_for(visit.place),
            "cause": visit.id,
        },
    }


_ODD = "s.payload ->> 'outcome' = 'lit' or (s.payload ->> 'unlisted')::int > 0 or (s.payload ->> 'unseen')::int > 0"
LIGHTS = Reaction("rounds.lights", ("visit",), count_the_lights, among=_ODD)
ALL = (LIGHTS,)
