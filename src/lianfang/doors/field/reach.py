"""What a phone may take along: where its account may write records today, and a stamp that changes whenever any of it does."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from lianfang.doors.field.ground import CAP, Ground, ground_of
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.organisations import queries as organisations
from lianfang.kernel.errors import Conflict
from lianfang.kernel.sealing import keyring
from lianfang.work.matters import queries as matters
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.outreach import queries as outreach
from lianfang.work.rounds import queries as rounds
from lianfang.work.rounds.queries.taken_along import DoorsInRound, DoorsStood

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from lianfang.ground.accounts.access import Actor
    from lianfang.kernel.ids import RoundId
    from lianfang.kernel.ranges import Range
    from lianfang.work.matters.types import MatterSeen
    from lianfang.work.mobilisation.types import Spell
    from lianfang.work.outreach.types import ForMe
    from lianfang.work.rounds.types import RoundSeen

MATTERS = 200


class TooManyDoors(Conflict):
    """You answer for {count} doors; a phone takes at most {cap} along. Ask your secretary to give you a grid or a building of your own."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What was read once for the stamp and serves the bundle too."""

    actor: Actor
    ground: Ground
    rounds: Sequence[RoundSeen]
    reached: Mapping[RoundId, Sequence[Range]]
    stood: DoorsStood
    in_rounds: Mapping[RoundId, DoorsInRound]
    matters: Sequence[MatterSeen]
    messages: Sequence[ForMe]
    spell: Spell | None
    mans: UUID | None
    standing: bytes
    stamp: str

    @property
    def writing(self) -> Sequence[Range]:
        """Where records may be written."""
        return self.ground.writing

    @property
    def fits(self) -> bool:
        """Whether a phone takes it along."""
        return self.ground.fits


def reach_of(actor: Actor) -> Reach:
    """Read it, within the actor's scope."""
    ground = ground_of(actor)
    reading = ground.writing if ground.fits else []
    here = rounds.rounds(reading, open_only=True) if reading else []
    ids = [one.id for one in here]
    reached = rounds.reach_each(ids) if ids else {}
    stood = rounds.doors_stood(reading) if reading else DoorsStood()
    in_rounds = rounds.doors_in_rounds(ids, reading) if ids else {}
    mine = matters.matters_of(actor.account_id, limit=MATTERS) if actor.account_id else []
    told = outreach.for_account(actor.account_id) if actor.account_id else []
    spell = mobilisation.present_spell(actor.account_id) if actor.account_id else None
    mans = _mans(actor) if ground.posts else None
    standing = _digest([[(one.id, one.ends_at, one.name, reached[one.id]) for one in here], stood, [in_rounds.get(one) for one in ids]])
    parts = [
        ground.digest,
        keyring().field.current,
        sorted(str(grant.grant_id) for grant in actor.grants),
        standing,
        [(one.id, one.late) for one in mine],
        [(one.id, one.read_at) for one in told],
        spell.record_id if spell else None,
        mans,
    ]
    return Reach(actor, ground, here, reached, stood, in_rounds, mine, told, spell, mans, standing, _digest(parts).hex())


def _digest(of: object) -> bytes:
    return blake2b(msgspec.json.encode(of), digest_size=12).digest()


def _mans(actor: Actor) -> UUID | None:
    """The post that the person behind an account mans."""
    persons = accounts.persons_of([actor.account_id] if actor.account_id else [])
    return next(iter(organisations.posts_of_person(persons.values()).values()), None)


__all__ = ["CAP", "Reach", "TooManyDoors", "reach_of"]
