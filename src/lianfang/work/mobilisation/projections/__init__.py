"""What mobilisation folds: see `presence.sql` for the rule."""

from __future__ import annotations

from pathlib import Path

from lianfang.ledger.folding import Projection

_FILE = Path(__file__).parent / "presence.sql"
PRESENCE = Projection("mobilisation.presence", _FILE, {"mobilisation_presence": ("record",)}, kinds=("presence",))
