"""Paper: data is text and nothing else, rare characters are there, many pages take little time and memory."""

from __future__ import annotations

import io
import resource
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from lianfang.kernel import paper
from tests.fuzzing import FULL

HOSTILE = [
    '#image("x")',
    '#read("/etc/passwd")',
    "#panic()",
    "*a*",
    "_a_",
    "$x$",
    "= head",
    "- item",
    "https://example.test",
    "@ref",
    "<label>",
    "a // b",
    "/* c */",
    "```raw```",
    '"quoted"',
    "\\u{41}",
    "]#[",
    "{{ x }}",
    "1. one",
    "a -- b ... c",
]
RARE = "𠮷㛃龘䶮喆堃"


@pytest.fixture
def template() -> Path:
    return Path(__file__).with_name("names.typ")


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def printed(rows: list[list[str]], template: Path, title: str = "名单") -> bytes:
    return paper.compile(template, {"title": title, "foot": "数据截至 3月12日", "rows": rows})


def test_names_are_set_as_they_are(template: Path) -> None:
    said = text_of(printed([[name, str(number)] for number, name in enumerate(HOSTILE)], template, title='#image("t") *b*'))
    missing = [name for name in HOSTILE if name.replace(" ", "") not in said.replace(" ", "").replace("\n", "")]
    assert missing == []
    assert '#image("t")*b*' in said.replace(" ", "")


def test_rare_characters_are_in_the_typeface(template: Path) -> None:
    document = printed([[f"王{RARE}", "1"]], template)
    assert RARE in text_of(document)
    fonts = {
        str(font["/BaseFont"])
        for page in PdfReader(io.BytesIO(document)).pages
        for font in (ref.get_object() for ref in page["/Resources"]["/Font"].values())
    }
    assert fonts
    assert all("NotoSansCJK" in name for name in fonts)


def test_a_missing_typeface_is_said(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "PACKAGE", "no_such_package_of_fonts")
    paper._typeface.cache_clear()
    try:
        with pytest.raises(paper.NoTypeface, match="no_such_package_of_fonts"):
            printed([["王", "1"]], template)
    finally:
        paper._typeface.cache_clear()


def test_too_much_is_refused_before_it_costs_anything(template: Path) -> None:
    with pytest.raises(paper.TooMuchForPaper):
        printed([["王" * 1000, "1"]] * 6000, template)


def test_a_fault_of_a_template_says_which() -> None:
    with pytest.raises(paper.TemplateFault, match=r"names\.typ"):
        paper.compile(Path(__file__).with_name("names.typ"), {"title": "x"})


def test_many_pages_repeat_their_head_and_are_numbered(template: Path) -> None:
    began = time.process_time()
    document = printed([[f"王示例{number}", str(number)] for number in range(4000)], template)
    took = time.process_time() - began
    pages = PdfReader(io.BytesIO(document)).pages
    assert len(pages) > 50
    assert all("姓名" in page.extract_text() for page in (pages if FULL else [*pages[:3], *pages[-3:]]))
    assert f"2 / {len(pages)}" in pages[1].extract_text()
    assert took < 10, f"{took:.1f} s of processor time"
    assert len(document) < 3_000_000


def test_printing_again_and_again_holds_no_memory(template: Path) -> None:
    warm, many = (30, 60) if FULL else (10, 20)
    for number in range(warm):
        printed([[f"王示例{number}-{row}", "1"] for row in range(200)], template)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(many):
        printed([[f"李示例{number}-{row}", "1"] for row in range(200)], template)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < (100 if FULL else 50), f"{grown:.0f} MB more after {many} prints"


def test_pictures_show_the_same_pages(template: Path) -> None:
    shown = paper.pictures(template, {"title": "名单", "foot": "", "rows": [["王示例", "1"]]})
    assert [picture[:4] for picture in shown] == [b"\x89PNG"]
