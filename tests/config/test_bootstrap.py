"""The first line of contact: no Python, no pip, no rights, in words."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.config.conftest import ROOT, Command


def test_without_a_python_that_will_do_it_says_what_to_install(tmp_path: Path) -> None:
    for program in ("sh", "dirname"):
        (tmp_path / program).symlink_to(f"/bin/{program}" if Path(f"/bin/{program}").exists() else f"/usr/bin/{program}")
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    said = subprocess.run(
        ["/bin/sh", "-c", f"sed 's#/usr/bin/python3##' {ROOT}/lianfang > {tmp_path}/lianfang; PATH={tmp_path}; export PATH; . {tmp_path}/lianfang"],
        text=True, capture_output=True, check=False,
    )  # fmt: skip
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
    for lock in ("base", "test"):
        text = (ROOT / "requirements" / f"{lock}.lock").read_text()
        wanted = [line for line in text.splitlines() if "==" in line]
        assert wanted
        assert all(line.endswith("\\") for line in wanted), "each requirement is followed by its hashes"
        assert "://" not in text
        assert os.linesep.join(line for line in text.splitlines() if line.startswith("--")) == ""


def test_the_lock_of_the_tests_holds_every_version_of_the_product() -> None:
    base, test = (
        {line.split()[0] for line in (ROOT / "requirements" / f"{name}.lock").read_text().splitlines() if "==" in line}
        for name in ("base", "test")
    )
    assert base <= test
