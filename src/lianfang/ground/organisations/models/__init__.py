"""Tables of this context. Seen by it only; others get frozen results from queries and change nothing."""

from lianfang.ground.organisations.models.branches import Act, Authorisation, Branch, Step
from lianfang.ground.organisations.models.forces import Post, PostHolder, PostHours, Responsibility, Team, TeamMember
from lianfang.ground.organisations.models.members import Appointment, Membership
from lianfang.ground.organisations.models.organisations import Organisation, OrganisationPast
from lianfang.ground.organisations.models.reporting import Claim, Need, Report, Takeover
from lianfang.ground.organisations.models.sponsorship import Sponsorship

__all__ = [
    "Act",
    "Appointment",
    "Authorisation",
    "Branch",
    "Claim",
    "Membership",
    "Need",
    "Organisation",
    "OrganisationPast",
    "Post",
    "PostHolder",
    "PostHours",
    "Report",
    "Responsibility",
    "Sponsorship",
    "Step",
    "Takeover",
    "Team",
    "TeamMember",
]
