"""Folding (汇总): records into derived tables, in any order, from zero if need be.

`projection` says what one is; `cursors` how far each has come; `batches` what it is given; `engine` runs them; `folder` is the process
that does so for ever; `rebuilding` fills a shadow and applies the difference; `restoring` takes over a dump of another server.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from lianfang.ledger.folding.projection import Projection, register, registered

__all__ = ["Projection", "fold_here", "register", "registered", "serve"]


def serve(stopping: threading.Event, on_round: Callable[[], None] = lambda: None) -> None:
    """Be the folder until told to stop; one call of `on_round` for each round that went well."""
    from lianfang.ledger.folding import folder  # after the apps are loaded: it reaches reactions and intake

    folder.serve(stopping, on_round)


def fold_here() -> bool:
    """Fold and react in this process unless another one is the folder; whether this one did."""
    from lianfang.ledger.folding import folder  # after the apps are loaded: it reaches reactions and intake

    return folder.fold_here()
