"""Every table, and why what is in it is kept: the one list of what ends with an incident and what does not. A test fails for a table in none.

`Ends`: rows with residents' data of a book; `rows` is the SQL that finds them by `%(books)s` (numbers) and `%(incident)s`, `eraser` the step
that erases them. `Folded`: computed from the book; a rebuild takes away what the book no longer says. `Stays`: on another ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop as _


class Ground(StrEnum):
    """Why rows stay when an incident ends."""

    REGISTER = _("register kept in peacetime")  # who lives where and what places there are: the community's own task
    WORK = _("work done, without residents")  # service, orders, organisations
    ACCOUNT = _("accounts and offices of those who work here")
    LOG = _("log kept by law, without what was seen")  # Cybersecurity Law art. 21; PIPL arts. 55, 56
    DECISION = _("decisions, with authority and document")
    FIGURES = _("figures, without persons")
    PROGRAM = _("the program itself")


@dataclass(frozen=True, slots=True)
class Ends:
    """Rows that are erased."""

    eraser: str
    rows: str


@dataclass(frozen=True, slots=True)
class Folded:
    """Rows computed from the records."""


@dataclass(frozen=True, slots=True)
class Stays:
    """Rows that stay."""

    ground: Ground


_BOOK = "book = any(%(books)s)"
_OF_ROSTER = f"roster_id in (select id from rosters_roster where {_BOOK})"
_OF_ROUND = "round in (select id from rounds_round where incident = %(incident)s)"
_OF_CALL = f"call_id in (select id from mobilisation_call where {_BOOK})"
_BROUGHT = f"id in (select b.id from ledger_brought b where b.{_BOOK} and b.what = '{{what}}')"
_OF_BROUGHT = f"person_id in (select b.id from ledger_brought b where b.{_BOOK} and b.what = 'person')"

TABLES: dict[str, Ends | Folded | Stays] = {
    # the ledger
    "ledger_record": Ends("records", _BOOK),
    "ledger_receipt": Ends("records", _BOOK),
    "ledger_remark": Ends("beside", _BOOK),
    "ledger_quarantine": Ends("beside", "incident = %(incident)s"),
    "ledger_brought": Ends("beside", _BOOK),
    "ledger_photo_look": Stays(Ground.LOG),
    "ledger_served": Stays(Ground.WORK),
    "ledger_book": Stays(Ground.PROGRAM),
    "ledger_cursor": Stays(Ground.PROGRAM),
    # people: whom only the incident knew
    "people_person": Ends("erase:persons", _BROUGHT.format(what="person")),
    "people_residence": Ends("erase:persons", _OF_BROUGHT),
    "people_household": Ends("erase:persons", f"id in (select household_id from people_residence where {_OF_BROUGHT})"),
    "people_phone": Ends("erase:persons", _OF_BROUGHT),
    "people_match": Ends("erase:persons", f"one_id in (select b.id from ledger_brought b where b.{_BOOK} and b.what = 'person')"),
    "people_apart": Ends("erase:persons", f"one_id in (select b.id from ledger_brought b where b.{_BOOK} and b.what = 'person')"),
    "people_look": Stays(Ground.LOG),
    "people_tally": Stays(Ground.FIGURES),
    # places: doors stay, words that somebody wrote at them go
    "places_place": Ends("erase:doors", _BROUGHT.format(what="door")),
    "places_placepast": Stays(Ground.REGISTER),
    "places_alias": Stays(Ground.REGISTER),
    "places_searchkey": Stays(Ground.REGISTER),
    "places_listing": Stays(Ground.REGISTER),
    "places_position": Stays(Ground.REGISTER),
    "places_area": Stays(Ground.REGISTER),
    "places_areamember": Stays(Ground.REGISTER),
    "places_tally": Stays(Ground.FIGURES),
    # rosters
    "rosters_roster": Ends("erase:rosters", _BOOK),
    "rosters_content": Ends("erase:rosters", _OF_ROSTER),
    "rosters_row": Ends("erase:rosters", _OF_ROSTER),
    "rosters_question": Ends("erase:rosters", _OF_ROSTER),
    "rosters_remembered": Stays(Ground.PROGRAM),
    # duties
    "rounds_doorstate": Folded(),
    "rounds_doortally": Folded(),
    "rounds_visittally": Folded(),
    "rounds_visitday": Folded(),
    "rounds_doorday": Folded(),
    "rounds_rounddoor": Folded(),
    "rounds_roundtally": Folded(),
    "rounds_arrival": Folded(),
    "rounds_unreached": Ends("erase:rounds", _OF_ROUND),
    "rounds_statement": Ends("erase:rounds", _OF_ROUND),
    "rounds_settledline": Ends("erase:rounds", f"id in (select id from ledger_receipt where {_BOOK})"),
    "rounds_round": Stays(Ground.DECISION),
    "rounds_member": Stays(Ground.DECISION),
    "rounds_earlier": Stays(Ground.PROGRAM),
    "rounds_changeddoor": Stays(Ground.PROGRAM),
    "matters_matter": Folded(),
    "orders_order": Folded(),
    "orders_answer": Folded(),
    "orders_words": Stays(Ground.DECISION),
    "orders_chased": Stays(Ground.WORK),
    "orders_closed": Stays(Ground.WORK),
    "outreach_message": Ends("erase:messages", _BOOK),
    "outreach_receipt": Ends("erase:messages", f"message_id in (select id from outreach_message where {_BOOK})"),
    "mobilisation_presence": Folded(),
    "mobilisation_force": Ends("erase:mobilisation", _BOOK),
    "mobilisation_call": Ends("erase:mobilisation", _BOOK),
    "mobilisation_summons": Ends("erase:mobilisation", _OF_CALL),
    "mobilisation_dispatch": Ends("erase:mobilisation", f"summons_id in (select id from mobilisation_summons where {_OF_CALL})"),
    "mobilisation_wish": Ends("erase:mobilisation", f"force_id in (select id from mobilisation_force where {_BOOK})"),
    "mobilisation_line": Ends("erase:mobilisation", f"force_id in (select id from mobilisation_force where {_BOOK})"),
    "mobilisation_assignment": Stays(Ground.WORK),
    "mobilisation_need": Stays(Ground.WORK),
    "mobilisation_draft": Stays(Ground.WORK),
    "mobilisation_shortage": Stays(Ground.WORK),
    "mobilisation_withdrawal": Stays(Ground.LOG),
    # headquarters
    "bulletins_issue": Stays(Ground.FIGURES),
    "bulletins_withdrawal": Stays(Ground.FIGURES),
    "bulletins_frozenspan": Stays(Ground.FIGURES),
    "bulletins_frozenfigure": Stays(Ground.FIGURES),
    "closing_closing": Stays(Ground.LOG),
    "closing_step": Stays(Ground.LOG),
    "closing_hold": Stays(Ground.DECISION),
    "closing_held": Stays(Ground.DECISION),
    "closing_opening": Stays(Ground.LOG),
    "incidents_incident": Stays(Ground.DECISION),
    "incidents_decision": Stays(Ground.DECISION),
    "incidents_measure": Stays(Ground.DECISION),
    "incidents_measuredecision": Stays(Ground.DECISION),
    # logs and sessions
    "changes_change": Stays(Ground.LOG),
    "changes_touch": Stays(Ground.PROGRAM),
    "django_session": Ends("sessions", "true"),
}
"""By table."""

PREFIXES: dict[str, Stays] = {
    "accounts_": Stays(Ground.ACCOUNT),
    "organisations_": Stays(Ground.WORK),
    "playbooks_": Stays(Ground.WORK),
    "upward_": Stays(Ground.FIGURES),
    "auth_": Stays(Ground.PROGRAM),
    "django_": Stays(Ground.PROGRAM),
}
"""Whole contexts that hold no residents: those who work here, and what they belong to."""


def place_of(table: str) -> Ends | Folded | Stays | None:
    """What becomes of a table; None where nobody has said."""
    known = TABLES.get(table)
    return known or next((stays for prefix, stays in PREFIXES.items() if table.startswith(prefix)), None)


def touched() -> list[str]:
    """Tables that are rewritten after an erasure, so that nothing of what was deleted stays in their files: the names of tables there may be."""
    logged = [
        "changes_change",
        "ledger_photo_look",
        "people_look",
        "places_placepast",
        "places_alias",
        "places_searchkey",
        "closing_closing",
        "closing_step",
    ]
    return sorted({name for name, place in TABLES.items() if not isinstance(place, Stays)} - {"ledger_record"}) + logged
