"""A bulletin as a file: PDF, XLSX, and the JSON it is kept in. The same numbers in each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from lianfang.headquarters.bulletins.documents import printing, tables
from lianfang.headquarters.bulletins.types import Issue

__all__ = ["MEDIA_TYPES", "Form", "file_name", "made", "plain"]


class Form(StrEnum):
    """The forms there are."""

    PDF = "pdf"
    XLSX = "xlsx"
    JSON = "json"


MEDIA_TYPES = {
    Form.PDF: "application/pdf",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.JSON: "application/json",
}


def made(form: Form, content: Mapping[str, Any], lang: str, issue: Issue | None = None) -> bytes:
    """The file of a bulletin in a language ("zh" or "en"); JSON holds both."""
    if form is Form.PDF:
        return printing.document(content, lang, issue)
    if form is Form.XLSX:
        return tables.workbook(content, lang, issue)
    return json.dumps(plain(content, issue), ensure_ascii=False, indent=1).encode()


def plain(content: Mapping[str, Any], issue: Issue | None = None) -> dict[str, Any]:
    """The form in which a bulletin is sent: what is kept, with number and moment of publication where it was published."""
    published = None
    if issue is not None:
        published = {
            "id": str(issue.id),
            "number": issue.number,
            "at": issue.published_at.isoformat(),
            "withdrawn_at": issue.withdrawn_at.isoformat() if issue.withdrawn_at else None,
            "withdrawn_because": issue.withdrawn_because or None,
        }
    return {**content, "published": published}


def file_name(content: Mapping[str, Any], form: Form) -> str:
    """A name of letters and digits that every system takes: daily-220102001001-2026-03-11.pdf."""
    period = content["period"]
    days = period["first"] if period["first"] == period["last"] else f"{period['first']}-{period['last']}"
    where = content["place"]["code"] or content["place"]["id"][-12:]
    return f"{content['definition']['key']}-{where}-{days}.{form}"
