"""Somebody without rights: an environment of their own, from nothing, as any user of the machine."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.conftest import ROOT

_SYSTEM_PYTHON = "/usr/bin:/bin:/usr/local/bin:/usr/sbin:/sbin"


@pytest.fixture
def stranger() -> Iterator[dict[str, str]]:
    """The environment of an ordinary user with an empty directory: `nobody` when root tests, else ourselves."""
    place = Path(tempfile.mkdtemp(prefix="lianfang-test-"))
    source = place / "clone"
    for part in ("src", "tools", "requirements"):
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "lianfang", source / "lianfang")
    surroundings = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.endswith("_proxy")}
    for known in (Path.home() / ".config" / "pip" / "pip.conf", Path.home() / ".pip" / "pip.conf"):
        if known.exists():  # where packages come from is the machine's business, not the user's
            surroundings["PIP_CONFIG_FILE"] = str(shutil.copy(known, place / "pip.conf"))
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for step in (place, *place.rglob("*")):
            os.chown(step, nobody.pw_uid, nobody.pw_gid)
    yield {**surroundings, "PATH": _SYSTEM_PYTHON, "HOME": str(place), "LIANFANG_LANGUAGE": "en", "PWD": str(source)}
    shutil.rmtree(place, ignore_errors=True)


def run(stranger: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    other = os.geteuid() == 0
    return subprocess.run(
        [f"{stranger['PWD']}/lianfang", *words],
        env=stranger,
        cwd=stranger["PWD"],
        text=True,
        capture_output=True,
        timeout=400,
        check=False,
        stdin=subprocess.DEVNULL,
        user="nobody" if other else None,
        group=pwd.getpwnam("nobody").pw_gid if other else None,
        extra_groups=[] if other else None,
    )


@pytest.mark.slow
def test_everything_is_made_in_their_own_directory_and_a_second_start_makes_nothing(stranger: dict[str, str]) -> None:
    first = run(stranger, "setup", "--demo", "none", "--no-divisions")
    assert first.returncode == 0, first.stderr
    assert "First start" in first.stderr
    home = Path(stranger["HOME"], ".local", "share", "lianfang")
    assert (home / "postgres" / "data").stat().st_mode & 0o777 == 0o700
    examined = run(stranger, "doctor", "--json")
    assert json.loads(examined.stdout)["ok"]
    assert "First start" not in examined.stderr
    assert run(stranger, "down").returncode == 0
