"""`roster columns` and `roster template`: how a list is understood, checked against the key of real forms; empty templates."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.ground.rosters.rules import columns, forms, templates
from lianfang.ground.rosters.types import Layout
from lianfang.kernel import sheets
from lianfang.kernel.errors import NotFound


class FileMissing(NotFound):
    """There is no file {path}."""


def add_to(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the two commands to the group `roster`."""
    guess = frame.command(words, "columns", _columns, purpose="which column of a file is what, without loading anything", acts=True)
    guess.add_argument("file", type=Path, nargs="?")
    guess.add_argument("--check-key", action="store_true", help="guess the columns of the real forms and compare with the key made by hand")
    blank = frame.command(
        words, "template", _template, purpose="an empty roster in the order of a real form; without a name: which there are"
    )
    blank.add_argument("name", nargs="?", metavar="NAME")
    blank.add_argument("--out", type=Path, metavar="FILE")


def book_of(path: Path) -> sheets.Workbook:
    """The sheets of a file named on the command line."""
    if not path.is_file():
        raise FileMissing(path=path)
    return sheets.read(path)


def _columns(args: argparse.Namespace) -> int:
    frame.actor(args)
    if args.check_key:
        return _check_key(args)
    if args.file is None:
        raise frame.WrongUse("name a file, or --check-key")
    book = book_of(args.file)
    found = columns.layouts(book)
    left_out = [{"sheet": each.sheet, "why": frame.in_words(each.why)} for each in found.left_out]
    answer = {
        "file": book.name,
        "form": book.form,
        "encoding": book.encoding,
        "sheets": [_sheet(layout) for layout in found.read],
        "left_out": left_out,
    }
    lines = [line for layout in found.read for line in _lines(layout)] + [f"{each['sheet']}: {each['why']}" for each in left_out]
    frame.emit(args, answer, "\n".join(lines))
    return frame.DONE


def _sheet(layout: Layout) -> dict[str, object]:
    return {
        "sheet": layout.sheet,
        "heading_rows": layout.heading_rows,
        "first_row": layout.first_row,
        "building": layout.building,
        "persons": layout.has_persons,
        "signature": layout.signature,
        "columns": [
            {"index": each.index, "heading": each.heading, "column": each.column, "sure": each.sure, "basis": each.basis}
            for each in layout.guesses
        ],
    }


def _lines(layout: Layout) -> list[str]:
    building = _(" (building {building})").format(building=layout.building) if layout.building else ""
    lines = [f"{layout.sheet}{building}"]
    lines += [f"  {each.index + 1}\t{each.heading or '—'}\t{each.column}\t{each.sure}" for each in layout.guesses]
    return lines if layout.has_persons else [*lines, _("  No column of names was found: nothing would be read.")]


def _check_key(args: argparse.Namespace) -> int:
    found = forms.check_key()
    misses = [{"form": each.form, "heading": each.heading, "guessed": each.guessed, "key": each.key} for each in found.misses]
    answer = {
        "forms": found.forms, "right": found.right, "total": found.total, "share": round(found.right / found.total, 4),
        "ours_right": found.ours_right, "ours": found.ours, "none_right": found.right - found.ours_right, "none": found.total - found.ours, "misses": misses,
    }  # fmt: skip
    text = _("{right} of {total} columns of {forms} forms right; of the {ours} that are ours {ours_right}").format(
        right=found.right, total=found.total, forms=found.forms, ours=found.ours, ours_right=found.ours_right
    )
    lines = [f"  {each.form}\t{each.heading}\t{each.guessed} ≠ {each.key}" for each in found.misses]
    frame.emit(args, answer, "\n".join([text, *lines]))
    return frame.DONE


def _template(args: argparse.Namespace) -> int:
    if args.name is None:
        listed = [{"id": form.id, "name": form.name, "source": form.source} for form in templates.templates()]
        frame.emit(args, {"templates": listed}, "\n".join(f"{each['id']}\t{each['name']}" for each in listed))
        return frame.DONE
    if args.out is None:
        raise frame.WrongUse("say where to with --out")
    args.out.write_bytes(templates.template(args.name, how_to_fill()))
    frame.emit(args, {"file": str(args.out)}, str(args.out))
    return frame.DONE


def how_to_fill() -> str:
    """The note above the headings of a template."""
    return _(
        "One person a row. Enter ID and telephone numbers as text. The door in one cell may be 3-2-501 or 3栋2单元501室. Headings may be moved; rows may be added."
    )
