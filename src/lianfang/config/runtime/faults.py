"""A command that fails for a reason nobody foresaw: said in words, kept in HOME/logs/commands.log without personal data."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from django.utils.translation import gettext as _

from lianfang.config.logs import fault
from lianfang.config.runtime.home import Home
from lianfang.doors.cli.frame import REFUSED
from lianfang.kernel import clock


def record(home: Home, words: Sequence[str]) -> int:
    """Keep the exception that is being handled and tell the person where; the exit status.

    Of the command only its first two words are kept: the others may hold a name or a number.
    """
    home.make()
    log = home.logs / "commands.log"
    found = fault(*sys.exc_info())
    line = {"at": clock.now().isoformat(), "command": list(words[:2]), "fault": found}
    with log.open("a") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(
        _("This failed for a reason the program did not foresee ({kind}). It is kept in {log}").format(kind=found["class"], log=log),
        file=sys.stderr,
    )
    return REFUSED
