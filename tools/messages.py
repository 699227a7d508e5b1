"""Keep the Chinese catalogue: collect what the interface says, compile it, check that nothing is missing.

    python tools/messages.py update    collect all messages into locale/zh_Hans/…/django.po (kept translations stay), compile
    python tools/messages.py check     1 if a message is missing, wrong, or the compiled file is old

Message ids are the English texts. Collected are: gettext calls in Python and templates, the first paragraph of every refusal's
docstring, the words of record kinds (which bring their Chinese term along) and the names of figures. Needs no GNU gettext.
"""

from __future__ import annotations

import ast
import importlib
import io
import os
import pkgutil
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "lianfang"
_T = TypeVar("_T")
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianfang.config.settings")

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Found = tuple[str, "str | tuple[str, ...]", "str | None", str]
"""Where, the message (with its plural), its context, and a translation that comes along."""


def _within_fstrings(text: str) -> Iterator[str]:
    """The expressions within f-strings: before Python 3.12 the extractor takes each of these for one piece of text."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            yield from (ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue))


def _from_python(path: Path, text: str) -> Iterator[Found]:
    where = str(path.relative_to(ROOT))
    for _, function, messages, _ in extract_python(io.BytesIO(text.encode()), list(KEYWORDS), [], {"encoding": "utf-8"}):
        parts = messages if isinstance(messages, tuple) else (messages,)
        words = [part for part in parts if part is not None]
        context = None
        if function in {"pgettext", "pgettext_lazy", "npgettext"}:
            context, *words = words
        if words and words[0]:
            plural = function in {"ngettext", "ngettext_lazy", "npgettext"}
            yield where, (tuple(words[:2]) if plural else words[0]), context, ""


def _from_files() -> Iterator[Found]:
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text()
        yield from _from_python(path, text)
        for expression in _within_fstrings(text):
            yield from _from_python(path, expression)
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        yield from _from_python(path, templatize(path.read_text(), origin=str(path)))


def _modules() -> Iterator[str]:
    import lianfang

    for module in pkgutil.walk_packages(lianfang.__path__, "lianfang."):
        if ".migrations" not in module.name and (".config" not in module.name or module.name.endswith(".troubles")):
            yield module.name


def _subclasses(of: type[_T]) -> Iterator[type[_T]]:
    for below in of.__subclasses__():
        yield below
        yield from _subclasses(below)


def _from_refusals() -> Iterator[Found]:
    from lianfang.kernel.errors import Refused

    every: set[type[Refused]] = {Refused, *_subclasses(Refused)}
    for refused in sorted(every, key=lambda one: f"{one.__module__}.{one.__name__}"):
        if refused.__module__.startswith("lianfang."):
            message = refused.__new__(refused).message  # the property reads the class only
            yield refused.__module__, message, None, ""


def _from_kinds() -> Iterator[Found]:
    from lianfang.ledger import kinds
    from lianfang.ledger.kinds.words import Choice

    for choice in sorted(_subclasses(Choice), key=lambda one: one.__name__):
        for member in choice:
            yield choice.__module__, member.english, None, member.term
    for kind in kinds.every():
        yield kind.body.__module__, kind.english, None, kind.term
        for field in kind.schema().get("$defs", {}).get(kind.body.__name__, {}).get("properties", {}).values():
            if "title" in field and "term" in field:
                yield kind.body.__module__, field["title"], None, field["term"]


def _from_forms() -> Iterator[Found]:
    from lianfang.ledger.kinds import questions

    for form in questions.FORMS:
        for worded in (form, *form.questions, *(choice for question in form.questions for choice in question.choices)):
            yield questions.__name__, worded.english, None, worded.term


def _from_figures() -> Iterator[Found]:
    from lianfang.kernel import figures

    for key, declaration in sorted(figures.declared().items()):
        yield f"figures:{key}", declaration.name, None, ""


def collected() -> Catalog:
    """All messages, with the places they come from; refusals and kinds by importing every module."""
    django.setup()
    for name in _modules():
        importlib.import_module(name)
    catalogue = Catalog(locale="zh_Hans", project="lianfang", fuzzy=False, charset="utf-8")
    for source in (_from_files, _from_refusals, _from_kinds, _from_forms, _from_figures):
        for where, message, context, term in source():
            formats = ["python-brace-format"] if isinstance(message, str) and re.search(r"\{\w+\}", message) else []
            kept = catalogue.add(message, locations=[(where, 0)], context=context, flags=formats)
            if term and not kept.string:
                kept.string = term
    return catalogue


def stored() -> Catalog:
    """The catalogue as it lies in the repository."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def merged() -> Catalog:
    """What is said now, with the translations there are; what is said no longer falls away."""
    fresh, kept = collected(), stored()
    for message in fresh:
        if message.id and (old := kept.get(message.id, message.context)) is not None and any(_strings(old)):
            message.string = old.string if message.pluralizable == old.pluralizable else _strings(old)[0]
            if message.pluralizable and not isinstance(message.string, tuple):
                message.string = (message.string,)
        message.locations = [(where, None) for where in sorted({where for where, _ in message.locations})][:3]
    return fresh


