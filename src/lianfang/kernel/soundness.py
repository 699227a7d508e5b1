"""What a check of soundness finds: `./lianfang doctor` asks every context for these.

A context exports `checks() -> list[Finding]` from its `queries/soundness.py`. A check only reads; it is run as
owner, sees every row, and should end within seconds on a city.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it holds, what was found, and how to mend it.

    `check` is "context.name" and stays the same between versions (scripts read it). `found` says what was seen, with
    numbers and ids, never personal data. `mend` is what to type or do when `ok` is false.
    """

    check: str
    ok: bool
    found: str
    mend: str = ""
