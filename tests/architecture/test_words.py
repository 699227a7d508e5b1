"""What the repository must not hold: registry addresses, paths of a machine, excuses."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".md", ".toml", ".in", ".lock", ".json", ".html", ".css", ".js", ".sql", ".txt", ".sh", ".po", ".cfg", ""}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file() and Path(name).suffix in TEXT]


def lines_with(pattern: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path != Path(__file__) and "vendor" not in path.parts
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if wanted.search(line)
    ]


def test_no_registry_address_is_named() -> None:
    assert lines_with(r'"resolved": *"https?:|index-url|find-links|registry *= *["\']?https?:|https?://[^ "]*/simple/?["\' ]') == []


def test_no_path_of_a_machine_is_named() -> None:
    assert lines_with(r"(^|[^a-zA-Z])/(work|farm|root)/") == []


def test_nothing_is_left_for_later() -> None:
    assert lines_with(r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b|pragma: no cover|xfail\(") == []


def test_files_have_one_subject() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in tracked()
        if path.suffix in {".py", ".js", ".css", ".html", ".sql"} and "vendor" not in path.parts and "migrations" not in path.parts
        if (count := len(path.read_text(errors="replace").splitlines())) > 400
    ]
    assert long == []
