"""What may cross the border of this context: columns, layouts, rows as they were read, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from lianfang.ground.people.types import PaperKind, Relation, ResidenceKind, Sex
from lianfang.kernel.errors import Invalid, NotFound, Refused


class Column(StrEnum):
    """What a column of a roster holds, about the person of the row or about their door. `NONE` is none of ours."""

    NUMBER = "number"  # 序号
    NAME = "name"  # 姓名
    SEX = "sex"  # 性别
    BIRTH = "birth"  # 出生日期
    AGE = "age"  # 年龄
    PAPER = "paper"  # 身份证号、证件号码
    PAPER_KIND = "paper_kind"  # 证件类型
    PHONE = "phone"  # 联系电话; several columns are read together
    RELATION = "relation"  # 与户主关系
    HEAD = "head"  # 户主姓名
    HOUSEHOLD = "household"  # 户号、户编号: the same mark is the same household
    PROVINCE = "province"  # 省 of the address
    CITY = "city"  # 市
    COUNTY = "county"  # 县(区)
    STREET = "street"  # 街道(乡镇)
    COMMUNITY = "community"  # 社区(村)
    GRID = "grid"  # 网格
    GROUP = "group"  # 村民小组、组、屯: of a village
    COMPOUND = "compound"  # 小区
    BUILDING = "building"  # 楼栋
    UNIT = "unit"  # 单元
    FLOOR = "floor"  # 楼层
    ROOM = "room"  # 房号、室
    ADDRESS = "address"  # 住址 in one cell, or what is left of it beside the columns above
    REGISTERED = "registered"  # 户籍地址
    LIVING = "living"  # 居住情况: 自住 出租 空置 人户分离 …
    WORKPLACE = "workplace"  # 工作单位
    FROM_PLACE = "from_place"  # 来自何地; several columns are read together
    ARRIVED = "arrived"  # 返乡、抵达日期
    REMARK = "remark"  # 备注
    NONE = "none"


PLACE_COLUMNS = (
    Column.PROVINCE, Column.CITY, Column.COUNTY, Column.STREET, Column.COMMUNITY, Column.GRID, Column.GROUP, Column.COMPOUND,
    Column.ADDRESS, Column.BUILDING, Column.UNIT, Column.FLOOR, Column.ROOM,
)  # fmt: skip
"""The columns of an address, in the order in which they are read together."""

SEVERAL = frozenset({Column.NONE, Column.PHONE, Column.FROM_PLACE, Column.REMARK, Column.ADDRESS, Column.REGISTERED})
"""The columns of which a sheet may hold more than one; of the others the one most sure holds."""


class Sureness(StrEnum):
    """How sure a column was guessed."""

    REMEMBERED = "remembered"  # somebody said so of a sheet with the same headings
    SURE = "sure"
    LIKELY = "likely"  # worth a look before loading
    UNSURE = "unsure"


class Basis(StrEnum):
    """By what a column was guessed."""

    HEADING = "heading"  # the words of its heading
    VALUES = "values"  # the form of its values: the heading says nothing or is missing
    BOTH = "both"
    CORRECTED = "corrected"  # a person said so
    NOTHING = "nothing"  # neither says anything: none of ours


@dataclass(frozen=True, slots=True)
class Guess:
    """One column of a sheet (`index` from 0), its heading as written, what it is taken for, how surely and by what."""

    column: Column
    index: int
    heading: str
    sure: Sureness
    basis: Basis


@dataclass(frozen=True, slots=True)
class Layout:
    """How one sheet is laid out. Rows are numbered from 1, as Excel counts.

    `heading_rows` are the rows of headings (none: the columns were known by their values), persons come from `first_row` on.
    `building` is the one that the sheet's name says, for one sheet a building. `signature` is the same for sheets with the
    same headings: under it a corrected layout is remembered.
    """

    sheet: str
    heading_rows: tuple[int, ...]
    first_row: int
    guesses: tuple[Guess, ...]
    signature: str
    building: str = ""
    workers: bool = False  # a list of workers, who do not become residents by it

    @property
    def columns(self) -> tuple[Column, ...]:
        """What each column is, in the order of the sheet: what is stored when a layout is remembered."""
        return tuple(guess.column for guess in self.guesses)

    @property
    def has_persons(self) -> bool:
        """Whether a row can name a person at all."""
        return Column.NAME in self.columns or Column.HEAD in self.columns

    def corrected(self, columns: Mapping[int, Column]) -> Layout:
        """The same layout with some columns as a person said; a column of which there may be one leaves where it stood."""
        guesses = [
            replace(guess, column=columns[guess.index], sure=Sureness.SURE, basis=Basis.CORRECTED)
            if guess.index in columns
            else replace(guess, column=Column.NONE)
            if guess.column in columns.values() and guess.column not in SEVERAL
            else guess
            for guess in self.guesses
        ]
        return replace(self, guesses=tuple(guesses))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sheet that is not read, and why."""

    sheet: str
    why: Refused


