"""What a record kind is, and the one list of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from inspect import cleandoc
from typing import Any, TypeVar

import msgspec

from lianfang.kernel.errors import Refused

# A phone that slept for a month still speaks the old version.
TAKEN_FOR = timedelta(days=30)


class Retention(StrEnum):
    """Why a record is kept, and so how long: it decides the book.

    A resident's record goes with the incident (突发事件应对法 art. 85); service and order records hold no resident and stay.
    """

    RESIDENT = "resident"
    SERVICE = "service"
    ORDER = "order"
    GATE = "gate"

    @property
    def rolling_days(self) -> int | None:
        """Days after which a record of this class goes by itself, or None where it lives as long as its incident."""
        return ROLLING.get(self)


# Gate logs: kept for 30 days, a book a month.
ROLLING = {Retention.GATE: 30}


class Subject(StrEnum):
    """What the id in a record's `subject` names."""

    PERSON = "person"
    MATTER = "matter"
    ORDER = "order"


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The payload of a record: ids and facts, never names, papers, phones or free text."""

    def breach(self) -> Refused | None:
        """The rule of the kind that these facts break among themselves, if any. Needs no state."""
        return None


@dataclass(frozen=True, slots=True)
class Kind:
    """One version of one kind of record.

    `levels` are the levels of places where it may be recorded (empty: any). `ability` is what its author must hold there.
    `subject` says what the record's subject names, None where it has none. `remark_needed`: the envelope must bring a remark;
    `of_actor`: it is about whoever acted, who must be named.
    `figures` are the keys of the figures it feeds. `superseded_on` is the day a newer version took its place.
    """

    name: str
    version: int
    body: type[Body]
    retention: Retention
    english: str
    term: str
    sample: Mapping[str, Any]
    ability: str = "records.write"
    levels: Sequence[str] = ()
    subject: Subject | None = None
    subject_needed: bool = False
    remark_needed: bool = False
    of_actor: bool = False
    figures: Sequence[str] = ()
    superseded_on: date | None = None

    @property
    def meaning(self) -> str:
        """What a record of this kind says, from the docstring of its body."""
        return cleandoc(self.body.__doc__ or "")

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the payload."""
        return msgspec.json.schema(self.body)


_kinds: dict[tuple[str, int], Kind] = {}

BodyType = TypeVar("BodyType", bound=type[Body])


def kind(name: str, *, version: int, **attributes: Any) -> Callable[[BodyType], BodyType]:
    """Register the class below as the payload of a kind of record; `attributes` are those of `Kind`.

    The same name and version twice is a mistake of the programmer. A changed schema needs a new version: the old class
    stays, with `superseded_on`, as long as records of it may arrive and for ever as far as they are stored.
    """

    def register(body: BodyType) -> BodyType:
        if (name, version) in _kinds:
            raise ValueError(f"kind {name} version {version} is declared twice")
        _kinds[name, version] = Kind(name=name, version=version, body=body, **attributes)
        return body

    return register


def find(name: str, version: int) -> Kind | None:
    """A version of a kind, also one no longer taken: stored records of it are still read."""
    return _kinds.get((name, version))


def of(body: Body) -> Kind:
    """The kind whose payload this is."""
    return next(found for found in _kinds.values() if found.body is type(body))


def every() -> list[Kind]:
    """All versions of all kinds, by name and version."""
    return [_kinds[key] for key in sorted(_kinds)]


def names() -> list[str]:
    """The names of all kinds."""
    return sorted({name for name, _ in _kinds})


def current(name: str) -> Kind:
    """The newest version of a kind."""
    return _kinds[max(key for key in _kinds if key[0] == name)]


def still_taken(found: Kind, on: date) -> bool:
    """Whether records of this version are taken on a day: 30 days beyond the day it was superseded."""
    return found.superseded_on is None or on <= found.superseded_on + TAKEN_FOR
