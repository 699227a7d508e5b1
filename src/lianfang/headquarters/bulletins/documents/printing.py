"""The PDF of a bulletin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from lianfang.headquarters.bulletins import wording
from lianfang.headquarters.bulletins.documents.layout import Layout, laid_out
from lianfang.headquarters.bulletins.types import Issue
from lianfang.kernel import paper

TEMPLATE = Path(__file__).with_name("bulletin.typ")


def document(content: Mapping[str, Any], lang: str, issue: Issue | None = None) -> bytes:
    """The PDF: A4, the same for everybody who may read it."""
    return paper.compile(TEMPLATE, facts(content, lang, issue))


def pages(content: Mapping[str, Any], lang: str, issue: Issue | None = None) -> list[bytes]:
    """Its pages as pictures."""
    return paper.pictures(TEMPLATE, facts(content, lang, issue))


def facts(content: Mapping[str, Any], lang: str, issue: Issue | None = None) -> dict[str, Any]:
    """What the template sets."""
    layout = laid_out(content, lang, issue)
    with override(wording.LANGUAGES[lang]):
        figure, out_of, unit, share = layout.head
        return {
            "lang": lang,
            "title": layout.title,
            "subtitle": layout.subtitle,
            "state": layout.state,
            "sentences": ["".join(piece.text for piece in sentence) for sentence in layout.sentences],
            "head": [figure, layout.during, layout.standing, out_of, unit, share],
            "blocks": [asdict(block) for block in layout.blocks],
            "parts": _parts(layout),
            "revisions_title": _("Corrections to earlier issues"),
            "revisions": [asdict(revision) for revision in layout.revisions],
            "notes": layout.notes,
            "foot": _("%(title)s · check code %(code)s") % {"title": layout.title, "code": layout.check},
            "paging": _("Page {page} of {pages}"),
        }


def _parts(layout: Layout) -> dict[str, Any] | None:
    parts = layout.parts
    if parts is None:
        return None
    return {
        "title": parts.title,
        "head": [parts.title, *(f"{name}\n{unit}" for name, unit in zip(parts.head, parts.units, strict=True))],
        "rows": [[row.name, *(one.text for one in row.numbers)] for row in parts.rows],
        "sum": [_("Total"), *(one.text for one in parts.sum)],
    }
