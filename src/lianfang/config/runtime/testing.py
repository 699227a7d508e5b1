"""`./lianfang test`: the checks and the tests, with a PostgreSQL of their own and the browser they need."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from lianfang.config import environment
from lianfang.config.environment import speaks_chinese
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.postgres import Cluster
from lianfang.config.runtime.progress import say

ROOT = Path(__file__).resolve().parents[4]
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PASSWORD = "only-for-tests"  # noqa: S105 - of a server that holds nothing and listens to this machine only
# Each worker of the tests has a server to itself: folding waits for the oldest transaction of the whole server, and roles
# belong to it, so that two workers on one would wait for and change what is the other's.
_WORKERS = 2
_HARMLESS = ("-q", "-v", "-r", "--durations", "--color", "--tb", "--dist")  # options that leave no test out
# The longest first: the others run beside it.
_CHECKS: Mapping[str, Sequence[str]] = {
    "mypy": ("-m", "mypy", "--no-error-summary"),
    "ruff": ("-m", "ruff", "check", "--quiet", "."),
    "format": ("-m", "ruff", "format", "--check", "--quiet", "."),
    "imports": ("-c", "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"),
    "migrations": ("-m", "django", "makemigrations", "--check", "--dry-run", "-v0"),
}


def run(arguments: Sequence[str]) -> int:
    """Run the checks (unless tests are named) and pytest with the arguments; pytest's closing line is the last one."""
    home = Home(environment.home() / "testing")
    home.make()
    surroundings = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        "MYPY_CACHE_DIR": str(home.path / "cache" / "mypy"),
        "RUFF_CACHE_DIR": str(home.path / "cache" / "ruff"),
    }
    named = any(not word.startswith("-") and (ROOT / word.split("::")[0]).exists() for word in arguments)
    failed = [] if named else _check(surroundings)
    if browser := _browser():
        surroundings["LIANFANG_CHROMIUM"] = browser
    alone = named or any(word in {"-x", "--pdb", "-s"} or word.startswith("-n") for word in arguments)
    workers = 1 if alone else min(_WORKERS, os.cpu_count() or 1)
    surroundings["COVERAGE_FILE"] = str(home.path / "cache" / "coverage")
    with home.alone("testing"), _servers(home, workers) as servers:
        surroundings["LIANFANG_TEST_SERVER"] = ",".join(servers)
        status, closing = _pytest([*_spread(workers), *_measure(arguments), *arguments], surroundings, home)
    if failed:
        say(f"✗ {', '.join(failed)}")
    print(closing, flush=True)
    return 1 if failed or status else 0


def _check(surroundings: dict[str, str]) -> list[str]:
    """The names of the checks that failed; what they said is printed."""

    def passes(name: str) -> bool:
        began = time.monotonic()
        more = {"DJANGO_SETTINGS_MODULE": "lianfang.config.settings"} if name == "migrations" else {}
        done = subprocess.run(
            [sys.executable, *_CHECKS[name]], cwd=ROOT, env={**surroundings, **more}, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        sign = "✗" if done.returncode else "✓"
        say("\n".join(filter(None, (f"  {sign} {name} {time.monotonic() - began:.1f} s", done.stdout.rstrip() if done.returncode else ""))))
        return done.returncode == 0

    with ThreadPoolExecutor(_WORKERS) as threads:
        return [name for name, fine in zip(_CHECKS, threads.map(passes, _CHECKS), strict=True) if not fine]


def _browser() -> str | None:
    """A Chromium to drive; got from Debian's packages where that is allowed, else the command to type is named."""
    if found := _installed():
        return found
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("  Chromium …")
        if _quietly(command):
            _quietly(["apt-get", "update", "-qq"])
            _quietly(command)
        if found := _installed():
            return found
    typed = "sudo apt-get install chromium"
    say(
        f"✗ 没有 Chromium，浏览器测试会失败。请执行：{typed}"
        if speaks_chinese()
        else f"✗ There is no Chromium, so the browser tests will fail. Type: {typed}",
    )
    return None


def _quietly(command: Sequence[str]) -> int:
    """The exit status of a Debian command that asks nothing."""
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=surroundings, capture_output=True, check=False).returncode


def _installed() -> str | None:
    given = os.environ.get("LIANFANG_CHROMIUM")
    return given or next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def _pytest(arguments: Sequence[str], surroundings: dict[str, str], home: Home) -> tuple[int, str]:
    """Run pytest, printing what it says as it comes; its exit status and its closing line, which is still to be printed."""
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={home.path / 'cache' / 'pytest'}", *arguments]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        for line in running.stdout or ():
            if last:
                print(last, flush=True)
            last = line.rstrip("\n")
    return running.returncode, last.strip("= ")


def _spread(workers: int) -> list[str]:
    return ["-n", str(workers), "--dist", "loadfile"] if workers > 1 else []


def _measure(arguments: Sequence[str]) -> list[str]:
    """Coverage of what pyproject.toml names, when all tests run: one branch that none takes fails. It is said above the closing line."""
    whole = all(word.startswith(_HARMLESS) for word in arguments)
    return ["--cov", "--cov-report=term-missing:skip-covered"] if whole else []


@contextmanager
def _servers(home: Home, count: int) -> Iterator[list[str]]:
    """Servers of our own for as long as the tests run; their addresses as superuser."""
    clusters = [Cluster(home.path / f"server{number}", _PASSWORD, small=True) for number in range(1, count + 1)]
    started = [cluster for cluster in clusters if cluster.start()]
    try:
        yield [cluster.server().url() for cluster in clusters]
    finally:
        for cluster in started:
            cluster.stop()
