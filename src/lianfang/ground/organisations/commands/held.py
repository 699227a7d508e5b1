"""One transaction of this context: logged under who acts, with the rules of the tables asked before it ends and said in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, connection

from lianfang.ground.organisations.branch_types import (
    AdmissionIncomplete,
    ApprovalMissing,
    HostEnded,
    HostMissing,
    IssuerWrong,
    NotAuthorised,
    NotForTemporaryBranches,
    PurposeMissing,
    TooFewFullMembers,
)
from lianfang.ground.organisations.force_types import (
    AlreadyInTeam,
    AlreadyResponsible,
    ForceIncomplete,
    HasAPost,
    HoursWrong,
    NoHours,
    PartyTeamNeedsFullMember,
)
from lianfang.ground.organisations.member_types import (
    AlreadyMember,
    AppointmentIncomplete,
    DesignatedOnly,
    LeaderMustBeFull,
    NotAPartyBody,
    NotInTheBranch,
    OfficeTaken,
    RelationStaysHome,
)
from lianfang.ground.organisations.reporting_types import (
    HoursUnreadable,
    LivesNotHere,
    NeedIncomplete,
    NotByThemselves,
    NotSigned,
    ReportedAlready,
    TakenOverAlready,
)
from lianfang.ground.organisations.types import AlreadySponsored, DayWrong, NeedsApproval, NotItself, OrganisationEnded
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId, AreaId, PlaceId

NOWHERE = 0
"""The position of what has no seat: seen by whoever may see everything, and through where people live."""

_AT_THE_END = (
    "organisations_body_approved, "
    "organisations_branch_three, organisations_membership_three, organisations_team_led, organisations_teammember_led, "
    "organisations_post_has_hours, organisations_posthours_stay"
)
_SAID: dict[str, type[Refused]] = {
    "branch_has_three_full_members": TooFewFullMembers,
    "body_is_approved": NeedsApproval,
    "branch_ends_with_its_host": HostEnded,
    "branch_for_a_task_has_a_host": HostMissing,
    "branch_approved_by_a_committee": ApprovalMissing,
    "branch_approved_by_whom_and_how": ApprovalMissing,
    "branch_has_a_name_and_a_purpose": PurposeMissing,
    "branch_days_in_order": DayWrong,
    "membership_of_a_live_body": OrganisationEnded,
    "membership_relation_stays_home": RelationStaysHome,
    "membership_of_a_party_body": NotAPartyBody,
    "group_of_its_branch": NotInTheBranch,
    "membership_one_home_at_a_time": AlreadyMember,
    "membership_of_a_body_once": AlreadyMember,
    "membership_ends_after_it_begins": DayWrong,
    "office_of_such_a_body": NotAPartyBody,
    "leader_is_a_full_member": LeaderMustBeFull,
    "leader_is_designated": DesignatedOnly,
    "first_secretary_appointed_by_paper": AppointmentIncomplete,
    "appointment_to_one_thing": AppointmentIncomplete,
    "appointment_ends_after_it_begins": DayWrong,
    "appointment_of_a_person_once": OfficeTaken,
    "one_secretary_at_a_time": OfficeTaken,
    "one_group_leader_at_a_time": OfficeTaken,
    "one_first_secretary_of_a_place": OfficeTaken,
    "one_first_secretary_of_an_area": OfficeTaken,
    "act_not_for_a_temporary_branch": NotForTemporaryBranches,
    "act_is_authorised": NotAuthorised,
    "act_is_approved_above": AdmissionIncomplete,
    "act_of_admission_is_whole": AdmissionIncomplete,
    "authorisation_of_a_committee": IssuerWrong,
    "authorisation_has_a_document": IssuerWrong,
    "authorisation_ends_after_it_begins": IssuerWrong,
    "party_team_led_by_a_full_member": PartyTeamNeedsFullMember,
    "team_has_a_name": ForceIncomplete,
    "team_member_once": AlreadyInTeam,
    "team_led_by_one": AlreadyInTeam,
    "team_ends_after_it_begins": DayWrong,
    "team_member_ends_after_it_begins": DayWrong,
    "post_has_a_name_and_a_duty": ForceIncomplete,
    "post_needs_somebody": ForceIncomplete,
    "post_ends_after_it_begins": DayWrong,
    "post_holder_ends_after_it_begins": DayWrong,
    "post_has_hours": NoHours,
    "hours_of_a_week": HoursWrong,
    "hours_once": HoursWrong,
    "one_post_at_a_time": HasAPost,
    "responsibility_once": AlreadyResponsible,
    "responsibility_ends_after_it_begins": DayWrong,
    "report_where_one_lives": LivesNotHere,
    "report_of_whom": LivesNotHere,
    "report_of_a_person_once": ReportedAlready,
    "report_of_an_organisation_once": ReportedAlready,
    "asked_need_of_something": NeedIncomplete,
    "claim_once_a_day": ReportedAlready,
    "claim_of_a_signed_report": NotSigned,
    "claim_hours_are_certified": HoursUnreadable,
    "claim_not_certified_by_oneself": NotByThemselves,
    "takeover_by_another_on_paper": TakenOverAlready,
    "taken_over_by_one": TakenOverAlready,
    "sponsorship_of_another": NotItself,
    "sponsorship_ends_after_it_begins": DayWrong,
    "sponsorship_of_place_once_a_day": AlreadySponsored,
    "sponsorship_of_area_once_a_day": AlreadySponsored,
    "sponsorship_of_body_once_a_day": AlreadySponsored,
}
"""What a rule of the tables means in words."""


@contextmanager
def held(by: AccountId | None, reason: str = "", **facts: object) -> Iterator[None]:
    """One transaction; what breaks a rule is refused in words (`facts` fill them) and changes nothing."""
    try:
        with acting(by, reason):
            yield
            with connection.cursor() as cursor:
                cursor.execute(f"set constraints {_AT_THE_END} immediate")
                cursor.execute(f"set constraints {_AT_THE_END} deferred")
    except IntegrityError as broken:
        rule = getattr(getattr(broken.__cause__, "diag", None), "constraint_name", "") or ""
        if rule not in _SAID:
            raise
        raise _SAID[rule](**facts) from None


def position_of(place: PlaceId | None) -> int:
    """The position by which the rows of something seated at a place are seen."""
    return NOWHERE if place is None else places.place(place).lo


def position_of_area(area: AreaId) -> int:
    """The position by which the rows of something that concerns an area are seen: that of the division it is administered at."""
    return places.area(area).home.lo


def day_of(day: date | None) -> date:
    """A day said, or today; none ahead. Raises DayWrong."""
    if day is not None and day > clock.today():
        raise DayWrong
    return day or clock.today()
