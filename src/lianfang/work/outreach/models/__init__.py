"""The tables of messages and their receipts."""

from lianfang.work.outreach.models.messages import Message, Receipt

__all__ = ["Message", "Receipt"]
