"""What a projection is, and the one list of all of them.

A projection is SQL in a file of the duty that owns its tables. The engine hands it four temporary tables and the view
`ledger_standing`, bounded to the records up to the batch's end; the SQL takes the keys that were touched and computes them anew,
one `merge` per table, so that any cut into batches and any order of arrival give the same rows:

`batch`           the records of this batch (id, book, root, kind, place, position, stream, actor, subject, effective_at)
`touched`         the roots that the batch brings or corrects, as first kept (same columns); where their place `stands` today; and the
                  building and community in which they were stamped (building, building_lo, building_hi, community, community_lo, community_hi; null above those)
`touched_moment`  each touched root at each moment where it stands, stood, or was ever moved to (book, id, kind, place, position, moment,
                  building …, community …)
`touched_change`  each touched root as it stood before the batch (`change` -1) and as it stands now (1), with kind, place, position, stream,
                  effective_at, payload, building …, community …; where it was not there or was withdrawn, no row

A table of sums whose keys hold many records (a community's day) adds the changes up: both sides are read from the ledger at the two marks, under
the lock of the cursor, so that the sums are again a function of the mark alone, and a batch costs by its own records, not by those of its days.

Joins by range stand in `cross join lateral (… offset 0)`: the planner would else join by book alone and compare every record with every key.
`stream` keeps what is practised apart from what happened: zeros for all real records, the incident's id for a drill.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Projection:
    """How records become rows of a duty's tables.

    `name` is "duty.what". `keys` names all tables its SQL writes, each with the columns of its primary key. `parameters` are values,
    given to the SQL by name; `words` are names of our own (tables, units) put in place of `{word}`, where one file serves several tables.
    `computing` is a second file, run after the first, that computes the keys which the first has chosen: `engine.compute_again` runs it for
    keys chosen otherwise.

    `kinds` are the kinds of roots it reads. One that names them is folded from zero stretch by stretch of positions instead of batch by batch:
    by `whole`, a file that fills its empty tables from `standing` (see `whole.py`), or else by its own SQL, which must then read of a batch
    `touched` alone. Tables named in `bare` get their indexes when they are full: `whole` writes each of their keys once.
    """

    name: str
    sql: Path
    keys: Mapping[str, Sequence[str]]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    computing: Path | None = None
    kinds: Sequence[str] = ()
    whole: Path | None = None
    bare: Sequence[str] = ()

    @property
    def tables(self) -> list[str]:
        """The tables it writes, in the order in which it writes them."""
        return list(self.keys)

    @cached_property
    def statements(self) -> list[str]:
        """Its SQL, statement by statement, comments left out."""
        return self._read(self.sql) + self.computes

    @cached_property
    def computes(self) -> list[str]:
        """The statements of `computing`."""
        return self._read(self.computing) if self.computing else []

    @cached_property
    def fills(self) -> list[str]:
        """The statements of `whole`."""
        return self._read(self.whole) if self.whole else []

    def _read(self, file: Path) -> list[str]:
        text = re.sub(r"--.*", "", file.read_text())
        for word, name in self.words.items():
            text = text.replace(f"{{{word}}}", name)
        return [part.strip() for part in text.split(";") if part.strip()]

    @cached_property
    def definition(self) -> str:
        """Fingerprint of SQL and parameters: where it differs from the cursor's, the tables were folded by another rule."""
        said = "\n".join(self.statements) + repr(sorted((name, str(value)) for name, value in self.parameters.items()))
        return sha256(said.encode()).hexdigest()[:16]


_projections: dict[str, Projection] = {}


def register(projection: Projection) -> Projection:
    """Add a projection; duties do so when their app starts. The same name twice is a mistake of the programmer."""
    if projection.name in _projections:
        raise ValueError(f"projection {projection.name} is registered twice")
    _projections[projection.name] = projection
    return projection


def registered() -> dict[str, Projection]:
    """All projections by name, in the order of registration: one may read the tables of those before it in its own duty."""
    return dict(_projections)
