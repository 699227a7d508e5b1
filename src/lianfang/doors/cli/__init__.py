"""The command line: everything that a script or an administrator needs. One module per subject, see `frame`."""

from __future__ import annotations

import argparse
from importlib import import_module
from pkgutil import iter_modules


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of every part: each module here that has a `register` of its own."""
    for found in sorted(iter_modules(__path__), key=lambda module: module.name):
        part = import_module(f"{__name__}.{found.name}")
        if hasattr(part, "register"):
            part.register(subparsers)
