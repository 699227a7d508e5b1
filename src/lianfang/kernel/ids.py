"""Typed identifiers. Everything the product names is a UUID, made where the thing is first seen.

Version 7 (RFC 9562) puts the time in front: keys arrive in order, and a record's book can be told
from its id. Python 3.11 has no maker of its own.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from hashlib import sha256
from typing import NewType
from uuid import UUID

from lianfang.kernel import clock

PlaceId = NewType("PlaceId", UUID)
AreaId = NewType("AreaId", UUID)
PersonId = NewType("PersonId", UUID)
HouseholdId = NewType("HouseholdId", UUID)
ResidenceId = NewType("ResidenceId", UUID)
AccountId = NewType("AccountId", UUID)
GrantId = NewType("GrantId", UUID)
DeviceId = NewType("DeviceId", UUID)
OrganisationId = NewType("OrganisationId", UUID)
IncidentId = NewType("IncidentId", UUID)
RecordId = NewType("RecordId", UUID)
MatterId = NewType("MatterId", UUID)
MessageId = NewType("MessageId", UUID)
RoundId = NewType("RoundId", UUID)
MeasureId = NewType("MeasureId", UUID)
OrderId = NewType("OrderId", UUID)

_VARIANT = 0b10 << 62
_SEVEN = 7
_VERSION = _SEVEN << 76


def _assemble(milliseconds: int, randomness: bytes) -> UUID:
    """A version 7 UUID from 48 bits of time and 74 of the ten bytes given."""
    bits = int.from_bytes(randomness[:10], "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | _VERSION | (bits >> 62 & 0xFFF) << 64 | _VARIANT | bits & (1 << 62) - 1
    return UUID(int=value)


def new_id(at: datetime | None = None) -> UUID:
    """A fresh version 7 UUID of the present moment, or of the moment given."""
    return _assemble(int((at or clock.now()).timestamp() * 1000), os.urandom(10))


def is_v7(candidate: UUID) -> bool:
    """Whether an id carries its time, as record ids must."""
    return candidate.version == _SEVEN


def time_of(identifier: UUID) -> datetime:
    """The moment a version 7 UUID was made, by the clock of its maker."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def derived_id(cause: UUID, name: str) -> UUID:
    """The id of what follows from a cause: the same cause and name give the same id, so twice is once.

    It keeps the time of its cause, so that both lie in books of the same period.
    """
    return _assemble(cause.int >> 80, sha256(cause.bytes + name.encode()).digest())
