"""The entry of every command: `python -m lianfang.config.main …`, which `./lianfang …` becomes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import django
from django.utils import translation

from lianfang.config import environment

_INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """The whole command line. Django must be set up: the parts import tables."""
    from lianfang.config.runtime import commands  # after django.setup()
    from lianfang.doors import cli

    whole = argparse.ArgumentParser(
        prog="./lianfang", description=translation.gettext("联防 Lianfang: one ledger from the doorstep to the city")
    )
    subparsers = whole.add_subparsers(required=True, metavar="COMMAND")
    commands.register(subparsers)
    subparsers.add_parser("test", help=translation.gettext("everything the tests need, and the tests")).set_defaults(needs_database=False)
    cli.register(subparsers)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status: 0 done, 1 refused with a reason, 2 wrong use."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["test"]:
        from lianfang.config.runtime import testing  # only there with the test requirements, and without Django set up

        return int(testing.run(words[1:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianfang.config.settings")
    django.setup()
    translation.activate("zh-hans" if environment.speaks_chinese() else "en")
    from lianfang.config.runtime import faults, installation  # after django.setup()
    from lianfang.config.runtime.backups import renewing
    from lianfang.config.runtime.home import Home
    from lianfang.doors.cli import frame
    from lianfang.kernel.errors import Refused

    renewing.register()
    whole = parser()
    args = whole.parse_args(words)
    if getattr(args, "needs_database", True):
        try:
            installation.enter(Home.here())
        except Refused as refused:
            return frame.refuse(args, refused)
    try:
        return frame.perform(args, whole)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception:
        if environment.flag("LIANFANG_DEBUG"):
            raise
        return faults.record(Home.here(), words)


if __name__ == "__main__":
    sys.exit(main())
