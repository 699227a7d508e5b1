"""Lines of history: records as they stand, and changes of master data, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lianfang.doors.desk import moments, words
from lianfang.ground.accounts import queries as accounts
from lianfang.kernel.ids import AccountId
from lianfang.ledger.kinds import questions, registry
from lianfang.ledger.kinds.attendance import Duty
from lianfang.ledger.kinds.corrections import Action, Ground
from lianfang.ledger.kinds.errands import About, Settlement
from lianfang.ledger.kinds.notes import Topic
from lianfang.ledger.kinds.words import Choice
from lianfang.ledger.looking import photos_of
from lianfang.work.rounds import lists

if TYPE_CHECKING:
    from lianfang.ground.changes.models import Change
    from lianfang.ledger.types import HistoryLine


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, what, where, who wrote it, on what ground. `gone` is struck out: withdrawn."""

    at: datetime
    text: str
    state: str = ""
    who: str = ""
    note: str = ""
    where: str = ""
    where_href: str = ""
    gone: bool = False
    id: UUID | None = None
    correctable: bool = False
    facts: Mapping[str, object] | None = None
    """What a correctable record says now."""
    photos: Sequence[tuple[str, str]] = ()
    """The questions it answered with a photo, each with its words; a look at one is noted."""


def chosen(kind: type[Choice], value: object) -> str:
    """The word of a stored choice, in the reader's language."""
    try:
        return _(kind(str(value)).english)
    except ValueError:
        return str(value)


def _visit(facts: Mapping[str, object], places: Mapping[str, str]) -> tuple[str, str]:
    state = str(facts.get("outcome", ""))
    more = []
    if facts.get("people_seen"):
        more.append(_("%(n)s people seen") % {"n": facts["people_seen"]})
    if facts.get("wants_help"):
        more.append(_("wants help"))
    if facts.get("unlisted"):
        more.append(_("%(n)s seen, not on the list") % {"n": facts["unlisted"]})
    if facts.get("unseen"):
        more.append(_("%(n)s on the list, not seen") % {"n": facts["unseen"]})
    if away := str(facts.get("away_to") or ""):
        more.append(_("went to %(where)s") % {"where": places.get(away, away)})
    if planned := facts.get("next_try_at"):
        more.append(_("next try %(when)s") % {"when": moments.moment(datetime.fromisoformat(str(planned)))})
    answers = facts.get("answers")
    if isinstance(answers, Mapping) and facts.get("form"):
        more += _answered(str(facts["form"]), answers)
    return state, _("; ").join([str(words.sign(state).name), *more])


def _answered(form: str, answers: Mapping[str, Any]) -> list[str]:
    """What was answered to the questions of a form; what was answered with no is said only where all were."""
    name, _slash, version = form.partition("/")
    said: list[str] = []
    noes: list[str] = []
    for question in questions.form(name, int(version)).on_paper:  # photos are looked at, each with a reason
        if (answer := answers.get(question.key)) is None:
            continue
        asked = _(question.english)
        chosen_word = next((_(one.english) for one in question.choices if one.code == answer), answer)
        if question.sort is questions.Sort.YES_NO:
            (said if answer else noes).append(asked if answer else _("%(question)s: no") % {"question": asked})
        else:
            said.append(_("%(question)s: %(answer)s") % {"question": asked, "answer": chosen_word})
    return said or noes


def said_of(kind: str, facts: Mapping[str, object], places: Mapping[str, str] | None = None) -> tuple[str, str]:
    """The state shown as a sign, and the words, of one record's facts. `places` names the places people went to, by their codes."""
    if kind == "visit":
        return _visit(facts, places or {})
    if kind == "presence":
        return "", chosen(Duty, facts.get("duty"))
    if kind == "matter_raised":
        return "", _("Matter raised: %(about)s") % {"about": chosen(About, facts.get("about"))}
    if kind == "matter_settled":
        return "", _("Matter settled: %(how)s") % {"how": chosen(Settlement, facts.get("settlement"))}
    if kind == "remark":
        return "", _("Remark: %(topic)s") % {"topic": chosen(Topic, facts.get("topic"))}
    if kind == "correction":
        return _correction(facts, places)
    return "", _(registry.current(kind).english) if kind in registry.names() else kind


def _correction(facts: Mapping[str, object], places: Mapping[str, str] | None) -> tuple[str, str]:
    if facts.get("action") == Action.WITHDRAW:
        return "", _("A record was taken back")
    to = facts.get("to")
    state, text = said_of(str(facts.get("kind", "")), to, places) if isinstance(to, Mapping) else ("", _("another time"))
    return state, _("A record was corrected: %(now)s") % {"now": text}


def record_lines(
    history: Sequence[HistoryLine], *, names: Mapping[UUID, str], where: Mapping[UUID, str] | None = None, correctable: bool = False
) -> list[Line]:
    """Records as lines. `names` are of accounts, `where` of places (none on a door's own page)."""
    lines = []
    told = [record.standing if record.standing is not None else record.payload for record in history]
    gone = {str(one["away_to"]) for facts in told for one in (facts, facts.get("to")) if isinstance(one, Mapping) and one.get("away_to")}
    places = lists.named(gone) if gone else {}
    for record, facts in zip(history, told, strict=True):
        state, text = said_of(record.kind, facts, places)
        notes = []
        if record.corrects is not None and record.reason:
            notes.append(chosen(Ground, record.reason))
        elif record.withdrawn:
            notes.append(_("taken back"))
        elif record.standing is not None and dict(record.standing) != dict(record.payload):
            notes.append(_("corrected"))
        if record.channel and record.channel != "seen":
            notes.append(words.word(words.CHANNELS, record.channel))
        if record.clock_ahead:
            notes.append(_("the phone's clock was ahead: counted from its arrival"))
        lines.append(
            Line(
                at=record.effective_at,
                text=text,
                state=state,
                who=names.get(record.actor, "") if record.actor else "",
                note=_(", ").join(notes),
                where=(where or {}).get(record.place, ""),
                where_href=reverse("desk:place", args=[record.place]) if where else "",
                gone=record.withdrawn,
                id=record.id,
                correctable=correctable and record.kind == "visit" and not record.withdrawn,
                facts=facts,
                photos=[] if record.withdrawn or record.corrects else [(key, _(one.english)) for key, one in photos_of(facts).items()],
            ),
        )
    return lines


