"""What may cross the border of this context: enums, results and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lianfang.kernel.errors import Conflict, Denied, Invalid, NotFound, Refused
from lianfang.kernel.ids import AccountId, AreaId, DeviceId, GrantId, OrganisationId, PersonId, PlaceId
from lianfang.kernel.ranges import Range


class AccountState(StrEnum):
    """Whether an account may sign in at all."""

    ACTIVE = "active"
    CLOSED = "closed"


class ScopeKind(StrEnum):
    """What a grant covers."""

    PLACE = "place"
    AREA = "area"
    ORGANISATION = "organisation"


class JoiningPurpose(StrEnum):
    """What a link is for: a first password, another one, or a phone that joins without any."""

    JOIN = "join"
    RESET = "reset"
    FIELD = "field"


class Cut(StrEnum):
    """How a device was cut off: deliver what waits on it and then wipe, or wipe first because it is in wrong hands."""

    DELIVER = "deliver"
    STOLEN = "stolen"


class Owed(StrEnum):
    """What somebody who has signed in must do before anything else."""

    PASSWORD = "password"  # noqa: S105 - a step, not a password
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True)
class OverPlace:
    """A grant over everything inside a place."""

    place_id: PlaceId


@dataclass(frozen=True, slots=True)
class OverArea:
    """A grant over the places of an area, whatever they are from day to day."""

    area_id: AreaId


@dataclass(frozen=True, slots=True)
class OverOrganisation:
    """A grant over an organisation and everything below it. Made by `organisations.queries.scope_of`."""

    organisation_id: OrganisationId
    range: Range


Scope = OverPlace | OverArea | OverOrganisation


@dataclass(frozen=True, slots=True)
class GrantHeld:
    """One grant as `access` reads it."""

    grant_id: GrantId
    role: str
    scope: Scope
    valid_from: date
    valid_to: date | None
    revoked_at: datetime | None
    reason: str = ""

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day, unless revoked."""
        return self.revoked_at is None and self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Authority:
    """What one grant lets an author do in one range, and from when to when."""

    range: Range
    abilities: frozenset[str]
    begins: datetime
    ends: datetime | None

    def covers(self, position: int, ability: str, moment: datetime) -> bool:
        """Whether it allowed something at a position at a moment."""
        in_force = self.begins <= moment and (self.ends is None or moment < self.ends)
        return in_force and self.range.has(position) and ability in self.abilities


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made. Without a login one is made from the name; the telephone number as people write it."""

    name: str
    login: str = ""
    phone: str = ""
    person_id: PersonId | None = None
    id: AccountId | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in and what is owed first."""

    account_id: AccountId
    owed: Owed | None


@dataclass(frozen=True, slots=True)
class JoiningLink:
    """A link that lets one person set a password once. The token is not kept: it is shown now or never."""

    account_id: AccountId
    login: str
    token: str
    expires_at: datetime
    needs_phone: bool


@dataclass(frozen=True, slots=True)
class DoorSign:
    """What is printed for a door: the link behind the QR code outside, and the six digits on the card inside."""

    door_id: PlaceId
    token: str
    code: str


@dataclass(frozen=True, slots=True)
class JoiningSeen:
    """Whom a joining link is for."""

    login: str
    name: str
    needs_phone: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceToken:
    """The credential of a device, shown once."""

    device_id: DeviceId
    token: str


@dataclass(frozen=True, slots=True)
class SecondFactorOffer:
    """What an authenticator app needs: the key as text, and the address behind the QR code."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class Post:
    """The highest office somebody holds: the role, the name of what it covers, and the place their day begins at."""

    role: str
    scope_name: str
    place_id: PlaceId | None


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account in a list."""

    account_id: AccountId
    login: str
    name: str
    state: AccountState
    phone: str
    locked_until: datetime | None
    last_login: datetime | None
    has_password: bool
    has_second_factor: bool
    person_id: PersonId | None


