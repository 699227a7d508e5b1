"""What mobilisation folds: see `presence.sql` for the rule."""

from __future__ import annotations

from pathlib import Path

from lianfang.ledger.folding import Projection

PRESENCE = Projection("mobilisation.presence", Path(__file__).parent / "presence.sql", {"mobilisation_presence": ("record",)})
