"""What a list of accounts from a spreadsheet is answered with: a verdict for each row, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lianfang.ground.accounts.types import JoiningLink
from lianfang.kernel.errors import Conflict, Invalid, Refused
from lianfang.kernel.ids import AreaId, PlaceId


class RowVerdict(StrEnum):
    """What became of one row of a list of accounts."""

    ADDED = "added"  # a new account with its grant
    GRANTED = "granted"  # a known account, by its telephone number, with one more grant
    REPEATED = "repeated"  # all of it was there already
    DOUBTFUL = "doubtful"  # the place was understood, but not as written: accepted only on demand
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """One row of a list: its line in the sheet, what became of it and why, as which account and over which place."""

    line: int
    verdict: RowVerdict
    reason: Refused | None
    name: str
    login: str
    role: str
    read_as: str
    place_id: PlaceId | None
    area_id: AreaId | None


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """What a list of accounts did, or with `dry_run` would do: an answer a row, and the joining links of new accounts."""

    sheet: str
    heading_line: int
    rows: tuple[RowAnswer, ...]
    links: tuple[JoiningLink, ...]
    dry_run: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many rows had each verdict."""
        return {verdict.value: sum(row.verdict == verdict for row in self.rows) for verdict in RowVerdict}


class ListTooLong(Invalid):
    """This list is too long: at most {rows} rows. Cut it into several."""


class HeadingsMissing(Invalid):
    """No line of headings was found: there must be a column named 姓名 (name) and one named 电话 (phone)."""


class RowNameMissing(Invalid):
    """The name is missing."""


class RowPhoneMissing(Invalid):
    """The telephone number is missing: it is how the person is known, and what they join with."""


class RowRoleUnknown(Invalid):
    """The role “{role}” is not known."""


class RowRoleMissing(Invalid):
    """The role is missing."""


class RowPlaceMissing(Invalid):
    """The place is missing."""


class RowPlaceWrongLevel(Invalid):
    """A {role} answers for a {needed}; “{place}” was read as a {level}."""


class RowPlaceOutside(Invalid):
    """The place lies outside what you answer for, or you cannot give this role there."""


class RowDayUnreadable(Invalid):
    """The day “{day}” cannot be read; write it as 2022-03-11."""


class RowPhoneTwice(Invalid):
    """Line {line} has the same telephone number with another name."""


class RowPhoneOfAnother(Conflict):
    """An account of another name has this telephone number."""


class RowAlreadyThere(Refused):
    """The account and this role were there already; nothing changed."""
