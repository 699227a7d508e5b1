"""What matters fold: see `matters.sql` for the rule."""

from __future__ import annotations

from pathlib import Path

from lianfang.ledger.folding import Projection

MATTERS = Projection("matters.matters", Path(__file__).parent / "matters.sql", {"matters_matter": ("id",)})
