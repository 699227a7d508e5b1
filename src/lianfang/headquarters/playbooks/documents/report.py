"""The closing report (结束报告) as PDF and as a workbook: the figures that were counted when the incident was stood down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.headquarters.playbooks import queries, wording
from lianfang.headquarters.playbooks.types import ReportMissing
from lianfang.kernel import clock, paper
from lianfang.kernel.sheets.writing import Page, Style, write

TEMPLATE = Path(__file__).with_name("report.typ")


def report(run_id: UUID, lang: str = "zh") -> bytes:
    """The report as a PDF. Raises ReportMissing."""
    return paper.compile(TEMPLATE, facts(run_id) | {"lang": lang})


def facts(run_id: UUID) -> dict[str, Any]:
    """What the report says, in the reader's language. Raises ReportMissing where it has not been counted yet."""
    found = queries.found(run_id)
    if not found:
        raise ReportMissing
    ground = queries.ground(run_id)
    return {
        "drill": _("Drill") if found["drill"] else "",
        "title": _("Closing report: %(name)s") % {"name": found["name"]},
        "subtitle": _("%(first)s to %(last)s, %(days)d days")
        % {"first": _moment(found["opened_at"]), "last": _moment(found["closed_at"]), "days": found["length"]},
        "counts_title": _("In figures"),
        "counts": _counts(found["counts"]),
        "orders_title": _("Orders"),
        "orders_head": [_("Issued"), _("Order"), _("Document"), _("Places"), _("received"), _("completed")],
        "orders": [[_moment(row[0]), *map(str, row[1:])] for row in found["orders"]],
        "days_title": _("Day by day"),
        "days_head": [_("Day"), _("Visits to doors"), _("Doors settled on that day")],
        "days": [[str(cell) for cell in row] for row in found["days"]],
        "course_title": _("Course"),
        "course": [[_moment(row[0]), str(wording.COURSE.get(row[1], row[1])), row[2], row[3]] for row in found["decisions"]],
        "course_head": [_("When"), _("What"), _("Authority"), _("Document")],
        "from": ground.authority,
        "document": ground.document,
        "foot": _("Every figure is counted from records; it tells nobody's name."),
        "paging": _("Page {page} of {pages}"),
    }


def report_sheet(run_id: UUID) -> bytes:
    """The same as a workbook, a sheet for each part. Raises ReportMissing."""
    told = facts(run_id)
    counts = [[name, int(number), unit] for name, number, unit in told["counts"]]
    title = f"{told['title']} {told['drill']}".strip()
    return write(
        [
            Page(
                told["counts_title"], [[title, None, None], [told["subtitle"], None, None], *counts], (32, 12, 12), {1: Style.TITLE, 2: Style.NOTE},
                merged=(1, 2), frozen=2,
            ),
            Page(told["orders_title"], [told["orders_head"], *told["orders"]], (18, 40, 24, 8, 8, 8), {1: Style.HEADING}),
            Page(told["days_title"], [told["days_head"], *_numbers(told["days"])], (14, 14, 18), {1: Style.HEADING}),
            Page(told["course_title"], [told["course_head"], *told["course"]], (18, 18, 30, 30), {1: Style.HEADING}),
        ]
    )  # fmt: skip


def _numbers(rows: list[list[str]]) -> list[list[str | int]]:
    return [[row[0], *map(int, row[1:])] for row in rows]


def _counts(counts: Mapping[str, int]) -> list[list[str]]:
    return [
        [str(name), str(counts[key]), str(wording.UNITS[unit])] for key, (name, unit) in wording.COUNTS.items() if key in counts
    ]  # fmt: skip


def _moment(text: str) -> str:
    return clock.local(datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M")