def actors_of(history: Iterable[HistoryLine], changes: Iterable[Change] = ()) -> dict[UUID, str]:
    """The names of everybody who wrote the records or made the changes, in one read."""
    wanted = {record.actor for record in history if record.actor} | {AccountId(change.actor) for change in changes if change.actor}
    return {UUID(str(account_id)): name for account_id, name in accounts.names_of(wanted).items()}


CHANGED: Mapping[str, words.Text] = {
    "places_place": _lazy("Place"),
    "places_alias": _lazy("Another name"),
    "places_area": _lazy("Area"),
    "places_areamember": _lazy("Members of an area"),
    "people_household": _lazy("Household"),
    "people_residence": _lazy("Residence"),
    "people_person": _lazy("Person"),
    "accounts_account": _lazy("Account"),
    "accounts_grant": _lazy("Grant"),
    "accounts_device": _lazy("Device"),
    "accounts_dutyphone": _lazy("Duty telephone"),
    "people_phone": _lazy("Another telephone"),
    "people_apart": _lazy("Told apart"),
    "incidents_incident": _lazy("Incident"),
    "incidents_measure": _lazy("Measure"),
    "organisations_organisation": _lazy("Organisation"),
    "organisations_sponsorship": _lazy("Sponsorship"),
    "organisations_branch": _lazy("Branch"),
    "organisations_authorisation": _lazy("Authorisation"),
    "organisations_act": _lazy("Act of a branch"),
    "organisations_membership": _lazy("Membership"),
    "organisations_appointment": _lazy("Office in an organisation"),
    "organisations_team": _lazy("Team"),
    "organisations_teammember": _lazy("Member of a team"),
    "organisations_post": _lazy("Post"),
    "organisations_postholder": _lazy("Somebody at a post"),
    "organisations_responsibility": _lazy("Responsibility area"),
    "organisations_report": _lazy("Reporting for duty"),
    "organisations_need": _lazy("Need that is asked for"),
    "organisations_claim": _lazy("Need taken up"),
    "organisations_takeover": _lazy("Take-over"),
    "rounds_round": _lazy("Round"),
    "ledger_quarantine": _lazy("Record that waited"),
    "mobilisation_force": _lazy("Somebody in the pool"),
    "mobilisation_need": _lazy("Need for people"),
    "mobilisation_wish": _lazy("Assignment by hand"),
    "playbooks_plan": _lazy("Plan"),
    "playbooks_holder": _lazy("Somebody in a plan"),
    "playbooks_standin": _lazy("Stand-in"),
    "closing_hold": _lazy("Item held back"),
}
"""What the change log follows, by its table, in the words of the people who read it."""
_ACTIONS: Mapping[str, words.Text] = {"insert": _lazy("added"), "update": _lazy("changed"), "delete": _lazy("removed")}
_VERB = re.compile(r"[a-z]+ [a-z_]+")
"""Where nobody gave a ground, the log holds the command by its name: no words for people."""

_TOLD = ("name", "code", "kind", "role", "relation")
"""Columns whose values may be told: words and days, never ids or anything redacted."""


def change_lines(changes: Sequence[Change], *, names: Mapping[UUID, str], where: Mapping[UUID, str] | None = None) -> list[Line]:
    """Changes of master data as lines: what kind of row, what of it, where, by whom, on what ground."""
    lines = []
    for change in changes:
        what = words.word(CHANGED, change.table)
        done = words.word(_ACTIONS, change.action)
        who = names.get(change.actor, "") if change.actor else _("the local administrator")
        lines.append(
            Line(
                at=change.at,
                text=f"{what} {done} {_told(change)}".strip(),
                who=who,
                where=(where or {}).get(change.place_id, "") if change.place_id else "",
                note="" if _VERB.fullmatch(change.reason) else change.reason,
            )
        )
    return lines


def _told(change: Change) -> str:
    old, new = change.old or {}, change.new or {}
    if "rows" in new:
        return _("%(n)s rows at once") % {"n": f"{new['rows']:,}"}
    if change.action == "update" and new.get("valid_to") and not old.get("valid_to"):
        return _("ended on %(day)s") % {"day": moments.day(date.fromisoformat(new["valid_to"]))}
    told = []
    for column in _TOLD:
        before, after = old.get(column), new.get(column)
        if change.action == "update" and column in new and before != after:
            told.append(f"{_worded(before)} → {_worded(after)}")
        elif change.action != "update" and column in ("name", "role") and (before or after):
            told.append(_worded(after or before))
    return _(", ").join(told)


def _worded(value: object) -> str:
    return words.word({**words.KINDS, **words.RELATIONS, **words.ROLES, **words.AREAS}, str(value)) if value else "–"
