"""Verbs of organisations, each in one transaction, logged under the account that acts.

Who may is asked by the caller (`organisations.edit` at the place); what breaks a rule of the tables is refused in words.
"""

from lianfang.ground.organisations.commands.acts import authorise, record_act
from lianfang.ground.organisations.commands.branches import (
    adjust_branch,
    apply_for_branch,
    approve_branch,
    convert_branch,
    dissolve_branch,
    dissolve_branches,
    found_branch,
    raise_branch,
    refuse_branch,
    withdraw_branch,
)
from lianfang.ground.organisations.commands.forces import (
    answer_for,
    answer_no_more,
    change_post,
    close_posts,
    disband_teams,
    form_teams,
    join_teams,
    lead_team,
    leave_posts,
    leave_team,
    man_posts,
    open_posts,
)
from lianfang.ground.organisations.commands.importing import import_members
from lianfang.ground.organisations.commands.members import appoint, become, end_appointment, join, leave
from lianfang.ground.organisations.commands.organisations import end_organisation, found_organisation, rename_organisation, set_phone
from lianfang.ground.organisations.commands.reporting import (
    certify,
    claim,
    end_need,
    end_report,
    publish_need,
    report_for_duty,
    sign_report,
)
from lianfang.ground.organisations.commands.sponsoring import end_sponsorship, sponsor
from lianfang.ground.organisations.commands.taking_over import give_back, take_over

__all__ = [
    "adjust_branch",
    "answer_for",
    "answer_no_more",
    "apply_for_branch",
    "appoint",
    "approve_branch",
    "authorise",
    "become",
    "certify",
    "change_post",
    "claim",
    "close_posts",
    "convert_branch",
    "disband_teams",
    "dissolve_branch",
    "dissolve_branches",
    "end_appointment",
    "end_need",
    "end_organisation",
    "end_report",
    "end_sponsorship",
    "form_teams",
    "found_branch",
    "found_organisation",
    "give_back",
    "import_members",
    "join",
    "join_teams",
    "lead_team",
    "leave",
    "leave_posts",
    "leave_team",
    "man_posts",
    "open_posts",
    "publish_need",
    "raise_branch",
    "record_act",
    "refuse_branch",
    "rename_organisation",
    "report_for_duty",
    "set_phone",
    "sign_report",
    "sponsor",
    "take_over",
    "withdraw_branch",
]
