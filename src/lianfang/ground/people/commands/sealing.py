"""From what people write to what a row of a person holds: checked, normal, sealed, indexed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from lianfang.ground.people.models.persons import PURPOSES
from lianfang.ground.people.rules.names import name_key, normal_name
from lianfang.ground.people.rules.papers import Paper, read_paper
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.ground.people.types import BirthAhead, BirthDiffers, NewPerson, PaperKind, PersonInvalid, Sex, SexDiffers
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.sealing import Keyring, keyring

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Checked:
    """A person's fields after reading: normal forms, with what the paper says filled in."""

    name: str
    sex: Sex
    birth: date | None
    paper: Paper
    phone: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """The columns of a row. The order of fields is that of `COLUMNS`."""

    name: str
    name_key: str
    name_initials: str
    sex: str
    birth_sealed: bytes | None
    paper_kind: str
    paper_sealed: bytes | None
    paper_index: bytes | None
    phone_sealed: bytes | None
    phone_index: bytes | None


COLUMNS = tuple(Sealed.__dataclass_fields__)


def checked(new: NewPerson) -> Checked:
    """Read every field; raises PersonInvalid with all that is wrong, by field."""
    wrong: dict[str, Refused] = {}

    def read(field: str, reading: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return reading()
        except Refused as refused:
            wrong[field] = refused
            return otherwise

    name = read("name", lambda: normal_name(new.name), "")
    paper = read("paper", lambda: read_paper(new.paper, new.paper_kind), Paper(PaperKind.NONE, ""))
    phone = read("phone", lambda: normal_phone(new.phone), "")
    if new.birth and new.birth > clock.today():
        wrong["birth"] = BirthAhead()
    elif new.birth and paper.birth and new.birth != paper.birth:
        wrong["birth"] = BirthDiffers()
    said = new.sex if new.sex and new.sex is not Sex.UNKNOWN else None
    if said and paper.sex and said is not paper.sex:
        wrong["sex"] = SexDiffers()
    if wrong:
        raise PersonInvalid(wrong)
    return Checked(name, said or paper.sex or Sex.UNKNOWN, new.birth or paper.birth, paper, phone)


def sealed(person: Checked, ring: Keyring | None = None, *, paper_index: bytes | None = None, phone_index: bytes | None = None) -> Sealed:
    """The columns of a person's row; the blind indexes are reckoned where they are not given."""
    ring = ring or keyring()
    key = name_key(person.name)

    def seal(text: str, column: str) -> bytes | None:
        return ring.seal(text, PURPOSES[column]) if text else None

    def blind(text: str, column: str) -> bytes | None:
        return ring.blind(text, PURPOSES[column]) if text else None

    number = person.paper.number
    return Sealed(
        name=person.name,
        name_key=key.full,
        name_initials=key.initials,
        sex=person.sex,
        birth_sealed=seal(person.birth.isoformat() if person.birth else "", "birth_sealed"),
        paper_kind=person.paper.kind,
        paper_sealed=seal(number, "paper_sealed"),
        paper_index=paper_index or blind(number, "paper_sealed"),
        phone_sealed=seal(person.phone, "phone_sealed"),
        phone_index=phone_index or blind(person.phone, "phone_sealed"),
    )
