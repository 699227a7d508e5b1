"""The words of this context in the reader's language, said alike by every door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.headquarters.playbooks.types import Each, Lack, RunKind, RunState, Section, WayBack

SECTIONS: Mapping[str, Promise] = {
    Section.INCIDENT: _("Incident and measures"),
    Section.BODIES: _("Temporary branches"),
    Section.TEAMS: _("Teams"),
    Section.POSTS: _("Posts"),
    Section.AREAS: _("Responsibility areas"),
    Section.NEEDS: _("What is needed"),
    Section.ASSIGNING: _("Assignment"),
    Section.CALLS: _("Call-up"),
    Section.ORDERS: _("Orders"),
}
"""Steps of an activation."""

WAY_BACK: Mapping[str, Promise] = {
    WayBack.CALLS: _("Calls ended"),
    WayBack.ORDERS: _("Orders closed"),
    WayBack.TASKS: _("Matters closed"),
    WayBack.ROUNDS: _("Rounds ended"),
    WayBack.NEEDS: _("People returned"),
    WayBack.SERVICE: _("Letters of service"),
    WayBack.DUTIES: _("Posts, teams and areas ended"),
    WayBack.BODIES: _("Bodies dissolved or made standing"),
    WayBack.MEASURES: _("Measures lifted"),
    WayBack.GRANTS: _("Roles of the incident revoked"),
    WayBack.REPORT: _("Closing report"),
    WayBack.END: _("Incident ended"),
}
STEPS: Mapping[RunKind, Mapping[str, Promise]] = {RunKind.ACTIVATION: SECTIONS, RunKind.STANDING_DOWN: WAY_BACK}

EACH: Mapping[str, Promise] = {
    Each.WHOLE: _("once, for the whole"),
    Each.STREET: _("in each street"),
    Each.COMMUNITY: _("in each community"),
    Each.COMPOUND: _("in each compound"),
    Each.GRID: _("in each grid"),
    Each.BUILDING: _("at each building"),
}
STATES: Mapping[str, Promise] = {
    RunState.RUNNING: _("going on"),
    RunState.HELD: _("held"),
    RunState.DONE: _("done"),
    RunState.UNDOING: _("being taken back"),
    RunState.UNDONE: _("taken back"),
}
LACKS: Mapping[str, Promise] = {
    Lack.PLACE_GONE: _("The place is gone"),
    Lack.PERSON_GONE: _("Somebody has left"),
    Lack.NOBODY: _("Nobody is named"),
    Lack.TOO_FEW_MEMBERS: _("Fewer than three full members"),
    Lack.TWO_POSTS: _("Somebody has two posts"),
    Lack.NO_SITE: _("There is no such place here"),
    Lack.NO_APPROVER: _("Nobody is named who approves the branches"),
    Lack.NO_POOL: _("Too few can be called"),
}
KINDS: Mapping[RunKind, Promise] = {RunKind.ACTIVATION: _("Activation"), RunKind.STANDING_DOWN: _("Standing down")}
COUNTS: Mapping[str, tuple[Promise, str]] = {
    "bodies": (_("Temporary branches raised"), "bodies"),
    "bodies_standing": (_("of them made standing"), "bodies"),
    "teams": (_("Teams"), "bodies"),
    "posts": (_("Posts"), "bodies"),
    "areas": (_("Responsibility areas"), "bodies"),
    "people": (_("People who served"), "people"),
    "person_days": (_("Days of service"), "days"),
    "hours": (_("Hours of duty, as signed"), "hours"),
    "sent": (_("People assigned"), "people"),
    "calls": (_("Calls"), "times"),
    "called": (_("Summons"), "times"),
    "answered": (_("of them answered"), "times"),
    "came": (_("of them on the spot"), "times"),
    "measures": (_("Measures raised"), "times"),
    "rounds": (_("Rounds"), "times"),
    "visits": (_("Visits to doors"), "visits"),
    "matters": (_("Matters raised"), "matters"),
    "matters_settled": (_("of them settled"), "matters"),
    "records": (_("Records kept"), "records"),
}
COURSE: Mapping[str, Promise] = {
    "opened": _("Opened"), "level": _("Level changed"), "phase": _("Phase begun"), "renewed": _("Renewed"), "rules": _("Rules chosen"),
    "ended": _("Ended"),
}  # fmt: skip
UNITS: Mapping[str, Promise] = {
    "bodies": _("units"), "people": _("people"), "days": _("person-days"), "hours": _("hours"), "times": _("times"),
    "visits": _("visits"), "matters": _("matters"), "records": _("records"),
}  # fmt: skip


def said(message: str, facts: Mapping[str, Any]) -> str:
    """A refusal that was kept, in the reader's language."""
    words = gettext(message) if message else ""
    return words.format(**facts) if facts else words
