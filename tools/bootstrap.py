"""Make the virtual environment that a command needs, then run the command in it. Standard library only.

Environments lie in LIANFANG_HOME/environments, one for each lock file and Python; a stamp inside says that it is
whole. A second start finds the stamp and goes straight on. LIANFANG_VENV names an environment to use as it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

import field_app  # noqa: E402 - found only now

from lianfang.config.environment import home, speaks_chinese  # noqa: E402 - found only now
from lianfang.config.runtime.home import make_passable  # noqa: E402 - as before

STAMP = "whole"
CHINESE = speaks_chinese()
_PAUSE = 3.0  # seconds between two lines of progress


def in_words(chinese: str, english: str) -> str:
    """The sentence in the language of the terminal."""
    return chinese if CHINESE else english


def say(chinese: str, english: str) -> None:
    """A line for the person at the terminal; standard output belongs to the command."""
    print(in_words(chinese, english), file=sys.stderr, flush=True)


def make_place(path: Path) -> None:
    """Make a directory of the home, or say why it cannot be made."""
    try:
        make_passable(path)
    except OSError as why:
        say(
            f"无法建立 {path}：{why.strerror}。请用 LIANFANG_HOME 指明可写的目录。",
            f"{path} cannot be made: {why.strerror}. Name a directory you may write in LIANFANG_HOME.",
        )
        raise SystemExit(1) from None


def key_of(lock: Path) -> str:
    """A name for the environment of this lock file and this Python."""
    digest = hashlib.sha256(lock.read_bytes())
    digest.update(f"{sys.version}|{os.path.realpath(sys.executable)}|{os.uname().machine}|1".encode())
    return digest.hexdigest()[:12]


def has_pip() -> bool:
    """Whether this Python has a pip that can install into another environment (`--python`, since 22.3)."""
    return importlib.util.find_spec("pip") is not None


def make_empty(place: Path) -> list[str]:
    """Make an empty environment; the command that installs into it."""
    python = str(place / "bin" / "python")
    if has_pip():
        venv.create(place, symlinks=True, with_pip=False)
        return [sys.executable, "-m", "pip", "--python", python]
    if importlib.util.find_spec("ensurepip") is not None:
        venv.create(place, symlinks=True, with_pip=True)
        return [python, "-m", "pip"]
    say(
        "这个 Python 没有 pip。请执行：apt-get install python3-pip（或用 LIANFANG_PYTHON 指明另一个 Python）。",
        "This Python has no pip. Type: apt-get install python3-pip (or name another Python in LIANFANG_PYTHON).",
    )
    raise SystemExit(1)


def install(pip: list[str], lock: Path, log: Path) -> None:
    """Install exactly what the lock file names, with its hashes; what pip says goes to the log."""
    wanted = sum("==" in line for line in lock.read_text().splitlines())
    command = [
        *pip,
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-compile",
        "--disable-pip-version-check",
        "--progress-bar",
        "off",
        "-r",
        str(lock),
    ]
    seen, shown = 0, 0.0
    with (
        log.open("w") as file,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            umask=0o022,
            cwd="/",
            env={**os.environ, "PIP_NO_INPUT": "1", "PYTHONUNBUFFERED": "1"},
        ) as running,
    ):
        for line in running.stdout or ():
            file.write(line)
            seen += line.startswith(("Collecting ", "Processing "))
            if line.startswith("Installing collected"):
                shown = float("inf")
                say(f"  正在安装 {seen} 个软件包……", f"  installing {seen} packages …")
            elif seen and seen < wanted and time.monotonic() - shown > _PAUSE:
                shown = time.monotonic()
                say(f"  软件包 {seen}/{wanted}", f"  packages {seen}/{wanted}")
    if running.returncode:
        tail = [line for line in log.read_text().splitlines() if not line.startswith("WARNING: Location")][-6:]
        say("安装失败：", "Installing failed:")
        print("\n".join(f"  {line}" for line in tail), file=sys.stderr)
        say(
            f"全部输出在 {log}。网络恢复后再次执行同一命令即可。", f"All of it is in {log}. Once the network is there, type the same again."
        )
        raise SystemExit(1)


def ensure(lock: Path, base: Path | None = None) -> Path:
    """The environment for a lock file in a home, made if it is not there or not whole; one at a time."""
    base = base or home()
    place = base / "environments" / f"{lock.stem}-{key_of(lock)}"
    if (place / STAMP).exists():
        return place
    make_place(base / "environments")
    with (base / "environments" / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if (place / STAMP).exists():
            return place
        began = time.monotonic()
        say("首次启动：正在准备运行环境（约一分钟）……", "First start: preparing the environment (about a minute) …")
        shutil.rmtree(place, ignore_errors=True)
        os.umask(0o022)
        install(make_empty(place), lock, base / "environments" / f"{lock.stem}.log")
        (place / STAMP).write_text(f"{sys.version}\n")
        forget_older(place, lock.stem)
        took = time.monotonic() - began
        say(f"  运行环境就绪（{took:.0f} 秒）", f"  environment ready ({took:.0f} s)")
    return place


def forget_older(place: Path, kind: str) -> None:
    """Remove environments of former lock files, but the latest former one: a running program may still stand on it."""
    former = [found for found in place.parent.glob(f"{kind}-*") if found.is_dir() and found != place]
    for found in sorted(former, key=lambda path: path.stat().st_mtime)[:-1]:
        shutil.rmtree(found, ignore_errors=True)


def build_field_app(*, checks: bool) -> None:
    """Have the app of the phones built from the sources that lie here; without it the rest is served all the same.

    With `checks` also the packages that check it, for the tests, which find them in LIANFANG_WORKSHOP.
    """
    current = field_app.is_current()
    if current and not checks:
        return
    base = home()
    node = field_app.Node(ensure(field_app.LOCK))
    if not current:
        say("正在构建手机端应用……", "building the app for phones …")
    try:
        if current:
            field_app.workshop(base, node, checks=True)
            return
        took = field_app.build(base, node, checks=checks)
    except field_app.Failed as failed:
        print("\n".join(f"  {line}" for line in str(failed).splitlines()[-8:]), file=sys.stderr)
        say(
            f"手机端应用没有构建成功，其余功能照常；全部输出在 {failed.log}。再次启动会重试。",
            f"The app for phones could not be built; all else is served. All of the output is in {failed.log}. The next start tries again.",
        )
    except OSError as why:
        say(
            f"手机端应用写不进 {why.filename}（{why.strerror}），其余功能照常。",
            f"The app for phones cannot be put into {why.filename} ({why.strerror}); all else is served.",
        )
    else:
        say(f"  手机端应用就绪（{took:.0f} 秒）", f"  app for phones ready ({took:.0f} s)")


def main() -> None:
    """Find or make the environment and become the command."""
    arguments = sys.argv[1:]
    lock = ROOT / "requirements" / ("test.lock" if arguments[:1] in (["test"], ["lock"]) else "base.lock")
    given = os.environ.get("LIANFANG_VENV")
    place = Path(given) if given else ensure(lock)
    python = place / "bin" / "python"
    if not python.exists():
        say(f"LIANFANG_VENV 指向的 {place} 不是 Python 环境。", f"LIANFANG_VENV names {place}, which is no Python environment.")
        raise SystemExit(1)
    if not given and arguments[:1] and arguments[0] in {"up", "setup", "init", "test"}:
        build_field_app(checks=arguments[0] == "test")
        os.environ["LIANFANG_WORKSHOP"] = str(home())
    # Compiled code is kept in the home: the checkout may belong to somebody else, and starts are quick either way.
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(home() / "cache" / "python"))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    os.environ.pop("PYTHONHOME", None)
    # Nothing of a shell is wanted here: the command becomes this process.
    os.execv(python, [str(python), "-m", "lianfang.config.main", *arguments])


if __name__ == "__main__":
    main()
