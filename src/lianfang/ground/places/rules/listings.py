"""An official list of divisions, read: what it names on which day."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from lianfang.ground.places.rules.names import community_kind
from lianfang.ground.places.rules.positions import CODE_DIGITS, padded, prefix
from lianfang.ground.places.types import DIVISIONS, BrokenRow, Kind, Level, UnknownList

_NATIONAL = {"code12", "level", "name", "parent_code12"}
_COMMUNITIES = {"code12", "name", "street_code", "street", "county_code", "county"}
_ABOVE = {level: DIVISIONS[at - 1] if at else None for at, level in enumerate(DIVISIONS)}


@dataclass(frozen=True, slots=True)
class Row:
    """One division of a list. A name of None means that the list only implies the place by the codes below it."""

    code: str
    name: str | None
    parent: str | None
    kind: Kind = Kind.DIVISION


@dataclass(slots=True)
class Listing:
    """What the lists of one day name, by level and twelve-digit code; `named` counts their lines."""

    on: date
    files: tuple[str, ...] = ()
    rows: dict[Level, dict[str, Row]] = field(default_factory=lambda: {level: {} for level in DIVISIONS})
    named: int = 0
    explicit: frozenset[Level] = frozenset()  # levels that the list is about; others are only implied, and nothing ends for missing there

    def children(self, level: Level) -> Mapping[str | None, list[Row]]:
        """The rows of a level by the code of their parent."""
        grouped: defaultdict[str | None, list[Row]] = defaultdict(list)
        for row in self.rows[level].values():
            grouped[row.parent].append(row)
        return grouped

    def join(self, other: Listing) -> None:
        """Take in another list of the same day; a name given once stays."""
        self.files += other.files
        self.named += other.named
        self.explicit |= other.explicit
        for level, rows in other.rows.items():
            mine = self.rows[level]
            for code, row in rows.items():
                if code not in mine or mine[code].name is None:
                    mine[code] = row

    def provinces(self) -> list[str]:
        """The two-digit codes of the provinces the list is about."""
        return sorted({code[:2] for rows in self.rows.values() for code in rows})


def above(level: Level) -> Level | None:
    """The level over a division's level."""
    return _ABOVE[level]


def date_in(file: str) -> date | None:
    """The day a file's name speaks of (2019-10-31, 20191031)."""
    found = re.search(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)", file)
    return date(int(found[1]), int(found[2]), int(found[3])) if found else None


def read_listing(lines: Iterable[str], *, file: str, on: date) -> Listing:
    """Read a list in either form: all levels to the street, or communities with what is above them.

    Raises UnknownList when the columns are others, BrokenRow for a line without a code or a name.
    """
    reader = csv.DictReader(lines)
    columns = {(name or "").strip() for name in reader.fieldnames or ()}
    listing = Listing(on, (file,))
    if columns >= _NATIONAL:
        read, listing.explicit = _read_division, frozenset(DIVISIONS)
    elif columns >= _COMMUNITIES:
        read, listing.explicit = _read_community, frozenset({Level.STREET, Level.COMMUNITY})
    else:
        raise UnknownList(file=file)
    for line, row in enumerate(reader, start=2):
        try:
            read(listing.rows, {(key or "").strip(): (value or "").strip() for key, value in row.items() if isinstance(value, str)})
        except ValueError as wrong:
            raise BrokenRow(line=line, file=file, what=str(wrong)) from None
        listing.named += 1
    _imply_parents(listing.rows)
    return listing


def _imply_parents(rows: dict[Level, dict[str, Row]]) -> None:
    """Places that the list needs but does not name must be known already; they take part without a name."""
    for level in reversed(DIVISIONS):
        over = above(level)
        for row in list(rows[level].values()):
            if over and row.parent and row.parent not in rows[over]:
                beyond = above(over)
                rows[over][row.parent] = Row(row.parent, None, padded(prefix(row.parent, beyond)) if beyond else None)


def _code(text: str, level: Level) -> str:
    """A code to twelve digits; ValueError when it is none of that level."""
    code = padded(text)
    if not re.fullmatch(r"[1-9]\d{11}", code) or code[CODE_DIGITS[level] :].strip("0"):
        raise ValueError(f"“{text}” is not the code of a {level.value}")
    return code


def _name(text: str) -> str:
    if not text:
        raise ValueError("a name is missing")
    return text


def _read_division(rows: dict[Level, dict[str, Row]], row: Mapping[str, str]) -> None:
    if row["level"] not in {"1", "2", "3", "4", "5"}:
        raise ValueError(f"“{row['level']}” is not a level from 1 to 5")
    level = DIVISIONS[int(row["level"]) - 1]
    code = _code(row["code12"], level)
    over = above(level)
    parent = _code(row["parent_code12"] or prefix(code, over), over) if over else None
    kind = community_kind(row["name"], code) if level is Level.COMMUNITY else Kind.DIVISION
    rows[level][code] = Row(code, _name(row["name"]), parent, kind)


def _read_community(rows: dict[Level, dict[str, Row]], row: Mapping[str, str]) -> None:
    code = _code(row["code12"], Level.COMMUNITY)
    street, county = _code(row["street_code"], Level.STREET), _code(row["county_code"], Level.COUNTY)
    city, province = padded(code[:4]), padded(code[:2])
    rows[Level.COMMUNITY][code] = Row(code, _name(row["name"]), street, community_kind(row["name"], code))
    rows[Level.STREET][street] = Row(street, _name(row["street"]), county)
    rows[Level.COUNTY][county] = Row(county, _name(row["county"]), city)
    # Lists of some years leave the names of city and province out; then they are as loaded before.
    rows[Level.CITY].setdefault(city, Row(city, row.get("city") or None, province))
    rows[Level.PROVINCE].setdefault(province, Row(province, row.get("province") or None, None))
