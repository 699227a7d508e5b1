"""The Chinese catalogue is complete, compiled, and written as Chinese is written."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

TOOL = Path(__file__).parents[2] / "tools" / "messages.py"


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def test_everything_the_interface_says_has_its_chinese() -> None:
    """In a process of its own: what tests declare is no part of the interface."""
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "lianfang.config.settings"}
    done = subprocess.run([sys.executable, str(TOOL), "check"], env=surroundings, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "the catalogue is complete\n")


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        ("Saved", "", "missing"),
        ("Saved {n} doors", "存好了", "placeholders differ"),
        ("Saved, thank you", "存好了,谢谢", "half-width punctuation"),
        ("How many?", "多少户?", "half-width punctuation"),
        ("Saved {n} doors", "存好了 {n} 户", "typed space"),
        ("Saved {n} doors", "存好了{n}户", ""),
        ("Saved (today)", "存好了（今天）", ""),
        ("Until 20:00", "20:00截止", ""),
    ],
)
def test_a_fault_of_the_catalogue_is_named(messages: ModuleType, english: str, chinese: str, fault: str) -> None:
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add(english, chinese, locations=[("here", 1)])
    found = messages.faults(catalogue)
    assert ([one.split(":")[0].split(" beside")[0] for one in found]) == ([fault] if fault else [])


def test_what_is_said_within_an_f_string_is_collected_too(messages: ModuleType) -> None:
    text = 'told = f\'{name}: {_("until")} {pgettext("of a door", "closed") if shut else _("open")}\''
    here = messages.SOURCE / "here.py"
    found = [words for piece in messages._within_fstrings(text) for _, words, _, _ in messages._from_python(here, piece)]
    assert found == ["until", "closed", "open"]
