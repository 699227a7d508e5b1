"""The folder process: folds records into derived tables as they come, until told to stop."""

from __future__ import annotations

import logging
import signal
import threading

from lianfang.config.beats import beat
from lianfang.config.logs import catch_the_rest

_log = logging.getLogger("lianfang.folder")


def run() -> None:
    """Fold until SIGTERM or SIGINT; one sign of life a round."""
    from lianfang.ledger.folding import serve  # the ledger is loaded by the process that folds, not by every command

    catch_the_rest()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    _log.info("folding")
    serve(stopping, on_round=lambda: beat("folder"))
    _log.info("stopped")
