"""Paper: a PDF from a template and facts, in one Chinese typeface, the same on every machine.

A template is a Typst file of ours; it begins with `#import "/kernel/paper/sheet.typ": facts, sheet, listing` and reads `facts`.
Facts travel as one JSON text and are set as text: what a person is called can never become markup, a file or a command.
The fonts come from a package found by its path; those of the machine are left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

from lianfang.kernel import clock
from lianfang.kernel.errors import Refused

FAMILY = "Noto Sans CJK SC"
PACKAGE = "manimgx_fonts_cjk"
LARGEST = 16 * 1024 * 1024  # bytes of facts: about a thousand pages of rows
_ROOT = Path(__file__).resolve().parents[2]  # templates import each other by their path below this


class NoTypeface(Refused):
    """The Chinese typeface “{family}” is missing, so nothing can be printed. Install the package {package} and try again."""


class TooMuchForPaper(Refused):
    """This is too much for one print. Choose a smaller place or a shorter period."""


class TemplateFault(RuntimeError):
    """A template of ours does not compile: a mistake of the programmer, never of the data."""


@cache
def _typeface() -> typst.Fonts:
    """The fonts of the package, read once. Raises NoTypeface."""
    found = find_spec(PACKAGE)
    folders = [str(folder) for folder in (found.submodule_search_locations or ())] if found else []
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    if FAMILY not in fonts.families():
        raise NoTypeface(family=FAMILY, package=PACKAGE)
    return fonts


def _set(template: Path, facts: Mapping[str, object]) -> typst.Compiler:
    text = json.dumps(facts, ensure_ascii=False)
    if len(text.encode()) > LARGEST:
        raise TooMuchForPaper
    return typst.Compiler(
        template.read_bytes(),
        root=_ROOT,
        font_paths=_typeface(),
        ignore_system_fonts=True,
        sys_inputs={"facts": text},
    )


@contextmanager
def _faults_of(template: Path) -> Iterator[None]:
    try:
        yield
    except typst.TypstError as fault:
        raise TemplateFault(f"{template.name}: {fault.message}") from None


def compile(template: Path, facts: Mapping[str, object]) -> bytes:  # noqa: A001 - the word of the trade
    """The PDF of a template with these facts (JSON values only). Raises NoTypeface and TooMuchForPaper."""
    compiler = _set(template, facts)
    with _faults_of(template):
        made = compiler.compile(format="pdf", timestamp=int(clock.now().timestamp()))
    return _whole(made)[0]


def pictures(template: Path, facts: Mapping[str, object], *, ppi: int = 96) -> list[bytes]:
    """The same pages as PNG pictures."""
    compiler = _set(template, facts)
    with _faults_of(template):
        made = compiler.compile(format="png", ppi=ppi)
    return _whole(made)


def _whole(made: bytes | list[bytes] | None) -> list[bytes]:
    return [made] if isinstance(made, bytes) else made or []
