"""What matters fold: see `matters.sql` for the rule."""

from __future__ import annotations

from pathlib import Path

from lianfang.ledger.folding import Projection

_KINDS = ("matter_raised", "matter_settled")
MATTERS = Projection("matters.matters", Path(__file__).parent / "matters.sql", {"matters_matter": ("id",)}, kinds=_KINDS)
