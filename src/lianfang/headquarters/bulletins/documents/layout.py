"""A bulletin laid out for readers in one language: what page, print and workbook show, each number with the figure it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from lianfang.headquarters.bulletins import wording
from lianfang.headquarters.bulletins.types import Issue

UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the figure that it is; `text` is how it is written."""

    text: str
    value: int | None = None
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a section."""

    name: str
    depth: int
    during: Number
    standing: Number
    out_of: Number
    unit: str
    share: str


@dataclass(frozen=True, slots=True)
class Block:
    """A section with its lines."""

    title: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the place with its numbers."""

    name: str
    place_id: str
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class Parts:
    """The table of the parts of the place."""

    title: str
    head: list[str]
    units: list[str]
    figures: list[str]
    rows: list[PartRow]
    sum: list[Number]


@dataclass(frozen=True, slots=True)
class Revision:
    """What is told otherwise than in an earlier issue, and why."""

    issue: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A bulletin as readers see it."""

    title: str
    subtitle: str
    state: str
    during: str
    standing: str
    sentences: list[list[Number]]
    blocks: list[Block]
    parts: Parts | None
    revisions: list[Revision]
    notes: list[str]
    check: str
    head: list[str] = field(default_factory=list)


def laid_out(content: Mapping[str, Any], lang: str, issue: Issue | None = None) -> Layout:
    """Lay a bulletin out in "zh" or "en"."""
    with override(wording.LANGUAGES[lang]):
        first, last = (date.fromisoformat(content["period"][end]) for end in ("first", "last"))
        one_day = first == last
        return Layout(
            title=_said(content["title"], lang),
            subtitle=_subtitle(content, lang, issue),
            state=_state(content, lang, issue),
            during=_("Of the day") if one_day else _("In the period"),
            standing=_("At the end of the day") if one_day else _("At its end"),
            sentences=[_sentence(_said(words, lang), content["figures"]) for words in content["words"]],
            blocks=[_block(section, content["figures"], lang) for section in content["sections"]],
            parts=_parts(content, lang),
            revisions=[_revision(told, lang) for told in content["revisions"]],
            notes=_notes(content, lang),
            check=check_code(content),
            head=[_("Figure"), _("Out of"), _("Counted in"), _("Share of it")],
        )


def check_code(content: Mapping[str, Any]) -> str:
    """A short digest of the numbers: a print that bears it can be compared with what is kept."""
    kept = {key: content[key] for key in ("definition", "place", "period", "figures", "parts")}
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest().upper()
    return f"{digest[:4]}-{digest[4:8]}"


def _said(words: Mapping[str, Any], lang: str) -> str:
    return wording.in_language(words, lang)


def _subtitle(content: Mapping[str, Any], lang: str, issue: Issue | None) -> str:
    first, last = (date.fromisoformat(content["period"][end]) for end in ("first", "last"))
    days = wording.period(first, last, lang)
    number = [_("No. %(number)s") % {"number": issue.number}] if issue else []
    return "　".join([*number, days, " / ".join(content["place"]["path"][-2:])])


def _state(content: Mapping[str, Any], lang: str, issue: Issue | None) -> str:
    if issue is None:
        return _("Preview, not published")
    if issue.withdrawn_at is not None:
        return _("Withdrawn on %(when)s: %(why)s") % {"when": wording.moment(issue.withdrawn_at, lang), "why": issue.withdrawn_because}
    return _("For the public") if content.get("release") else ""


def number(told: Mapping[str, Any] | None) -> Number:
    """A figure as a number; a dash where there is none, or where it is not told."""
    if told is None:
        return Number(UNKNOWN)
    if told["value"] is None:
        return Number(_("fewer than 5, or next to it"), None, "")
    return Number(wording.number(told["value"]), told["value"], told["figure"])


def _sentence(text: str, figures: Mapping[str, Any]) -> list[Number]:
    pieces = []
    for what, said in wording.segments(text):
        if what == "text":
            pieces.append(Number(said))
        elif what == "share":
            pieces.append(Number(wording.share(figures[said]["value"], figures[said]["denominator"]) or UNKNOWN))
        else:
            pieces.append(number(figures[said]))
    return pieces


def _block(section: Mapping[str, Any], figures: Mapping[str, Any], lang: str) -> Block:
    own = {**figures, **section.get("figures", {})}
    rows = []
    for line in section["lines"]:
        during, standing = (own[line[side]] if line[side] else None for side in ("during", "standing"))
        main = standing or during or {}
        whole = main.get("denominator")
        rows.append(
            Row(
                name=_said(line["name"], lang),
                depth=line["depth"],
                during=number(during),
                standing=number(standing),
                out_of=Number(wording.number(whole), whole, main.get("denominator_figure") or ""),
                unit=_said(wording.UNITS[main["unit"]], lang),
                share=wording.share(main["value"], whole),
            )
        )
    return Block(_said(section["title"], lang), rows)


def _parts(content: Mapping[str, Any], lang: str) -> Parts | None:
    parts = content["parts"]
    if not parts["rows"] or not parts["columns"]:
        return None
    titles = {
        "building": _("By building"), "unit": _("By unit"), "community": _("By community"), "street": _("By street"), "county": _("By county"),
        "city": _("By city"), "province": _("By province"), "door": _("By door"),
    }  # fmt: skip
    keys = [column["figure"] for column in parts["columns"]]

    def cells(values: list[int | None]) -> list[Number]:
        return [number({"value": value, "figure": key}) for key, value in zip(keys, values, strict=True)]

    return Parts(
        title=titles.get(parts["level"], _("By part")),
        head=[_said(column["name"], lang) for column in parts["columns"]],
        units=[_said(wording.UNITS[column["unit"]], lang) for column in parts["columns"]],
        figures=keys,
        rows=[PartRow(row["name"] or _("Elsewhere in the place"), row["place_id"] or "", cells(row["values"])) for row in parts["rows"]],
        sum=cells(parts["sum"]),
    )


def _revision(told: Mapping[str, Any], lang: str) -> Revision:
    first, last = (date.fromisoformat(told["period"][end]) for end in ("first", "last"))
    changes = [
        _("%(name)s %(was)s → %(is)s %(unit)s")
        % {
            "name": _said(change["name"], lang), "was": wording.number(change["was"]), "is": wording.number(change["is"]),
            "unit": _said(wording.UNITS[change["unit"]], lang),
        }
        for change in told["changes"]
    ]  # fmt: skip
    text = _("No. %(number)s (%(days)s): %(changes)s.") % {
        "number": told["number"],
        "days": wording.period(first, last, lang),
        "changes": _("; ").join(changes),
    }
    return Revision(told["issue"], text, _why(told["why"], lang) if told["why"] else "")


def _why(why: Mapping[str, Any], lang: str) -> str:
    said = []
    if why["late"]:
        said.append(_("%(n)s records arrived late") % {"n": why["late"]})
    said += [
        _("%(n)s corrected: %(reason)s") % {"n": one["count"], "reason": _said(one["name"], lang) if one["name"] else _("other")}
        for one in why["corrections"]
    ]
    until = _("the last at %(when)s") % {"when": wording.moment(datetime.fromisoformat(why["last_at"]), lang)}
    return _("; ").join([*said, until]) + _(". The earlier issue stays as it was.")


def _notes(content: Mapping[str, Any], lang: str) -> list[str]:
    as_of = wording.moment(datetime.fromisoformat(content["as_of"]), lang)
    notes = [
        _("Figures as of %(when)s; records that come later are told in the next issue.") % {"when": as_of},
        _("Visits count what happened, every time; doors and people are counted once. Visits are not coverage."),
        _("Every number is computed from the records, none is typed in; no person can be told from it."),
    ]
    notes += [_node(told, lang) for told in content.get("nodes", ())]
    if content.get("release"):
        notes.append(_("Numbers below five, and what they could be worked out from, are not published."))
    return notes


def _node(told: Mapping[str, Any], lang: str) -> str:
    """Since when the figures of a node stand that are summed up in the bulletin."""
    if told["as_of"] is None:
        return _("%(name)s has not told any figures yet: it counts as nothing here.") % {"name": told["name"]}
    as_of = wording.moment(datetime.fromisoformat(told["as_of"]), lang)
    said = _("Figures of %(name)s are old: they stand as of %(when)s.") if told["old"] else _("Figures of %(name)s as of %(when)s.")
    unknown = _(", ").join(_said(name, lang) for name in told["unknown"])
    more = _(" It does not tell, and counts as nothing in: %(figures)s.") % {"figures": unknown} if unknown else ""
    return said % {"name": told["name"], "when": as_of} + more
