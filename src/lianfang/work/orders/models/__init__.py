"""Tables of orders. Seen by this duty only."""

from lianfang.work.orders.models.orders import Answer, Chased, Closed, Order, Words

__all__ = ["Answer", "Chased", "Closed", "Order", "Words"]
