"""The privacy class of every field of this context (个人信息分级).

public: may be shown to anybody · worker: shown to those who work with the person, searchable, unencrypted · sensitive: sealed in
the database, masked, revealed with a reason that is kept · secret: never shown to anybody but the owner. Birth counts as
sensitive for all, since the data of those under 14 is (Personal Information Protection Law, art. 28). A test
refuses a field without a class.
"""

from __future__ import annotations

from enum import StrEnum


class Privacy(StrEnum):
    """How closely a field is kept."""

    PUBLIC = "public"
    WORKER = "worker"
    SENSITIVE = "sensitive"
    SECRET = "secret"  # noqa: S105 - the name of a class of fields, not a password


_P, _W, _S = Privacy.PUBLIC, Privacy.WORKER, Privacy.SENSITIVE

CLASSES: dict[str, dict[str, Privacy]] = {
    "Person": {
        "id": _P, "created_at": _P, "ended_at": _W, "name": _W, "name_key": _W, "name_initials": _W, "sex": _W,
        "birth_sealed": _S, "paper_kind": _W, "paper_sealed": _S, "paper_index": _S, "phone_sealed": _S, "phone_index": _S,
    },
    "Phone": {"id": _P, "person": _W, "sealed": _S, "index": _S, "created_at": _P},
    "Household": {"id": _P, "door": _P, "position": _P, "name": _W, "valid_from": _W, "valid_to": _W},
    "Residence": {
        "id": _P, "person": _W, "household": _W, "door": _W, "position": _W, "kind": _W, "relation": _W, "valid_from": _W, "valid_to": _W,
    },
    "Look": {"id": _P, "at": _W, "account_id": _W, "person_id": _W, "field": _W, "reason": _W, "position": _W, "channel": _W},
    "Match": {"id": _P, "one": _W, "other": _W, "basis": _W, "found_at": _W, "taken_up": _P},
    "Apart": {"id": _P, "one": _W, "other": _W, "said_by": _W, "said_at": _W},
    "Tally": {"building": _P, "position": _P, "span": _P, "households": _P, "registered": _P, "living": _P},
}  # fmt: skip
