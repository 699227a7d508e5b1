"""Reads of organisations. Who belongs to a Party organisation is masked, and read only after asking for `members.see`."""

from __future__ import annotations

from lianfang.ground.organisations.queries.bodies import (
    find,
    names_of_organisations,
    organisation,
    organisations_at,
    organisations_below,
    organisations_seated,
    organisations_within,
    past_of,
    scope_of,
)
from lianfang.ground.organisations.queries.branches import acts_of, branch, branch_of, branches, steps_of, warnings_of, warnings_of_many
from lianfang.ground.organisations.queries.forces import (
    post,
    posts,
    posts_named,
    posts_of_person,
    responsibilities,
    serving_of,
    team,
    team_members,
    teams,
    who_mans,
)
from lianfang.ground.organisations.queries.members import (
    appointments,
    homes_of,
    member_counts,
    members_living,
    members_of,
    memberships_of_person,
)
from lianfang.ground.organisations.queries.reporting import needs, reports, served, served_by, takeover, takeovers
from lianfang.ground.organisations.queries.sponsorship import compounds_sponsored, sponsored_by, sponsors_of
from lianfang.ground.organisations.queries.unsponsored import unsponsored

__all__ = [
    "acts_of",
    "appointments",
    "branch",
    "branch_of",
    "branches",
    "compounds_sponsored",
    "find",
    "homes_of",
    "member_counts",
    "members_living",
    "members_of",
    "memberships_of_person",
    "names_of_organisations",
    "needs",
    "organisation",
    "organisations_at",
    "organisations_below",
    "organisations_seated",
    "organisations_within",
    "past_of",
    "post",
    "posts",
    "posts_named",
    "posts_of_person",
    "reports",
    "responsibilities",
    "scope_of",
    "served",
    "served_by",
    "serving_of",
    "sponsored_by",
    "sponsors_of",
    "steps_of",
    "takeover",
    "takeovers",
    "team",
    "team_members",
    "teams",
    "unsponsored",
    "warnings_of",
    "warnings_of_many",
    "who_mans",
]
