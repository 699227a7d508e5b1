"""The privacy class of every field of this context; the classes are those of people (个人信息分级). A test refuses a field without one."""

from __future__ import annotations

from lianfang.ground.people.privacy import Privacy

_P, _W = Privacy.PUBLIC, Privacy.WORKER

CLASSES: dict[str, dict[str, Privacy]] = {
    "Plan": {"id": _P, "name": _P, "kind": _P, "place": _P, "position": _P, "retired_at": _P},
    "Version": {"id": _P, "plan": _P, "number": _P, "content": _P, "written_at": _P, "written_by": _W, "note": _P},
    "Holder": {
        "id": _P, "plan": _P, "part": _P, "site": _P, "person": _W, "leads": _W, "position": _P, "valid_from": _P, "valid_to": _P,
    },
    "Run": {
        "id": _P, "kind": _P, "state": _P, "version": _P, "incident": _P, "name": _P, "place": _P, "position": _P, "drill": _P,
        "choices": _P, "undoing": _P, "found": _P, "why": _P, "begun_by": _W, "begun_at": _P, "ended_at": _P,
    },
    "Item": {
        "id": _P, "run": _P, "section": _P, "step": _P, "number": _P, "part": _P, "name": _P, "place": _P, "area": _P, "position": _P,
        "people": _W, "state": _P, "made": _P, "told": _P, "done_at": _P,
    },
    "StandIn": {
        "id": _P, "takeover": _P, "grant_before": _P, "account_before": _W, "grant_now": _P, "account_now": _W, "begun_at": _P, "ended_at": _P,
    },
    "Service": {
        "id": _P, "run": _P, "incident": _P, "person": _W, "organisation": _W, "position": _P, "first": _W, "last": _W, "days": _W,
        "minutes": _W, "places": _W, "duties": _W,
    },
}  # fmt: skip
