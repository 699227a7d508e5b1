"""Members and Party organisations for tests, made by the commands the product has."""

from __future__ import annotations

from dataclasses import dataclass

from lianfang.ground.organisations import commands
from lianfang.ground.organisations.branch_types import Approval, Founding, NewBranch
from lianfang.ground.organisations.member_types import MembershipKind, Office, Standing
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import NewPerson
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import IncidentId, OrganisationId, PersonId, new_id
from tests.factories.cast import Cast
from tests.factories.people import household_at

NAMES = ("钱示一", "孙示二", "李示三", "周示四", "吴示五", "郑示六")


@dataclass(frozen=True, slots=True)
class Party:
    """A street's committee, a department's branch with five members, all of whom live in A; the fifth is on probation."""

    committee: OrganisationId
    department: OrganisationId
    members: list[PersonId]

    @property
    def full(self) -> list[tuple[PersonId, str]]:
        """Three full members, as a founding wants them."""
        return [(person, Standing.FULL) for person in self.members[:3]]

    @property
    def approval(self) -> Approval:
        """The committee's paper."""
        return Approval(self.committee, "示例街工委〔2022〕3号")


def make_party(cast: Cast) -> Party:
    """The committee is seated at the street, the department's branch at the neighbouring one, the members at A's second door."""
    committee = commands.found_organisation("示例街道党工委", OrganisationKind.PARTY_COMMITTEE, by=None, place=cast.street.place_id)
    department = commands.found_organisation("示例局机关党支部", OrganisationKind.PARTY_BRANCH, by=None, place=cast.other_street.place_id)
    door = places.doors_of(cast.a_building)[1]
    _, members = household_at(door.place_id, *NAMES[:5], order=31)
    standings = [Standing.FULL] * 4 + [Standing.PROBATIONARY]
    commands.join(department, list(zip(members, standings, strict=True)), MembershipKind.HOME, by=None)
    return Party(committee, department, members)


def founded(cast: Cast, party: Party, incident: IncidentId, name: str = "甲社区临时党支部") -> OrganisationId:
    """A temporary branch at A for an incident, with three full members and the first as its secretary."""
    new = NewBranch(name, "入户排查", cast.a.place_id, incident=incident, applicant=party.department)
    founding = Founding(party.full, [(party.members[0], Office.SECRETARY)])
    return commands.raise_branch(new, party.approval, founding, by=None)


def somebody(name: str) -> PersonId:
    """A person without a door."""
    person = PersonId(new_id())
    people.add_person(NewPerson(person, name), by=None)
    return person
