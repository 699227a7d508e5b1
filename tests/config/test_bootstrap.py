"""The first line of contact: no Python, no pip, no rights, in words."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.config.conftest import ROOT, Command


def test_without_a_python_that_will_do_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "dirname").symlink_to(str(shutil.which("dirname")))
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    (tmp_path / "lianfang").write_text((ROOT / "lianfang").read_text().replace("/usr/bin/python3", ""))
    said = subprocess.run(["/bin/sh", tmp_path / "lianfang"], env={"PATH": str(tmp_path)}, text=True, capture_output=True, check=False)
    assert said.returncode == 1
    assert "Python 3.11 or later was not found" in said.stderr
    assert "apt-get install python3" in said.stderr


def test_an_environment_that_is_none_is_named(lianfang: Command) -> None:
    lianfang.more["LIANFANG_VENV"] = "/nowhere/at/all"
    refused = lianfang("doctor")
    assert refused.returncode == 1
    assert "/nowhere/at/all" in refused.stderr


def test_a_home_that_cannot_be_made_is_named(lianfang: Command) -> None:
    lianfang.more.update({"LIANFANG_VENV": "", "LIANFANG_HOME": "/proc/no-such-home"})
    refused = lianfang("doctor")
    assert refused.returncode == 1
    assert "Name a directory you may write in LIANFANG_HOME" in refused.stderr


def test_the_lock_files_name_a_hash_for_everything_and_no_address() -> None:
    for lock in ("base", "test", "build"):
        text = (ROOT / "requirements" / f"{lock}.lock").read_text()
        wanted = [line for line in text.splitlines() if "==" in line]
        assert wanted
        assert all(line.endswith("\\") for line in wanted), "each requirement is followed by its hashes"
        assert "://" not in text
        assert os.linesep.join(line for line in text.splitlines() if line.startswith("--")) == ""


def versions(lock: str) -> set[str]:
    return {line.split()[0] for line in (ROOT / "requirements" / f"{lock}.lock").read_text().splitlines() if "==" in line}


def test_the_lock_of_the_tests_holds_every_version_of_the_product() -> None:
    assert versions("base") <= versions("test")
