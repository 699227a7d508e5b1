"""What may cross the border of outreach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lianfang.ground.accounts.rules.roles import Role
from lianfang.kernel.errors import Conflict, Invalid, NotFound
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, MessageId, PlaceId


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be sent: to the workers of a place, or of one of its areas only."""

    title: str
    words: str
    place: PlaceId
    area: AreaId | None = None
    incident: IncidentId | None = None


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A message as its sender's desk sees it, with how many were told, how many phones have it, how many were read (人)."""

    id: MessageId
    place_id: PlaceId
    area_id: AreaId | None
    sender: AccountId | None
    title: str
    words: str
    sent_at: datetime
    withdrawn_at: datetime | None
    told: int
    got: int
    read: int


@dataclass(frozen=True, slots=True)
class Told:
    """One recipient: with what office, when a phone of theirs fetched the message, when it was read."""

    account_id: AccountId
    role: Role
    got_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ForMe:
    """A message as its recipient sees it."""

    id: MessageId
    title: str
    words: str
    sender: AccountId | None
    sent_at: datetime
    read_at: datetime | None


class MessageNotFound(NotFound):
    """This message does not exist, or lies outside what you answer for."""


class WordsWrong(Invalid):
    """A message has a title of at most {title} and a text of at most {words} characters; neither is empty."""


class NamesSomebody(Invalid):
    """The text holds what looks like the number of an identity paper. A message names no residents: give the door, the rest stands there."""


class NobodyThere(Conflict):
    """Nobody but you works there yet. Give somebody an office there first."""


class TooManyThere(Conflict):
    """{count} people work there; a message goes to at most {most}. Send it street by street."""
