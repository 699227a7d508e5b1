"""The privacy class of every field of this context; the classes are those of people (个人信息分级). A test refuses a field without one."""

from __future__ import annotations

from lianfang.ground.people.privacy import Privacy

_P, _W = Privacy.PUBLIC, Privacy.WORKER

CLASSES: dict[str, dict[str, Privacy]] = {
    "Presence": {
        "record": _P, "stream": _P, "book": _P, "actor": _W, "place": _P, "position": _P, "post": _P, "began_at": _W, "ended_at": _W,
        "ended_by": _P,
    },
    "Force": {
        "id": _P, "person": _W, "came": _W, "book": _P, "place": _W, "position": _W, "organisation": _W, "able": _W, "near_lo": _W,
        "near_hi": _W, "channel": _P, "consent_at": _W, "own_person": _P, "mail_sealed": Privacy.SENSITIVE,
        "valid_from": _W, "valid_to": _W,
    },
    "Withdrawal": {"id": _P, "position": _P, "withdrawn_at": _P, "channel": _P},
    "Need": {
        "id": _P, "grouped": _P, "name": _P, "kind": _P, "place": _P, "position": _P, "floor": _P, "cap": _P, "require": _P, "risky": _P,
        "subject": _P, "incident": _P, "drill": _P, "valid_from": _P, "valid_to": _P,
    },
    "Wish": {"id": _P, "force": _W, "need": _P, "kind": _W, "position": _P, "reason": _W},
    "Assignment": {
        "id": _P, "force": _W, "person": _W, "need": _P, "position": _P, "draft": _P, "valid_from": _W, "valid_to": _W,
    },
    "Draft": {
        "id": _P, "place": _P, "drill": _P, "position": _P, "state": _P, "asked_by": _W, "asked_at": _P, "changed_at": _P, "turns": _P, "gap": _P,
        "weights": _P, "cost": _P, "without_point": _P, "confirmed_by": _W,
    },
    "Line": {"id": _P, "draft": _P, "force": _W, "need": _P, "position": _P},
    "Shortage": {
        "id": _P, "draft": _P, "need": _P, "position": _P, "missing": _P, "why": _P, "fitting": _P, "wanted": _P, "free": _P, "nearest": _P,
    },
    "Call": {
        "id": _P, "book": _P, "place": _P, "position": _P, "words": _P, "wanted": _P, "able": _P, "organisation": _P, "test": _P, "wave": _P,
        "wait_minutes": _P, "called_by": _W, "called_at": _P, "wave_at": _P, "enough_at": _P, "closed_at": _P,
    },
    "Summons": {
        "id": _P, "call": _P, "force": _W, "person": _W, "position": _P, "wave": _P, "answer": _W, "answered_at": _W, "answered_by": _W,
    },
    "Dispatch": {
        "id": _P, "summons": _W, "position": _P, "channel": _P, "state": _P, "due_at": _P, "tries": _P, "sent_at": _P,
    },
}  # fmt: skip