def _strings(message: Message) -> list[str]:
    return [part for part in (message.string if isinstance(message.string, (tuple, list)) else [message.string]) if part]


def _written(catalogue: Catalog) -> bytes:
    catalogue.header_comment = "# 联防 Lianfang, Simplified Chinese. Kept by tools/messages.py."
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    text = io.BytesIO()
    write_po(text, catalogue, sort_output=True, width=0, include_lineno=False, omit_header=False)
    lines = [
        line
        for line in text.getvalue().splitlines()
        if not line.startswith(
            (b'"POT-Creation', b'"PO-Revision', b'"Last-Translator', b'"Language-Team', b'"Generated-By', b'"Report-Msgid')
        )
    ]
    return b"\n".join(lines) + b"\n"


def _compiled(catalogue: Catalog) -> bytes:
    binary = io.BytesIO()
    again = read_po(io.BytesIO(_written(catalogue)), locale="zh_Hans")
    again.creation_date = again.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # the same sources, the same file
    write_mo(binary, again)
    return binary.getvalue()


HAN = r"[一-鿿]"
HALF_WIDTH = re.compile(rf"{HAN}[,;:?!()]|[,;?!()]{HAN}")
LISTS = {"yes,no"}  # read by a template filter, which wants the comma
TYPED_SPACE = re.compile(rf"{HAN} +[\w%{{]|[\w}}] +{HAN}")


def faults(catalogue: Catalog) -> list[str]:
    """Messages without a translation, with other placeholders than the English, or in the wrong punctuation."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        strings = _strings(message)
        if not strings:
            found.append(f"missing: {english!r} ({message.context or 'no context'}; {message.locations[0][0]})")
            continue
        wanted = set(re.findall(r"%\(\w+\)[sd]|\{\w+\}|%%", english))
        for chinese in strings:
            there = set(re.findall(r"%\(\w+\)[sd]|\{\w+\}|%%", chinese))
            spare = {name for name in wanted if name.endswith("_id}")}  # ids mean nothing to people and may be left out
            if not wanted - spare <= there <= wanted and "format" not in (message.context or ""):
                found.append(f"placeholders differ: {english!r} -> {chinese!r}")
            bare = re.sub(r"%\(\w+\)[sd]|\{\w+\}", "0", chinese)
            if HALF_WIDTH.search(bare) and english not in LISTS:
                found.append(f"half-width punctuation: {chinese!r}")
            if TYPED_SPACE.search(bare):
                found.append(f"typed space beside Chinese: {chinese!r}")
    return found


def update() -> int:
    """Write the catalogue and the compiled file; say what is missing."""
    catalogue = merged()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(_written(catalogue))
    CATALOGUE.with_suffix(".mo").write_bytes(_compiled(catalogue))
    wrong = faults(catalogue)
    print("\n".join(wrong))
    print(f"{len(catalogue)} messages, {len(wrong)} faults")
    return 1 if wrong else 0


def check() -> list[str]:
    """What is wrong with the catalogue in the repository."""
    catalogue = merged()
    wrong = faults(catalogue)
    if not CATALOGUE.exists() or CATALOGUE.read_bytes() != _written(catalogue):
        wrong.append("the catalogue is not what the sources say: run tools/messages.py update")
    binary = CATALOGUE.with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != _compiled(catalogue):
        wrong.append("the compiled catalogue is old: run tools/messages.py update")
    return wrong


def main() -> int:
    """The two verbs."""
    match sys.argv[1:]:
        case ["update"]:
            return update()
        case ["check"]:
            wrong = check()
            print("\n".join(wrong) or "the catalogue is complete")
            return 1 if wrong else 0
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    sys.exit(main())
