"""Lists as workbooks: a title over its headings and rows, sent as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from lianfang.kernel import sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_AT_MOST = 1_000_000
"""Hardly more go into a sheet: nobody is left out."""


def sheet(name: str, title: str, head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> sheets.Page:
    """One sheet; its title and headings stay in sight."""
    styles = {1: sheets.Style.TITLE, 2: sheets.Style.HEADING}
    return sheets.Page(name, [(title,), head, *rows], widths=widths, styles=styles, merged=(1,), frozen=2)


def sent(book: Sequence[sheets.Page], name: str) -> HttpResponse:
    """The workbook as a file of this name."""
    answer = HttpResponse(sheets.write(book), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
