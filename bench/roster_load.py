"""`roster load` as a process of its own on the database of a benchmark, which is no installation."""

from __future__ import annotations

import argparse
import sys

import django


def main() -> int:
    """Run the command with the arguments given."""
    django.setup()
    from lianfang.doors.cli import frame, rosters  # after django.setup()

    parser = argparse.ArgumentParser()
    rosters.register(parser.add_subparsers())
    return frame.perform(parser.parse_args(), parser)


if __name__ == "__main__":
    sys.exit(main())
