"""Teams (先锋队、突击队、志愿服务队). Undone: they are disbanded."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.branch_types import BranchNotFound
from lianfang.ground.organisations.force_types import NewTeam, TeamKind
from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.steps.frame import Doing, Step, leader_of, people_of, thing_of
from lianfang.kernel.ids import OrganisationId, PlaceId


def _form(doing: Doing, items: Sequence[Item]) -> None:
    teams = []
    for item in items:
        part = doing.part(item)
        teams.append(
            NewTeam(
                item.name, TeamKind(part.kind or TeamKind.VOLUNTEER), PlaceId(item.place), leader_of(item), people_of(item),
                raised_by(doing, part.of, item), doing.incident, part.of_party, skills=part.able, id=item.id,
            )
        )  # fmt: skip
        item.made = item.id
    commands.form_teams(teams, by=doing.by.account_id)


def raised_by(doing: Doing, body: str, item: Item) -> OrganisationId | None:
    """The body of the same run and place that raises a team or post; none where the plan names none, or it could not be founded."""
    if not body:
        return None
    branch_id: UUID = thing_of(doing.run.id, body, item.area or item.place)
    try:
        return queries.branch(branch_id).organisation_id
    except BranchNotFound:
        return None


def _disband(doing: Doing, items: Sequence[Item]) -> None:
    commands.disband_teams([item.id for item in items], by=doing.by.account_id)


STEP = Step(_form, _disband, at_once=50)
