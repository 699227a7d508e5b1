"""The certificate (销毁证明): what went, who ordered it, what was looked through and found nothing, and what stays on which ground."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from lianfang.ground.accounts import queries as accounts
from lianfang.headquarters.closing import rules, wording
from lianfang.headquarters.closing.types import ClosingSeen
from lianfang.kernel import clock, paper

TEMPLATE = Path(__file__).with_name("certificate.typ")
_LANGUAGES = {"zh": "zh-hans", "en": "en"}


def code(told: ClosingSeen) -> str:
    """A short check of what the certificate says: number, day, counts and what was searched."""
    said = (
        f"{told.number}|{told.finished_at}|{sorted(told.counts.items())}|{sorted((key, str(value)) for key, value in told.checked.items())}"
    )
    return sha256(said.encode()).hexdigest()[:12].upper()


def printed(told: ClosingSeen, lang: str) -> bytes:
    """The PDF, A4."""
    return paper.compile(TEMPLATE, facts(told, lang))


def facts(told: ClosingSeen, lang: str) -> Mapping[str, object]:
    """What the template sets."""
    names = accounts.names_of([one for one in (told.asked_by, told.confirmed_by) if one])
    with override(_LANGUAGES[lang]):
        title = _("Certificate of erasure")
        lines = [
            [_("Number of the certificate"), str(told.number)],
            [_("What ended"), told.name],
            [_("By order"), f"{told.ground.authority} {told.ground.document}".strip() or _("the time the law sets was over")],
            [_("Proposed by"), _by(names.get(told.asked_by, "") if told.asked_by else "", told.asked_at)],
            [_("Confirmed by"), _by(names.get(told.confirmed_by, "") if told.confirmed_by else "", told.confirmed_at)],
            [_("Finished"), _by("", told.finished_at)],
        ]
        return {
            "lang": lang,
            "title": title,
            "lines": lines,
            "went_title": _("What was erased"),
            "went": [[wording.counted(name), str(count)] for name, count in told.counts.items() if _shown(name)],
            "check_title": _("What was looked through afterwards"),
            "check": wording.check(told.checked),
            "stays_title": _("What stays, and why"),
            "stays": wording.stays(),
            "out_title": _("What this does not reach"),
            "out": wording.out_of_reach(),
            "sign": [_("Proposed by"), _("Confirmed by"), _("Witness")],
            "foot": _("%(title)s no. %(number)s · check code %(code)s") % {"title": title, "number": told.number, "code": code(told)},
            "paging": _("Page {page} of {pages}"),
        }


def _shown(name: str) -> bool:
    step = name.partition(".")[0]
    return step.startswith(rules.ERASES) or step in {"beside", "records", "rebuild", "sessions", "holds", "figures", "keys", "storage"}


def _by(name: str, at: datetime | None) -> str:
    when = f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""
    return f"{name} {when}".strip()
