"""`roster`: lists of residents."""

from __future__ import annotations

import argparse

from lianfang.doors.cli import frame, roster_columns


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "roster", purpose="lists of residents in and out")
    roster_columns.add_to(words)
