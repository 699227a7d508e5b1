"""The workbook of a bulletin: numbers as numbers, each with its unit and what it is out of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from lianfang.headquarters.bulletins import wording
from lianfang.headquarters.bulletins.documents.layout import Layout, Number, laid_out
from lianfang.headquarters.bulletins.types import Issue
from lianfang.kernel import sheets
from lianfang.kernel.sheets import Page, Style

Cell = str | int | float | None


def workbook(content: Mapping[str, Any], lang: str, issue: Issue | None = None) -> bytes:
    """Sheets: the figures, the parts of the place, corrections to earlier issues."""
    layout = laid_out(content, lang, issue)
    with override(wording.LANGUAGES[lang]):
        pages = [_figures(layout)]
        if layout.parts is not None:
            pages.append(_parts(layout))
        if layout.revisions:
            rows: list[list[Cell]] = [[_("Correction"), _("Why")]]
            rows.extend([told.text, told.why] for told in layout.revisions)
            pages.append(Page(_("Corrections to earlier issues"), rows, widths=(80, 60), styles={1: Style.HEADING}))
    return sheets.write(pages)


def _cell(number: Number) -> Cell:
    return number.value if number.value is not None else None


def _figures(layout: Layout) -> Page:
    figure, out_of, unit, share = layout.head
    head: list[list[Cell]] = [[text] for text in (layout.title, layout.subtitle, layout.state) if text]
    at = len(head) + 1
    rows: list[list[Cell]] = [*head, [_("Section"), figure, layout.during, layout.standing, out_of, unit, share, _("Key")]]
    for block in layout.blocks:
        for row in block.rows:
            key = row.standing.figure or row.during.figure
            name = f"{'　' * row.depth}{row.name}"
            numbers = [_cell(row.during), _cell(row.standing), _cell(row.out_of)]
            rows.append([block.title, name, *numbers, row.unit, row.share or None, key])
    notes: list[list[Cell]] = [[note] for note in [*layout.notes, _("Check code %(code)s") % {"code": layout.check}]]
    styles = {1: Style.TITLE, **dict.fromkeys(range(2, at), Style.NOTE), at: Style.HEADING}
    styles |= dict.fromkeys(range(len(rows) + 2, len(rows) + 2 + len(notes)), Style.NOTE)
    merged = [*range(1, at), *range(len(rows) + 2, len(rows) + 2 + len(notes))]
    return Page(
        layout.title, [*rows, [], *notes], widths=(14, 30, 12, 14, 12, 8, 10, 22), styles=styles, merged=merged, frozen=at, landscape=False
    )


def _parts(layout: Layout) -> Page:
    parts = layout.parts
    if parts is None:
        return Page("", [])
    heads = [f"{name} ({unit})" for name, unit in zip(parts.head, parts.units, strict=True)]
    rows: list[list[Cell]] = [[parts.title, *heads], [_("Total"), *(_cell(one) for one in parts.sum)]]
    rows += [[row.name, *(_cell(one) for one in row.numbers)] for row in parts.rows]
    return Page(parts.title, rows, widths=(30, *(16 for _column in heads)), styles={1: Style.HEADING}, frozen=1)
