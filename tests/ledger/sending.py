"""Records for tests, as they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from lianfang.kernel import clock
from lianfang.kernel.ids import new_id
from lianfang.ledger import kinds
from lianfang.ledger.intake import take
from lianfang.ledger.types import Author, Verdict


def record(place: UUID, kind: str = "visit", payload: Mapping[str, object] | None = None, **more: object) -> dict[str, object]:
    """A record made a minute ago, unless `occurred_at` or `id` say otherwise."""
    at = more.pop("occurred_at", None)
    moment = at if isinstance(at, datetime) else clock.now() - timedelta(minutes=1)
    return {
        "id": str(more.pop("id", None) or new_id(moment)),
        "kind": kind,
        "version": kinds.current(kind).version,
        "place": str(place),
        "occurred_at": moment.isoformat(),
        "payload": payload if payload is not None else {"outcome": "seen"},
        **{name: str(value) if isinstance(value, UUID) else value for name, value in more.items()},
    }


def correction(
    root: Mapping[str, object], action: str = "replace", *, payload: Mapping[str, object] | None = None, **more: object
) -> dict[str, object]:
    """A correction of a record that was or will be sent."""
    said = {"kind": root["kind"], "version": root["version"], "action": action, "to": more.pop("to", None), "at": more.pop("at", None)}
    said |= payload or {}
    beside: dict[str, object] = {"corrects": root["id"], "reason": "mistyped"}
    return record(UUID(str(more.pop("place", root["place"]))), "correction", said, **(beside | more))


def send(*records: Mapping[str, object], author: UUID | None = None, trusted: bool = False) -> list[Verdict]:
    """Send records as an account."""
    return take(records, Author(author, trusted=trusted))  # type: ignore[arg-type]  # ids of tests are plain


def words(verdicts: list[Verdict]) -> list[str]:
    """The verdicts, each as "word" or "word code"."""
    return [f"{verdict.word.value} {verdict.code}".strip() for verdict in verdicts]