@dataclass(frozen=True, slots=True)
class Layouts:
    """All sheets of a file: those that are read, each with its layout, and those left out."""

    read: tuple[Layout, ...]
    left_out: tuple[LeftOut, ...]


class RowKind(StrEnum):
    """What a row of a sheet is. Empty rows are not given at all."""

    PERSON = "person"
    DOOR = "door"  # an address and nobody: a vacant flat, or one nobody was met at
    HEADING = "heading"  # the headings, again
    SUBTOTAL = "subtotal"  # 小计、合计
    NOTE = "note"  # 注：…, 填表人：…
    FILLER = "filler"  # a title, a line of dashes, whatever names nobody


class Weight(StrEnum):
    """What a fault does to its row."""

    NOTE = "note"  # read otherwise than written; nothing is lost
    LOST = "lost"  # this value is left out, the rest of the row holds
    WAITS = "waits"  # the row cannot be taken in before somebody mends it


@dataclass(frozen=True, slots=True)
class Fault:
    """Something about one value of a row. `why` says it in words (template and facts) and has a `code`; it holds no personal data."""

    column: Column
    why: Refused
    weight: Weight


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row as it was read. Texts are empty and the rest None where the row does not say.

    `address` is put together for the address parser; `building`, `unit` and `room` are given besides where the row says them apart
    or in a plain form (3-2-501). `household` is a mark that rows of one household share within their sheet: a number that the
    roster gives, or the row where the household begins. `kinds`: in which senses the person lives at the door.
    """

    sheet: str
    number: int
    kind: RowKind
    name: str = ""
    sex: Sex | None = None
    birth: date | None = None
    paper: str = ""
    paper_kind: PaperKind | None = None
    phones: tuple[str, ...] = ()
    relation: Relation | None = None
    head: str = ""
    household: str = ""
    address: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    kinds: tuple[ResidenceKind, ...] = (ResidenceKind.ACTUAL,)
    living: str = ""
    registered: str = ""
    workplace: str = ""
    from_place: str = ""
    arrived: date | None = None
    remark: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether somebody must mend the row before it can be taken in."""
        return any(fault.weight is Weight.WAITS for fault in self.faults)


class TemplateUnknown(NotFound):
    """There is no template “{name}”. There are: {known}."""


class SheetHidden(Refused):
    """The sheet is hidden and was left out."""


class SheetEmpty(Refused):
    """The sheet is empty."""


class SheetNoPersons(Refused):
    """No column of names was found on the sheet."""


class NameMissing(Invalid):
    """The name is missing."""


class NameSeveral(Invalid):
    """The cell names several people; give each of them a row."""


class NamesBeside(Invalid):
    """The row names more people in the column “{heading}”; give each of them a row of their own."""


class AddressMissing(Invalid):
    """The address is missing."""


class PaperRuined(Invalid):
    """Excel has rounded this ID number and its last digits are lost: enter it again, in a column formatted as text."""


class PaperOfFifteen(Refused):
    """The ID number has 15 digits, as before 1999; it was read as the 18-digit number that replaced it."""


class PaperNotWritten(Refused):
    """Instead of an ID number the cell holds words."""


class PaperKindUnknown(Refused):
    """This kind of paper is not known; it was guessed from the number."""


class PhoneRuined(Invalid):
    """Excel has rounded this telephone number and its last digits are lost: enter it again, in a column formatted as text."""


class DayUnreadable(Invalid):
    """The day cannot be read; write it as 2022-03-12."""


class DayWithoutYear(Refused):
    """The day was written without a year; it was read as one of {year}."""


class BirthAsOnPaper(Refused):
    """The date of birth differs from the one inside the ID number; the latter was taken."""


class SexAsOnPaper(Refused):
    """The sex differs from the one inside the ID number; the latter was taken."""


class SexUnknown(Invalid):
    """The sex is neither 男 nor 女."""


class RelationUnknown(Refused):
    """The relation to the head of the household is not known; it was kept as “other”."""


class CellBroken(Invalid):
    """The cell holds an error of Excel (such as #REF!) instead of a value."""


class AddressFromAbove(Refused):
    """The address was left empty and taken from the row above."""


class AddressWasDay(Refused):
    """Excel took this part of the address for a day; it was read as what was typed ({read})."""


class WorkersListed(Refused):
    """This list is one of workers, not of residents: bring it under Administration, Accounts from Excel. Take the row in here only if they live at that door."""


class NameWithNote(Refused):
    """A note stood beside the name; it was moved to the remarks."""
