"""What orders fold: see `orders.sql` and `answers.sql`."""

from __future__ import annotations

from pathlib import Path

from lianfang.ledger.folding import Projection

_HERE = Path(__file__).parent
ORDERS = Projection("orders.orders", _HERE / "orders.sql", {"orders_order": ("id",)}, kinds=("order_issued",))
ANSWERS = Projection("orders.answers", _HERE / "answers.sql", {"orders_answer": ("id",)}, kinds=("order_answered",))
