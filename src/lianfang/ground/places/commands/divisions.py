"""Loading the official lists of divisions (区划), in any order of their days, as often as one likes."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from lianfang.ground.places import divisions
from lianfang.ground.places.commands import board as boards
from lianfang.ground.places.commands.shifts import shift
from lianfang.ground.places.commands.spellings import respell
from lianfang.ground.places.models import Alias, Listing, Place
from lianfang.ground.places.rules.listings import Listing as Rows
from lianfang.ground.places.rules.listings import date_in, read_listing
from lianfang.ground.places.rules.weaving import Weaver
from lianfang.ground.places.types import DIVISIONS, Level, ListNotReadable, ListWithoutParent, LoadReport, NotAhead
from lianfang.kernel import clock, db
from lianfang.kernel.ids import AccountId, new_id

_PACKED = b"\x1f\x8b"
_MANY = 1_000  # rows, from which on the planner of the database must hear how large the tables have become


class _File(NamedTuple):
    """A list as it lies on the disk."""

    name: str
    on: date
    digest: str
    text: str
    assumed: bool


def load_divisions(files: Sequence[str | Path], on: date | None = None, *, by: AccountId | None = None) -> list[LoadReport]:
    """Load lists, the earliest first; a report for each day. Lists of one day count as one list.

    The day is `on`, else the one in the file's name, else the known day of a list with this very content, else today. A list that
    was loaded before changes nothing. Raises refusals in words for files that are no lists (ListNotReadable, UnknownList,
    BrokenRow), for one that hangs in the air (ListWithoutParent), of a day to come (NotAhead), and that would rewrite where buildings stood (LaterBuildings).
    """
    read = sorted((_read(Path(file), on) for file in files), key=lambda file: (file.on, file.name))
    reports: list[LoadReport] = []
    with db.acting(by, "places load"):
        db.lock("places.divisions")
        for day, same_day in groupby(read, key=lambda file: file.on):
            reports.append(_load_day(day, list(same_day)))
        _add_known_aliases()
        if sum(report.rows for report in reports if not report.already_loaded) >= _MANY:
            boards.count_anew()
    return reports


def load_shipped(*, by: AccountId | None = None) -> list[LoadReport]:
    """Load all lists that come with the program."""
    return load_divisions(divisions.shipped(), by=by)


def _read(path: Path, on: date | None) -> _File:
    try:
        content = path.read_bytes()
        if content.startswith(_PACKED):
            content = gzip.decompress(content)
    except (OSError, EOFError) as wrong:
        raise ListNotReadable(file=path.name, what=str(wrong)) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise ListNotReadable(file=path.name, what="neither UTF-8 nor GB 18030") from None
    digest = sha256(content).hexdigest()
    day = on or date_in(path.name) or divisions.days_by_digest().get(digest)
    if day is not None and day > clock.today():
        raise NotAhead(on=day)
    return _File(path.name, day or clock.today(), digest, text, assumed=day is None)


def _load_day(day: date, files: list[_File]) -> LoadReport:
    known = set(Listing.objects.filter(listed_on=day).values_list("digest", flat=True))
    fresh = [file for file in files if file.digest not in known]
    if not fresh:
        return LoadReport(day, tuple(file.name for file in files), already_loaded=True)
    rows = Rows(day)
    for file in fresh:
        rows.join(read_listing(file.text.splitlines(), file=file.name, on=day))
    board = boards.read_board(rows.provinces())
    _name_what_is_implied(rows, known={stretch.code for life in board.lives.values() for stretch in life.stretches})
    given = boards.given_before(board)
    woven = Weaver(board, rows, boards.read_calendar(), new_id).run()
    moved = boards.write_board(board, woven.before, given, on=day)
    shift(moved)
    names = {
        part: {level.value: ",".join(sorted(codes)) for level, codes in named.items() if codes}
        for part, named in (("whole", woven.names.whole), ("some", woven.names.some))
    }
    Listing.objects.bulk_create(
        Listing(listed_on=day, digest=f.digest, file=f.name[:200], rows=rows.named, names=names, loaded_at=clock.now()) for f in fresh
    )
    report = woven.report
    report.files = tuple(file.name for file in files)
    report.date_assumed = any(file.assumed for file in fresh)
    return report


def _name_what_is_implied(rows: Rows, *, known: set[str | None]) -> None:
    """Cities and provinces that a list leaves unnamed are named from the national list that is shipped, unless known."""
    for level in (Level.PROVINCE, Level.CITY):
        for code, row in rows.rows[level].items():
            if row.name is None and code not in known:
                name = divisions.national_names().get((level, code))
                if name is None:
                    raise ListWithoutParent(code=code, name="")
                rows.rows[level][code] = replace(row, name=name)


def _add_known_aliases() -> None:
    """The aliases kept by hand, for the places that are loaded and do not have them."""
    wanted = divisions.aliases()
    places = {
        (place.level, place.code): place
        for place in Place.objects.filter(code__in=[alias.code for alias in wanted], level__in=DIVISIONS, valid_to=None)
    }
    there = set(Alias.objects.filter(place__in=places.values()).values_list("place_id", "name"))
    missing = [
        Alias(place=place, name=alias.name, valid_from=place.valid_from)
        for alias in wanted
        if (place := places.get((alias.level.value, alias.code))) and (place.id, alias.name) not in there
    ]
    if missing:
        Alias.objects.bulk_create(missing)
        respell([alias.place_id for alias in missing])
