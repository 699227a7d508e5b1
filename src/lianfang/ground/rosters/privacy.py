"""The privacy class of every field of this context; the classes are those of people (个人信息分级). A test refuses a field without one."""

from __future__ import annotations

from lianfang.ground.people.privacy import Privacy

_P, _W, _S = Privacy.PUBLIC, Privacy.WORKER, Privacy.SENSITIVE

CLASSES: dict[str, dict[str, Privacy]] = {
    "Roster": {
        "id": _P, "community": _P, "position": _P, "book": _P, "name": _W, "form": _P, "digest": _W, "size": _P, "signature": _W,
        "layouts": _W, "left_out": _W, "options": _P, "state": _P, "refusal": _P, "counts": _P, "done": _P, "total": _P,
        "brought_by": _W, "brought_at": _P, "changed_at": _P, "loaded_at": _P, "erased_at": _P,
    },
    "Content": {"id": _P, "roster": _P, "position": _P, "part": _P, "sealed": _S},
    "Remembered": {"id": _P, "community": _P, "position": _P, "signature": _W, "columns": _P, "said_by": _W, "said_at": _P},
    "Row": {
        "id": _P, "roster": _P, "position": _P, "ordinal": _P, "sheet": _P, "line": _P, "person": _P, "sealed": _S, "content": _S,
        "verdict": _P, "reason": _P, "said_sealed": _S, "door_id": _W, "person_id": _W, "settled_by": _W, "settled_at": _P,
    },
    "Question": {
        "id": _P, "roster": _P, "position": _P, "row": _P, "kind": _P, "person_id": _W, "door_id": _W, "other_door_id": _W,
        "settlement": _W, "settled_by": _W, "settled_at": _P, "changes": _W, "before_sealed": _S,
    },
}  # fmt: skip
