"""Reads of playbooks."""

from lianfang.headquarters.playbooks.queries.checking import findings
from lianfang.headquarters.playbooks.queries.laying_out import preview
from lianfang.headquarters.playbooks.queries.plans import holders, plan, plans, version_row, versions
from lianfang.headquarters.playbooks.queries.roster import roster, roster_by_organisation
from lianfang.headquarters.playbooks.queries.runs import (
    found,
    gone_out,
    ground,
    in_hand,
    made,
    refused,
    run,
    run_of,
    runs,
    runs_of_plan,
    stood_down,
)
from lianfang.headquarters.playbooks.queries.service import letters, services
from lianfang.headquarters.playbooks.queries.sites import sites
from lianfang.headquarters.playbooks.queries.standing_in import offices_at, stood_in, stood_in_among, stood_in_of

__all__ = [
    "findings",
    "found",
    "gone_out",
    "ground",
    "holders",
    "in_hand",
    "letters",
    "made",
    "offices_at",
    "plan",
    "plans",
    "preview",
    "refused",
    "roster",
    "roster_by_organisation",
    "run",
    "run_of",
    "runs",
    "runs_of_plan",
    "services",
    "sites",
    "stood_down",
    "stood_in",
    "stood_in_among",
    "stood_in_of",
    "version_row",
    "versions",
]
