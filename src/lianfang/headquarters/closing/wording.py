"""The words of the end: steps, what each counts, what was looked through, what stays and what is out of reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lianfang.headquarters.closing import rules
from lianfang.headquarters.closing.inventory import Ground

STEPS: Mapping[str, str] = {
    "books": gettext_noop("Books take nothing more"),
    "folded": gettext_noop("Everything that came in is counted"),
    "bulletins": gettext_noop("Last bulletin"),
    "figures": gettext_noop("Figures kept by community and day"),
    "service": gettext_noop("Work done kept without residents"),
    "holds": gettext_noop("What is held back is copied, sealed"),
    "marks": gettext_noop("Marks to search for are taken"),
    "erase:rosters": gettext_noop("Rosters that came for the incident"),
    "erase:rounds": gettext_noop("Door by door statements of rounds"),
    "erase:mobilisation": gettext_noop("The pool and calls"),
    "erase:messages": gettext_noop("Messages to workers"),
    "erase:playbooks": gettext_noop("People named in runs of plans"),
    "erase:photos": gettext_noop("Photos and files"),
    "erase:persons": gettext_noop("People whom only the incident knew"),
    "erase:doors": gettext_noop("Words at doors found"),
    "beside": gettext_noop("Remarks and records that waited"),
    "records": gettext_noop("Records of residents"),
    "rebuild": gettext_noop("What was computed from them"),
    "sessions": gettext_noop("Sessions: everybody signs in again"),
    "keys": gettext_noop("Keys renewed, the old ones destroyed"),
    "storage": gettext_noop("Files of the database written anew"),
    "backups": gettext_noop("Fresh backup, older ones made unreadable"),
    "check": gettext_noop("Every byte looked through"),
    "certificate": gettext_noop("Certificate"),
}
COUNTS: Mapping[str, str] = {
    "rows": gettext_noop("rows"),
    "records": gettext_noop("records"),
    "remarks": gettext_noop("remarks"),
    "quarantine": gettext_noop("waiting records"),
    "sessions": gettext_noop("sessions"),
    "held": gettext_noop("items kept sealed"),
    "figures": gettext_noop("figures"),
    "days": gettext_noop("days"),
    "communities": gettext_noop("communities"),
    "resealed": gettext_noop("values sealed anew"),
    "destroyed": gettext_noop("keys destroyed"),
    "tables": gettext_noop("tables written anew"),
    "log_files": gettext_noop("files of the database log removed"),
    "logs": gettext_noop("old logs removed"),
    "published": gettext_noop("bulletins published"),
    "books": gettext_noop("books"),
    "marks": gettext_noop("marks"),
    "files": gettext_noop("files"),
    "backups": gettext_noop("backups"),
    "unreadable": gettext_noop("older backups made unreadable"),
}


def step(name: str) -> str:
    """A step in words; one that a later part of the program registered under its own name."""
    known = STEPS.get(name)
    return _(known) if known else name.removeprefix(rules.ERASES)


def counts(found: Mapping[str, int]) -> str:
    """What a step counted."""
    return _(", ").join(f"{_(COUNTS.get(name, name))} {count}" for name, count in found.items())


def counted(name: str) -> str:
    """A count of the certificate: "step.what"."""
    of, _dot, what = name.rpartition(".")
    return f"{step(of)} · {_(COUNTS.get(what, what))}"


def check(found: Mapping[str, Any]) -> list[str]:
    """What the search looked through and found."""
    if "files" not in found:
        return []
    said = _(
        "%(marks)s marks (numbers of erased records, sealed words) were searched for in %(files)s files of %(size)s MB: %(hits)s found."
    )
    lines = [said % {"marks": found["marks"], "files": found["files"], "size": found["bytes"] // 2**20, "hits": len(found["hits"])}]
    return lines + [_("Not looked through: %(what)s") % {"what": what} for what in found["left_out"]]


def stays() -> list[str]:
    """The grounds on which other data stays."""
    return [_(ground.value) for ground in Ground]


def out_of_reach() -> list[str]:
    """What no program can erase: said on every certificate."""
    return [
        _("Copies people made: photographs of screens, printed pages, files that were exported and carried away."),
        _("Storage below the file system: blocks of files that were removed, snapshots of a provider, worn cells of a disk."),
        _("Phones that never come back: what they hold is sealed, and is erased when they do."),
    ]
