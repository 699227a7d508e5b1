"""What a phone may take along: where its account may write records today, and a stamp that changes whenever any of it does."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from lianfang.ground.accounts import access
from lianfang.ground.changes import queries as changes
from lianfang.ground.people import queries as people_of
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import Conflict
from lianfang.kernel.ranges import Range, intersect
from lianfang.kernel.sealing import keyring
from lianfang.work.matters import queries as matters
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.outreach import queries as outreach
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.ground.accounts.access import Actor
    from lianfang.work.matters.types import MatterSeen
    from lianfang.work.mobilisation.types import Spell
    from lianfang.work.outreach.types import ForMe
    from lianfang.work.rounds.types import RoundSeen

CAP = 2_000
MATTERS = 200


class TooManyDoors(Conflict):
    """You answer for {count} doors; a phone takes at most {cap} along. Ask your secretary to give you a grid or a building of your own."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What was read once for the stamp and serves the bundle too."""

    actor: Actor
    writing: Sequence[Range]
    people: Sequence[Range]
    rounds: Sequence[RoundSeen]
    matters: Sequence[MatterSeen]
    messages: Sequence[ForMe]
    spell: Spell | None
    doors: int
    mark: str
    stamp: str

    @property
    def fits(self) -> bool:
        """Whether a phone takes it along."""
        return self.doors <= CAP


def reach_of(actor: Actor) -> Reach:
    """Read it, within the actor's scope."""
    writing = access.ranges(actor, "records.write")
    people = intersect(writing, access.ranges(actor, "people.see"))
    doors = places.door_counts(writing).doors if writing else 0
    # Somebody who answers for a city has no bundle: nothing is read of it either.
    reading = writing if doors <= CAP else []
    here = rounds.rounds(reading, open_only=True) if reading else []
    mine = matters.matters_of(actor.account_id, limit=MATTERS) if actor.account_id else []
    told = outreach.for_account(actor.account_id) if actor.account_id else []
    spell = mobilisation.present_spell(actor.account_id) if actor.account_id else None
    mark = f"{places.mark_of_walk(reading)} {people_of.mark_of_roll(people) if people else ''}" if reading else ""
    parts = [
        mark,
        clock.today().isoformat(),
        keyring().field.current,
        *sorted(str(grant.grant_id) for grant in actor.grants),
        *(str(change.id) for change in changes.changes_within(reading, limit=1)),
        *(f"{one.id}{one.ends_at}" for one in here),
        *(rounds.mark_of_doors([one.id for one in here], reading) if reading else []),
        *(str(one.id) for one in mine),
        *(f"{one.id}{one.read_at}" for one in told),
        str(spell.record_id) if spell else "",
    ]
    stamp = blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
    return Reach(actor, writing, people, here, mine, told, spell, doors, mark, stamp)
