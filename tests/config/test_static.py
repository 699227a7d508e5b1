"""Static files are collected once, anew when one changes, and named by what they hold."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import LazySettings

from lianfang.config import static


def named(into: Path) -> dict[str, str]:
    return dict(json.loads((into / "staticfiles.json").read_text())["paths"])


def test_files_are_collected_again_only_when_one_has_changed(tmp_path: Path, settings: LazySettings) -> None:
    packages, into = tmp_path / "packages", tmp_path / "home" / "static"
    packages.mkdir()
    (packages / "style.css").write_text("body { background: url(mark.svg) }" + " " * 2000)
    (packages / "mark.svg").write_text("<svg/>")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [packages]
    static.get_finders.__globals__["get_finder"].cache_clear()
    assert static.collect(into)
    first = named(into)
    style = into / first["style.css"]
    assert first["mark.svg"] in style.read_text()  # what a style names is hashed too
    assert style.with_name(f"{style.name}.gz").is_file()
    assert (into / "style.css").is_file()  # an address that somebody kept still answers
    assert not static.collect(into)
    (packages / "mark.svg").write_text("<svg><path/></svg>")
    os.utime(packages / "mark.svg", (1, 1))
    assert static.collect(into)
    assert named(into)["mark.svg"] != first["mark.svg"]
    assert named(into)["style.css"] != first["style.css"]
    assert not (into / first["mark.svg"]).exists()


def test_everything_that_is_shipped_can_be_collected(tmp_path: Path) -> None:
    assert static.collect(tmp_path / "static")
    found = named(tmp_path / "static")
    assert "desk/frame.css" in found
    assert static.Files(location=tmp_path / "static", base_url="/static/").url("desk/never.css") == "/static/desk/never.css"
