"""Correcting what was recorded: commands that serve records of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import RecordId
from lianfang.ledger import kinds
from lianfang.ledger.append import append
from lianfang.ledger.kinds.corrections import Action, Correction, Ground
from lianfang.ledger.queries.history import root_of
from lianfang.ledger.queries.standing import standing
from lianfang.ledger.types import Saved, StandingRecord, Unreadable

__all__ = ["correct", "withdraw"]


def correct(
    record_id: UUID,
    *,
    by: Actor,
    reason: Ground,
    to: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    remark: str | None = None,
) -> Saved:
    """Replace what a record says (`to`, its whole payload), when it was (`at`), or both; what is not given stays as it stands.

    The last correction holds whole, so what an earlier one changed is said again here. Raises RecordNotFound, Denied, and what
    intake refuses for.
    """
    root = root_of(record_id)
    kind = _asked(root, by)
    now = standing(record_id)
    if to is None and now is not None and now.payload != root.payload:
        to = now.payload
    if at is None and now is not None and now.effective_at != root.effective_at:
        at = now.effective_at
    try:
        said = None if to is None else msgspec.to_builtins(msgspec.convert(to, kind.body))
    except msgspec.ValidationError:
        raise Unreadable(at="$.to", why="this is not the form of its kind") from None
    body = Correction(kind=kind.name, version=kind.version, action=Action.REPLACE, to=said, at=at)
    return _append(root, body, by, reason, remark)


def withdraw(record_id: UUID, *, by: Actor, reason: Ground, remark: str | None = None) -> Saved:
    """Take a record back: it no longer counts anywhere, and stays readable. Raises RecordNotFound and Denied."""
    root = root_of(record_id)
    kind = _asked(root, by)
    return _append(root, Correction(kind=kind.name, version=kind.version, action=Action.WITHDRAW), by, reason, remark)


def _asked(root: StandingRecord, by: Actor) -> kinds.Kind:
    """The kind whose form and rights apply, after asking whether the actor may."""
    kind = kinds.current(root.kind)
    access.require(by, kind.ability, places.place(root.place))
    return kind


def _append(root: StandingRecord, body: Correction, by: Actor, reason: Ground, remark: str | None) -> Saved:
    return append(
        body,
        place=root.place,
        by=by,
        incident=root.incident,
        corrects=RecordId(root.id),
        reason=reason,
        remark=remark,
    )
