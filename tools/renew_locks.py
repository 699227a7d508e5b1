"""Renew requirements/*.lock from the .in files, for every platform, with hashes and without any address. Needs `uv`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
_COMPILE = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate")


def main() -> None:
    """Compile base first: the lock of the tests must agree with it."""
    for name in ("base", "test", "build"):
        lock = REQUIREMENTS / f"{name}.lock"
        subprocess.run(["uv", *_COMPILE, *sys.argv[1:], f"{name}.in", "-o", lock.name], cwd=REQUIREMENTS, check=True)
        addresses = [line for line in lock.read_text().splitlines() if "://" in line or line.startswith("--")]
        if addresses:
            sys.exit(f"{lock.name} names addresses: {addresses[:3]}")


if __name__ == "__main__":
    main()
