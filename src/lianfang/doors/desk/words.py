"""What stored words are called on the screen, in both languages.

Stored values are English words of the field (enums of the contexts); this is the one list of their names for people.
A value without a name here is shown as stored, and the test of the catalogue fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.ground.accounts import wording
from lianfang.work.rounds.rules import SETTLING

if TYPE_CHECKING:
    from collections.abc import Mapping

Text = str | Promise

LEVELS: Mapping[str, Text] = {
    "nation": _("Nation"),
    "province": _("Province"),
    "city": _("City"),
    "county": _("District or county"),
    "street": _("Street or township"),
    "community": _("Community or village"),
    "building": _("Building"),
    "unit": _("Unit"),
    "door": _("Door"),
}
"""Levels of the tree of places."""

LEVELS_BELOW: Mapping[str, Text] = {
    "nation": _("Provinces"),
    "province": _("Cities"),
    "city": _("Districts and counties"),
    "county": _("Streets and townships"),
    "street": _("Communities and villages"),
    "community": _("Buildings"),
    "building": _("Units"),
    "unit": _("Doors"),
}
"""What stands directly below a level, as the head of a table."""

KINDS: Mapping[str, Text] = {
    "division": _("Division"),
    "community": _("Community"),
    "village": _("Village"),
    "virtual": _("Virtual community"),
    "building": _("Building"),
    "house": _("House"),
    "site": _("Site"),
    "no_fixed": _("No fixed dwelling"),
    "unit": _("Unit"),
    "dwelling": _("Dwelling"),
    "shop": _("Shop"),
    "office": _("Office"),
    "bed": _("Bed"),
}
"""Kinds of places."""

AREAS: Mapping[str, Text] = {
    "grid": _("Grid"),
    "compound": _("Compound"),
    "ten_households": _("Ten-household group"),
    "responsibility": _("Responsibility area"),
    "risk_zone": _("Risk zone"),
    "sealed": _("Sealed unit"),
    "command": _("Command district"),
    "other": _("Other area"),
}
"""Kinds of areas."""

ROLES: Mapping[str, Text] = wording.ROLES
"""Roles that a grant gives."""

ROLE_NOTES: Mapping[str, Text] = {
    "administrator": _("accounts and devices; sees no residents"),
    "city_command": _("sees the whole city, gives grants"),
    "district_command": _("sees the whole district, gives grants"),
    "street_duty": _("sees the whole street, settles matters"),
    "community_secretary": _("answers for a community: people, records, accounts"),
    "community_worker": _("works in a community: people and records"),
    "grid_worker": _("records at the doors of a grid"),
    "compound_leader": _("records at the doors of a compound"),
    "building_leader": _("records at the doors of a building"),
    "unit_leader": _("records at the doors of a unit"),
    "group_leader": _("answers for about ten neighbouring households; sees no people"),
    "data_protection": _("reads the log of looks"),
    "volunteer": _("sees the place and reports for duty"),
}
"""What a role may do, in a line, beside the choice."""

INCIDENTS: Mapping[str, Text] = {
    "epidemic": _("Epidemic"),
    "flood": _("Flood"),
    "heat": _("Heat"),
    "cold": _("Cold, snow and ice"),
    "earthquake": _("Earthquake"),
    "fire": _("Fire"),
    "gas": _("Gas leak"),
    "outage": _("Water, power or heating cut"),
    "other": _("Other emergency"),
}
RESPONSES: Mapping[str, Text] = {"I": _("Level I"), "II": _("Level II"), "III": _("Level III"), "IV": _("Level IV")}
"""Levels of response, the gravest first."""

PHASES: Mapping[str, Text] = {
    "first_case": _("First case"),
    "restricted": _("Restrictions"),
    "raised": _("Raised control"),
    "clearing": _("Clearing"),
    "lifting": _("Gradual lifting"),
}
RUNNING: Mapping[str, Text] = {"open": _("running"), "lapsed": _("period over"), "ended": _("ended")}
STEPS: Mapping[str, Text] = {
    "opened": _("Opened"),
    "level": _("Level changed"),
    "phase": _("Phase begun"),
    "renewed": _("Renewed"),
    "rules": _("Rules chosen"),
    "ended": pgettext_lazy("an incident", "Ended"),
    "raised": pgettext_lazy("a measure", "Raised"),
    "published": pgettext_lazy("a measure", "Published"),
    "lifted": pgettext_lazy("a measure", "Lifted"),
    "lifting_published": _("Lifting published"),
}
"""What decisions about incidents and measures do."""

ANSWERS: Mapping[str, Text] = {
    "unanswered": _("not yet received"),
    "acknowledged": _("received"),
    "hindered": _("hindered"),
    "completed": _("completed"),
}
"""Where a place stands with an order."""

UNITS: Mapping[str, Text] = {
    "households": pgettext_lazy("unit of figures", "doors"),
    "visits": pgettext_lazy("unit of figures", "visits"),
    "people": pgettext_lazy("unit of figures", "people"),
    "people_times": pgettext_lazy("unit of figures", "person-times"),
    "items": pgettext_lazy("unit of figures", "items"),
    "minutes": pgettext_lazy("unit of figures", "minutes"),
}
"""Units of figures: 户 and 户次, 人 and 人次 are never mixed up."""


@dataclass(frozen=True, slots=True)
class Sign:
    """How the state of a door looks: its character, its name, its key on the keyboard, and where the name is long a short one."""

    state: str
    char: Text
    name: Text
    key: str
    short: Text = ""

    @property
    def closes(self) -> bool:
        """Whether the state settles the door, by the rule of the rounds."""
        return self.state in SETTLING


SIGNS: Mapping[str, Sign] = {
    sign.state: sign
    for sign in (
        Sign("seen", pgettext_lazy("sign of a door", "S"), _("Seen"), "1"),
        Sign("phone", pgettext_lazy("sign of a door", "P"), _("By phone"), "2"),
        Sign("away", pgettext_lazy("sign of a door", "A"), _("Away"), "3"),
        Sign("vacant", pgettext_lazy("sign of a door", "V"), _("Vacant"), "4"),
        Sign("moved", pgettext_lazy("sign of a door", "M"), _("Moved out"), "5"),
        Sign("lit", pgettext_lazy("sign of a door", "L"), _("Nobody home, lit"), "6", pgettext_lazy("short, head of a column", "Lit")),
        Sign("dark", pgettext_lazy("sign of a door", "D"), _("Nobody home, dark"), "7", pgettext_lazy("short, head of a column", "Dark")),
        Sign("refused", pgettext_lazy("sign of a door", "R"), _("Refused"), "8"),
        Sign("check", pgettext_lazy("sign of a door", "C"), _("To be verified"), "9"),
        Sign("shut", pgettext_lazy("sign of a door", "X"), _("Business closed"), "0"),
        Sign("none", "", _("Not yet visited"), ""),
    )
}
"""The ten outcomes of a visit, in the order of their keys, and the empty box of a door nobody has visited."""

OPEN_STATES = tuple(state for state in SIGNS if state not in SETTLING)
CLOSED_STATES = tuple(state for state in SIGNS if state in SETTLING)

CHANNELS: Mapping[str, Text] = {
    "seen": _("in person"),
    "phone": _("by telephone"),
    "paper": _("typed from paper"),
    "neighbour": _("told by a neighbour"),
    "import": _("imported"),
}
"""How a fact was learned."""

RELATIONS: Mapping[str, Text] = {
    "head": _("Head of household"),
    "spouse": _("Husband or wife"),
    "child": _("Child"),
    "parent": _("Parent"),
    "grandchild": _("Grandchild"),
    "relative": _("Relative"),
    "tenant": _("Tenant"),
    "carer": _("Carer"),
    "other": _("Other"),
}
"""How a person belongs to a household."""

RESIDENCE: Mapping[str, Text] = {"registered": _("registered here"), "actual": _("living here")}
SEXES: Mapping[str, Text] = {"female": _("Woman"), "male": _("Man"), "unknown": _("Not recorded")}
PAPERS: Mapping[str, Text] = {
    "resident_id": _("Resident identity card"),
    "hkmt_residence": _("Residence permit for Hong Kong, Macau and Taiwan"),
    "foreigner_residence": _("Permanent residence of a foreigner"),
    "hkm_travel": _("Travel permit for Hong Kong and Macau"),
    "taiwan_travel": _("Travel permit for Taiwan"),
    "passport": _("Passport"),
    "other": _("Other paper"),
    "none": _("No paper"),
}
AGES: Mapping[str, Text] = {
    "infant": _("under 3"),
    "child": _("3 to 13"),
    "minor": _("14 to 17"),
    "adult": _("18 to 59"),
    "elder": _("60 to 79"),
    "aged": _("80 and over"),
}
"""Bands of age, shown in place of a date of birth."""

FIELDS: Mapping[str, Text] = {
    "name": _("Name"),
    "phone": _("Phone"),
    "paper": _("Number of the paper"),
    "birth": _("Date of birth"),
}
"""Masked fields of a person, in the order in which they are asked for."""

REASONS: Mapping[str, Text] = {
    "contact": _("to reach the person"),
    "care": _("to help or escort the person"),
    "verify": _("to check who somebody is"),
    "correct": _("to mend an entry"),
    "rescue": _("danger to life"),
    "request": _("the person asked for it"),
}
"""Reasons offered for a look at a full value; anything else is written by hand."""

LOOK_CHANNELS: Mapping[str, Text] = {
    "desk": _("desk"),
    "field": _("phone app"),
    "cli": _("command line"),
    "api": _("interface for programs"),
    "export": _("export"),
}
"""Where a look happened."""


FRAGMENTS: Mapping[str, Text] = {
    "which buildings": _("which buildings"),
    "how many floors": _("how many floors"),
    "how many doors a floor": _("how many doors a floor"),
    "neither UTF-8 nor GB 18030": _("neither UTF-8 nor GB 18030"),
}
"""Words that refusals carry as facts."""

LEVEL_FACTS = ("level", "needed", "kind", "role")
"""Facts of refusals that hold stored words of places and roles."""


def fact(name: str, value: str) -> str:
    """A fact of a refusal by its name for people: a level, a kind, a role, or a fragment of a sentence."""
    if name in LEVEL_FACTS:
        return word({**KINDS, **LEVELS, **ROLES}, value)
    return word(FRAGMENTS, value)


def word(table: Mapping[str, Text], value: str | StrEnum | None) -> str:
    """The name of a stored value, or the value itself where the table has none."""
    return str(table.get(str(value), value or ""))


def sign(state: str | None) -> Sign:
    """The sign of a state; an unknown or missing one is the empty box."""
    return SIGNS.get(str(state), SIGNS["none"])


ORGANISATIONS: Mapping[str, Text] = {
    "party_committee": _("Party committee"),
    "party_branch": _("Party branch"),
    "temporary_branch": _("Temporary branch"),
    "action_branch": _("Action branch"),
    "functional_branch": _("Functional branch"),
    "joint_branch": _("Joint branch"),
    "party_group": _("Party group"),
    "member_household": _("Member household"),
    "department": _("Department"),
    "public_institution": _("Public institution"),
    "committee": _("Residents' or villagers' committee"),
    "enterprise": _("Enterprise"),
    "property_company": _("Property company"),
    "social": _("Social organisation"),
    "team": _("Team"),
    "other": _("Other body"),
}
"""Kinds of organisations."""

BRANCH_STEPS: Mapping[str, Text] = {
    "applied": _("Applied for"),
    "approved": _("Approved"),
    "active": _("Active"),
    "founded": _("Founded"),
    "adjusted": _("Adjusted"),
    "dissolved": _("Dissolved"),
    "converted": _("Converted"),
    "refused": _("Not approved"),
    "withdrawn": pgettext_lazy("a branch", "Taken back"),
}
"""Where a branch stands, and what happened to it."""

BRANCH_WARNINGS: Mapping[str, Text] = {
    "large": _("more than 50 members"),
    "long": _("longer than half a year: consider an ordinary branch"),
    "no_committee_yet": _("fewer than seven full members: a secretary, no committee"),
    "group_unfit": _("a group has fewer than three members, or no full member"),
}
"""What to look at in a branch."""

STANDINGS: Mapping[str, Text] = {"full": _("full member"), "probationary": _("probationary member")}
MEMBERSHIPS: Mapping[str, Text] = {"home": _("relation here"), "attached": _("attached"), "grouped": _("in the group")}
OFFICES: Mapping[str, Text] = {
    "secretary": _("Secretary of the branch"),
    "deputy": _("Deputy secretary"),
    "committee": _("Member of the committee"),
    "group_leader": _("Leader of the group"),
    "household_head": _("Head of the member household"),
    "first_secretary": _("First secretary"),
}
TEAMS: Mapping[str, Text] = {
    "pioneer": _("Pioneer team"),
    "commando": _("Commando team"),
    "volunteer": _("Volunteer team"),
    "guard": _("Guard team"),
    "supervisors": _("Voluntary supervisors"),
    "other": _("Other team"),
}
POSTS: Mapping[str, Text] = {
    "pioneer": _("Pioneer post"),
    "model": _("Model post"),
    "checkpoint": _("Checkpoint post"),
    "sampling": _("Sampling post"),
    "service": _("Service post"),
    "patrol": _("Patrol post"),
    "other": _("Other post"),
}
SENDING: Mapping[str, Text] = {
    "waiting": pgettext_lazy("a message", "waiting"),
    "sent": pgettext_lazy("a message", "sent"),
    "no_number": _("no number"),
    "given_up": _("not reached"),
}
SERVED: Mapping[str, Text] = {"post": _("Post"), "team": _("Team"), "area": _("Responsibility area")}
ACTS: Mapping[str, Text] = {
    "study": _("Study"),
    "meeting": _("Meeting"),
    "supervision": _("Education and supervision"),
    "cultivation": _("Cultivating activists"),
    "task": _("Task"),
    "huddle": _("Huddle"),
    "admit": _("Admission"),
    "discipline": _("Discipline"),
    "collect_dues": _("Dues"),
    "elect_delegates": _("Election of delegates"),
    "re_elect": _("Re-election"),
}
REPORTING: Mapping[str, Text] = {"member": _("Member"), "organisation": _("Organisation"), "leader": _("Leader")}
MEMBER_ROWS: Mapping[str, Text] = {"taken": _("Taken"), "repeated": _("Already there"), "refused": _("Not taken")}
