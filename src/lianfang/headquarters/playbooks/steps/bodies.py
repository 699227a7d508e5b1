"""Temporary branches (临时党支部), approved by the paper of the activation. Undone: they are dissolved by the same paper."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.branch_types import Approval, ApprovalMissing, Founding, NewBranch
from lianfang.ground.organisations.member_types import MembershipKind, Office
from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.steps.frame import Doing, Step, leader_of, people_of, text_of
from lianfang.kernel.ids import AreaId, OrganisationId, PersonId, PlaceId


def _raise(doing: Doing, items: Sequence[Item]) -> None:
    approver = doing.run.choices.get("approver")
    if not approver:
        raise ApprovalMissing
    paper = Approval(OrganisationId(UUID(approver)), doing.ground.document)
    for item in items:
        leader = leader_of(item)
        new = NewBranch(
            item.name, text_of(doing, item), PlaceId(item.place), incident=doing.incident,
            area=AreaId(item.area) if item.area else None, until=doing.until.date(), id=item.id,
        )  # fmt: skip
        founding = Founding(_standing(people_of(item)), [(leader, Office.SECRETARY)] if leader else [])
        commands.raise_branch(new, paper, founding, by=doing.by.account_id)
        item.made = item.id


def _standing(people: Sequence[PersonId]) -> list[tuple[PersonId, str]]:
    """Each with their standing at home; whoever is no member of the Party does not become one here."""
    found = []
    for person in people:
        home = next((one for one in queries.memberships_of_person(person) if one.kind is MembershipKind.HOME), None)
        if home is not None:
            found.append((person, home.standing.value))
    return found


def _dissolve(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        commands.dissolve_branch(item.id, by=doing.by.account_id, document=doing.ground.document)


STEP = Step(_raise, _dissolve, at_once=10)
