"""Rosters that nobody would keep: altered bytes, and tables of every shape. Each is refused in words or read to a verdict a row; nothing breaks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import hypothesis
import pytest
from hypothesis import strategies as st

from lianfang.ground.people import queries as people
from lianfang.ground.rosters import commands, queries
from lianfang.kernel.errors import Refused
from lianfang.kernel.sheets import Page, opening, read, write
from lianfang.kernel.sheets.types import Cell, SheetRefused
from tests.factories.cast import Cast, cast
from tests.factories.loaded_rosters import HEADINGS, brought, line, roster_of
from tests.factories.people import paper_number, phone_number
from tests.fuzzing import examples

__all__ = ["cast"]

SOUND = roster_of(*(line(f"钱示{number}", f"1-1-{number % 8 + 101}", paper=paper_number(200 + number)) for number in range(12)))
TEXT = "姓名,身份证号,楼栋,单元,房号\n钱示一,,1,1,102\n".encode("gb18030")


@st.composite
def altered(draw: st.DrawFn) -> bytes:
    """A sound file with bytes overwritten, cut off, doubled or put in."""
    content = bytearray(draw(st.sampled_from([SOUND, TEXT])))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content) - 1)) if content else 0
        how = draw(st.sampled_from(["overwrite", "cut", "double", "insert"]))
        if how == "overwrite":
            content[at : at + 4] = draw(st.binary(min_size=1, max_size=4))
        elif how == "cut":
            del content[at : at + draw(st.integers(1, 400))]
        elif how == "double":
            content[at:at] = content[at : at + 200]
        else:
            content[at:at] = draw(st.binary(max_size=30))
    return bytes(content)


@hypothesis.settings(max_examples=examples(75), deadline=None)
@hypothesis.given(st.one_of(altered(), st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
@hypothesis.example(b"")
@hypothesis.example(b"PK\x05\x06" + b"\0" * 18)
@hypothesis.example(b"\xff\xfe\x00")
def test_whatever_bytes_come_they_are_a_table_or_refused(content: bytes) -> None:
    assert _what_is_said_of(content) in {"a table", "refused", "given up"}


def _what_is_said_of(content: bytes) -> str:
    try:
        found = opening.opened(content)
    except SheetRefused as refused:
        return "refused" if str(refused) else ""
    except BaseException as panic:  # noqa: BLE001 - a parser written elsewhere may give up altogether: it has a process of its own
        return "given up" if type(panic).__name__ == "PanicException" else repr(panic)
    return "a table" if set(found) == {"form", "sheets", "encoding"} else ""


@pytest.mark.parametrize("content", [SOUND[:900], SOUND[:40] + b"\xff" * 60 + SOUND[100:], b"PK\x03\x04" + b"\0" * 60])
def test_what_the_process_of_its_own_cannot_open_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(SheetRefused) as refused:
        read(content, "名册.xlsx")
    assert str(refused.value)


CELL = st.one_of(
    st.none(),
    st.sampled_from([
        *HEADINGS, "王示例", "1栋", "2", "1-1-101", "1单元", "户主", "配偶", "男", "空户", "合计", "同上", "无", "=1+1", '=HYPERLINK("x")',
        paper_number(301), paper_number(301)[:-1], phone_number(301), "１３８００００００００", "王示例、张示例", "\u202e示\u200b", "x" * 400, "'", "\\", "%s", "{}",
    ]),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
)  # fmt: skip
TABLE = st.lists(st.lists(CELL, max_size=11), max_size=9)


@hypothesis.settings(max_examples=examples(14), deadline=None, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(st.booleans(), TABLE, st.booleans())
def test_a_table_of_any_shape_gets_a_verdict_a_row_or_is_refused_and_a_trial_changes_nobody(
    cast: Cast, headed: bool, table: list[list[Cell]], text: bool
) -> None:
    rows: list[Sequence[Cell]] = [list(HEADINGS), *table] if headed else list(table)
    before = people.counts([cast.a.range])
    told = _tried(cast, _as_text(rows) if text else write([Page("名册", rows)]), "名册.csv" if text else "名册.xlsx")
    assert told == "refused" or told[0] == told[1]
    assert people.counts([cast.a.range]) == before


def _tried(cast: Cast, content: bytes, name: str) -> str | tuple[int, int]:
    """How many rows a trial tells and how many verdicts it gives; or that the file was refused in words."""
    try:
        roster_id = brought(cast.a, content, cast.secretary, name)
    except Refused as refused:
        return "refused" if str(refused) else ""
    found = queries.summary(roster_id).rows, len(queries.rows_of(roster_id, limit=10_000))
    commands.drop(roster_id)
    return found


def _as_text(rows: Sequence[Sequence[Cell]]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([["" if cell is None else cell for cell in row] for row in rows])
    return written.getvalue().encode("utf-8-sig")