@dataclass(frozen=True, slots=True)
class GrantSeen:
    """A grant in a list, with the name of what it covers."""

    grant_id: GrantId
    account_id: AccountId
    role: str
    scope: ScopeKind
    scope_name: str
    place_id: PlaceId | None
    area_id: AreaId | None
    organisation_id: OrganisationId | None
    valid_from: date
    valid_to: date | None
    given_by: AccountId | None
    reason: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A device in a list."""

    device_id: DeviceId
    account_id: AccountId
    name: str
    created_at: datetime
    last_seen_at: datetime | None
    cut_off_at: datetime | None
    stolen: bool
    in_the_field: bool = False
    moved_at: datetime | None = None
    wiped_at: datetime | None = None

    @property
    def cut(self) -> Cut | None:
        """What the device must do now, if anything."""
        if self.stolen:
            return Cut.STOLEN
        return Cut.DELIVER if self.cut_off_at or self.moved_at else None


class AccountNotFound(NotFound):
    """This account does not exist, or lies outside what you answer for."""


class GrantNotFound(NotFound):
    """This grant does not exist, or lies outside what you answer for."""


class DeviceNotFound(NotFound):
    """This device does not exist, or belongs to somebody else."""


class SignInRefused(Refused):
    """Login, password or code is wrong, or the account is closed."""


class AccountLocked(Refused):
    """Too many wrong tries. Signing in is possible again at {until}; your secretary can reset the account at once."""


class CodeNeeded(Refused):
    """Enter the code of your authenticator app, or a recovery code."""


class PasswordShort(Invalid):
    """A password has at least {shortest} characters."""


class PasswordLong(Invalid):
    """A password has at most {longest} characters."""


class PasswordCommon(Invalid):
    """This password is among those that are tried first. Take several words that do not belong together."""


class PasswordPlain(Invalid):
    """This password is your own name or login with a few digits. Take several words that do not belong together."""


class PasswordWrong(Invalid):
    """The present password is wrong."""


class DoorCodeWrong(Invalid):
    """These are not the six digits of the card inside the door."""


class DoorCodeLocked(Refused):
    """Too many wrong tries. The digits can be entered again at {until}."""


class JoiningRefused(Refused):
    """This link has been used, has expired, or was replaced by a newer one. Ask whoever sent it for a new one."""


class DigitsWrong(Invalid):
    """The last four digits of the telephone number are wrong."""


class DigitsNeeded(Invalid):
    """Enter the last four digits of your telephone number."""


class CodeWrong(Invalid):
    """The code is wrong or has been used. Check the clock of the phone and take the next one."""


class SecondFactorMissing(Refused):
    """This account has no second factor yet."""


class LoginTaken(Conflict):
    """The login {login} is taken."""


class LoginWrong(Invalid):
    """A login has 3 to 32 characters: lower-case letters, digits, dot, hyphen or underscore, and begins with a letter."""


class PhoneTaken(Conflict):
    """Another account has this telephone number."""


class PhoneNeeded(Invalid):
    """Write the telephone number: by it people are known and get their link."""


class PhoneOfAnother(Conflict):
    """This telephone number belongs to somebody of another name. Check name and number."""


class NotForYou(Denied):
    """You can give only roles at or below your own, inside what you answer for."""


class NotToYourself(Denied):
    """Nobody changes their own grants or resets their own account: ask somebody who answers for you."""


class LongerThanYours(Denied):
    """Your own grant ends on {ends}; you cannot give one beyond that day."""


class OutranksYou(Denied):
    """This account holds a role or a place beyond yours: ask somebody who answers for it."""


class PeriodWrong(Invalid):
    """The grant ends before it begins, or has already ended."""


class ScopeEnded(Invalid):
    """This place or area has ended: nobody can be given it."""


class AlreadyRevoked(Conflict):
    """This grant has ended already."""


class AlreadyHeld(Conflict):
    """This account already holds this role there in that period."""


class AccountClosed(Conflict):
    """This account is closed."""


class LocalOnly(Denied):
    """The local administrator has no account of their own: sign in to do this."""
