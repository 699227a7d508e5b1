"""The recount: what phones sent and were told against what the tables hold, read as the server's superuser. It imports nothing of the product."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

IN_THE_BOOK = {"kept", "repeated"}
_CURSORS = """
select count(*), coalesce(bool_and((c.xact, c.seq) >= (l.xact, l.seq)), true)
from ledger_cursor c cross join (select xact, seq from ledger_record order by xact desc, seq desc limit 1) l
"""


@dataclass
class Recount:
    """What does not agree; all empty when everything does."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.twice or self.broken or self.strange or self.figures)


def wait_until_folded(url: str, within: float) -> bool:
    """Whether every cursor has passed the last record within so many seconds."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as server:
                row = server.execute(_CURSORS).fetchone()
                if row is not None and row[0] > 0 and row[1]:
                    return True
        except psycopg.Error:
            pass
        time.sleep(0.1)
    return False


def recount(url: str, sent: Mapping[str, Mapping[str, Any]], answered: Mapping[str, str]) -> Recount:
    """Compare: what was answered as kept is there once and whole, what was not is absent or whole, and the figures count it so."""
    found = Recount()
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as server:
        rows = server.execute("select id::text, place::text, kind, occurred_at, payload from ledger_record").fetchall()
        receipts = Counter(one for (one,) in server.execute("select id::text from ledger_receipt where digest is not null").fetchall())
        tallies = {
            table: dict(server.execute(f"select outcome, sum(visits)::int from {table} group by 1".encode()).fetchall())
            for table in ("rounds_visittally", "rounds_visitday")
        }
    there = Counter(row[0] for row in rows)
    found.lost = [one for one, word in answered.items() if word in IN_THE_BOOK and not there[one]]
    found.twice = [one for one, count in there.items() if count > 1 or receipts[one] != 1]
    found.strange = [one for one in there if one not in sent]
    for one, place, kind, occurred_at, payload in rows:
        record = sent.get(one)
        if record is None:
            continue
        whole = (place, kind, payload["outcome"]) == (record["place"], record["kind"], record["payload"]["outcome"])
        if not whole or occurred_at != datetime.fromisoformat(record["occurred_at"]):
            found.broken.append(one)
    right = dict(Counter(row[4]["outcome"] for row in rows))
    found.figures = [f"{table}: {held} instead of {right}" for table, held in tallies.items() if held != right]
    return found
