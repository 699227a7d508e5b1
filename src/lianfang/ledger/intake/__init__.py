"""Intake (收录): batches of records from phones, files, the API and commands, a verdict for each.

`take` is the one way into the book. `server` is the process that phones talk to. What lies outside its author's grant
waits in `quarantine` for the secretary.
"""

from lianfang.ledger.intake.taking import LIMIT, take

__all__ = ["LIMIT", "take"]
