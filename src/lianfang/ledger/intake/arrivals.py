"""One record on its way through intake, and the rules that need nothing but the record itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import is_v7
from lianfang.ledger import kinds, rules
from lianfang.ledger.intake import photos
from lianfang.ledger.intake.incoming import unreadable
from lianfang.ledger.kinds.corrections import Correction
from lianfang.ledger.kinds.form import Incoming
from lianfang.ledger.types import (
    Author,
    CorrectionIncomplete,
    CorrectionOfCorrection,
    IdWithoutTime,
    NobodyActed,
    RemarkMissing,
    SubjectMissing,
    UnknownKind,
    Verdict,
    VersionRetired,
    Word,
)


@dataclass(slots=True)
class Arrival:
    """A record that could be read. `verdict` is set by the first stage that settles it; the rest fills up on the way."""

    record: Incoming
    author: Author
    actor: UUID | None
    entered_by: UUID | None
    digest: bytes
    recorded_at: datetime
    effective_at: datetime
    kind: kinds.Kind | None = None  # of the record
    means: kinds.Kind | None = None  # the kind whose rights and class apply: for a correction that of its root
    payload: bytes = b""
    position: int = 0
    book: int = 0
    verdict: Verdict | None = None

    @property
    def meant(self) -> kinds.Kind:
        """The kind whose rights and retention apply; known once the record is understood."""
        assert self.means is not None  # noqa: S101 - a stage that runs too early is a mistake of the programmer
        return self.means

    @property
    def remark(self) -> str | None:
        """The free words it brings, if any."""
        return self.record.envelope.remark if self.record.envelope else None

    @property
    def on(self) -> date:
        """The local day on which it holds."""
        return clock.local(self.effective_at).date()

    def settle(self, word: Word, why: Refused | None = None) -> None:
        """Give the verdict."""
        self.verdict = Verdict(str(self.record.id), word, why)


def understand(arrival: Arrival, received_at: datetime) -> Refused | None:
    """Find the kind and read the payload; the first rule that is broken, or None. Versions are those of the day it was received."""
    record = arrival.record
    if not is_v7(record.id):
        return IdWithoutTime()
    kind = kinds.find(record.kind, record.version)
    if kind is None:
        return UnknownKind()
    arrival.kind = arrival.means = kind
    if kind.superseded_on is not None and not kinds.still_taken(kind, clock.local(received_at).date()):
        return VersionRetired(on=kind.superseded_on)
    return _read_payload(arrival, kind) or _completeness(arrival, kind) or photos.breach(record)


def _read_payload(arrival: Arrival, kind: kinds.Kind) -> Refused | None:
    try:
        body = msgspec.convert(arrival.record.payload, kind.body)
        broken = body.breach()
        if broken is None and isinstance(body, Correction):
            body, broken = _read_correction(arrival, body)
    except msgspec.ValidationError as wrong:
        return unreadable(wrong, "$.payload")
    if broken is None:
        arrival.payload = msgspec.json.encode(body)
    return broken


def _read_correction(arrival: Arrival, body: Correction) -> tuple[Correction, Refused | None]:
    """The correction with its replacement checked as a payload of the root's kind, in that kind's own form."""
    if body.kind == arrival.record.kind:
        return body, CorrectionOfCorrection()
    root = kinds.find(body.kind, body.version)
    if root is None:
        return body, UnknownKind()
    arrival.means = root
    if body.to is None:
        return body, None
    replacement = msgspec.convert(body.to, root.body)
    return msgspec.structs.replace(body, to=msgspec.to_builtins(replacement)), replacement.breach()


def _completeness(arrival: Arrival, kind: kinds.Kind) -> Refused | None:
    record = arrival.record
    corrects = kind.body is Correction
    if ((record.corrects is not None) is not corrects) or ((record.reason is not None) is not corrects):
        return CorrectionIncomplete()
    if kind.subject_needed and record.subject is None:
        return SubjectMissing()
    if kind.remark_needed and not (record.envelope and record.envelope.remark):
        return RemarkMissing()
    if kind.of_actor and arrival.actor is None:
        return NobodyActed()
    return None


def arrival_of(record: Incoming, author: Author, digest: bytes, recorded_at: datetime) -> Arrival:
    """A record that begins its way; who acted and its time are settled at once."""
    actor = acted(record, author)
    entered_by = author.account_id if actor != author.account_id else None
    return Arrival(record, author, actor, entered_by, digest, recorded_at, rules.effective_at(record.occurred_at, record.skew, recorded_at))


def acted(record: Incoming, author: Author) -> UUID | None:
    """Who acted: whoever the record names, else who sends it."""
    return record.actor or author.account_id
