"""Every row of the rules on temporary branches (DOMAIN 1.1), and attempts to get around it: by the commands, and by the tables themselves.

| row of the rule | tried by |
|---|---|
| for a task only, on approval above with organisation, document, day; applied, approved, founded, changed, ended | `test_founded_only_…`, `test_a_branch_that_is_moved_…` |
| members are attached, the relation (组织关系) stays at home | `test_members_are_attached_…` |
| leaders are designated by the approver, no election, no 换届 | `test_leaders_are_designated_…` |
| study, education, cultivation of 积极分子, tasks | `test_what_it_records_is_…` |
| no admission, discipline, dues, delegates, re-election | `test_the_five_things_…` |
| but for a recorded authorisation: case, study, two approvals, its days | `test_admission_opens_by_…` |
| ends with its host, by itself, and cannot stay | `test_it_ends_with_its_host`; the list and the letters: `tests/headquarters/playbooks/test_standing_down.py` |
| three full members at the founding and after; more than 50, half a year, a committee below seven | `test_three_full_members_…`, `test_too_large_…` |
| a group is of its branch, led by a full member; three with one full | `test_a_group_is_of_its_branch_…` |
| made functional it keeps members, posts, areas | `test_converted_it_keeps_…` |

Reporting at home (双报到, DOMAIN 1.3): `test_double_reporting.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from lianfang.ground.incidents import commands as incidents
from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.branch_types import (
    BARRED,
    ActKind,
    AdmissionCase,
    AdmissionIncomplete,
    Approval,
    ApprovalMissing,
    BranchNotFound,
    BranchState,
    ConversionWrong,
    Founding,
    HostEnded,
    HostMissing,
    IssuerWrong,
    NewAct,
    NewBranch,
    NotAuthorised,
    NotForTemporaryBranches,
    OutOfTurn,
    PurposeMissing,
    StepKind,
    TooFewFullMembers,
)
from lianfang.ground.organisations.force_types import NewPost, NewTeam, PostKind, TeamKind
from lianfang.ground.organisations.member_types import (
    AlreadyMember,
    DesignatedOnly,
    LeaderMustBeFull,
    MembershipKind,
    NewAppointment,
    NotAPartyBody,
    NotInTheBranch,
    Office,
    RelationStaysHome,
    Standing,
    Way,
)
from lianfang.ground.organisations.types import DayWrong, NeedsApproval, OrganisationKind, OrganisationNotFound
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId, OrganisationId, PersonId, new_id
from tests.factories.cast import Cast
from tests.factories.incidents import LOCAL, ORDER, opened
from tests.factories.members import Party, founded, make_party, somebody

TEMPORARY, FUNCTIONAL = OrganisationKind.TEMPORARY_BRANCH, OrganisationKind.FUNCTIONAL_BRANCH


def refused(why: type[Exception], attempt: Callable[[], object]) -> None:
    with pytest.raises(why), transaction.atomic():
        attempt()


def by_hand(sql: str, *values: object) -> Callable[[], None]:
    """A change of the tables that goes around every command; what is asked at the end of a transaction is asked at once."""

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.execute("set constraints all immediate")

    return change


@pytest.fixture
def party(cast: Cast) -> Party:
    return make_party(cast)


@pytest.fixture
def incident(cast: Cast) -> IncidentId:
    return opened(place=cast.city.place_id)


def new_branch(cast: Cast, incident: IncidentId | None, **more: object) -> NewBranch:
    return NewBranch("甲社区临时党支部", "入户排查", cast.a.place_id, incident=incident, **more)  # type: ignore[arg-type]  # fields of NewBranch


def test_founded_only_for_a_task_and_on_approval_with_organisation_document_and_date(
    cast: Cast, party: Party, incident: IncidentId
) -> None:
    refused(HostMissing, lambda: commands.apply_for_branch(new_branch(cast, None), by=None))
    refused(PurposeMissing, lambda: commands.apply_for_branch(NewBranch("甲", " ", cast.a.place_id, incident=incident), by=None))
    refused(ConversionWrong, lambda: commands.apply_for_branch(new_branch(cast, incident, kind=OrganisationKind.PARTY_BRANCH), by=None))
    refused(OrganisationNotFound, lambda: commands.apply_for_branch(new_branch(cast, None, host=OrganisationId(new_id())), by=None))
    # Nothing goes around the application: neither the tree of organisations nor the tables.
    refused(NeedsApproval, lambda: commands.found_organisation("甲", TEMPORARY, by=None))
    other = commands.found_organisation("乙", OrganisationKind.PARTY_BRANCH, by=None)
    refused(IntegrityError, by_hand("update organisations_organisation set kind = 'temporary_branch' where id = %s", other))

    branch = commands.apply_for_branch(new_branch(cast, incident, applicant=party.department), by=None)
    with_three = Founding(party.full)
    refused(OutOfTurn, lambda: commands.found_branch(branch, with_three, by=None))
    refused(BranchNotFound, lambda: commands.found_branch(new_id(), with_three, by=None))
    refused(IntegrityError, by_hand("update organisations_branch set state = 'active' where id = %s", branch))
    refused(IntegrityError, by_hand("insert into organisations_branch select * from organisations_branch where id = %s", branch))
    refused(ApprovalMissing, lambda: commands.approve_branch(branch, Approval(party.committee, " "), by=None))
    refused(ApprovalMissing, lambda: commands.approve_branch(branch, Approval(party.department, "1号"), by=None))
    tomorrow = clock.today() + timedelta(days=1)
    refused(DayWrong, lambda: commands.approve_branch(branch, Approval(party.committee, "1号", tomorrow), by=None))
    before = clock.today() - timedelta(days=1)
    refused(DayWrong, lambda: commands.approve_branch(branch, Approval(party.committee, "1号", before), by=None))
    refused(IntegrityError, by_hand("update organisations_branch set state = 'approved', document = '1号' where id = %s", branch))
    commands.approve_branch(branch, party.approval, by=None)
    refused(DayWrong, lambda: commands.found_branch(branch, Founding(party.full, on=before), by=None))
    organisation = commands.found_branch(branch, with_three, by=None)
    seen = queries.branch(branch)
    assert (seen.state, seen.organisation_id, seen.document) == (BranchState.ACTIVE, organisation, party.approval.document)
    assert seen == queries.branch_of(organisation)
    assert [step.kind for step in queries.steps_of(branch)] == [StepKind.APPLIED, StepKind.APPROVED, StepKind.FOUNDED]
    refused(IntegrityError, by_hand("update organisations_step set document = '' where branch_id = %s", branch))
    refused(IntegrityError, by_hand("update organisations_branch set organisation_id = %s where id = %s", other, branch))
    refused(BranchNotFound, lambda: queries.branch(new_id()))
    # An application may be refused, an approval not used may be withdrawn; neither comes back.
    turned_down = commands.apply_for_branch(new_branch(cast, incident), by=None)
    commands.refuse_branch(turned_down, by=None, organisation=party.committee)
    refused(OutOfTurn, lambda: commands.approve_branch(turned_down, party.approval, by=None))
    unused = commands.apply_for_branch(new_branch(cast, incident), by=None)
    commands.withdraw_branch(unused, by=None)
    refused(IntegrityError, by_hand("update organisations_branch set state = 'applied' where id = %s", unused))
    assert {one.state for one in queries.branches([cast.a.range], states=[BranchState.REFUSED, BranchState.WITHDRAWN])} == {
        BranchState.REFUSED,
        BranchState.WITHDRAWN,
    }


def test_members_are_attached_and_stay_members_at_home(cast: Cast, party: Party, incident: IncidentId) -> None:
    organisation = founded(cast, party, incident)
    kinds = {(one.organisation, one.kind) for one in queries.memberships_of_person(party.members[0])}
    assert kinds == {("示例局机关党支部", MembershipKind.HOME), ("甲社区临时党支部", MembershipKind.ATTACHED)}
    assert queries.member_counts([party.department])[party.department].all == 5
    moved = [(party.members[3], Standing.FULL)]
    refused(RelationStaysHome, lambda: commands.join(organisation, moved, MembershipKind.HOME, by=None))
    refused(IntegrityError, by_hand("update organisations_membership set kind = 'home' where organisation_id = %s", organisation))
    elsewhere = commands.found_organisation("另一支部", OrganisationKind.PARTY_BRANCH, by=None)
    refused(AlreadyMember, lambda: commands.join(elsewhere, moved, MembershipKind.HOME, by=None))
    refused(AlreadyMember, lambda: commands.join(organisation, [(party.members[0], Standing.FULL)], MembershipKind.ATTACHED, by=None))
    office = commands.found_organisation("示例科", OrganisationKind.DEPARTMENT, by=None)
    refused(NotAPartyBody, lambda: commands.join(office, moved, MembershipKind.ATTACHED, by=None))
    refused(OrganisationNotFound, lambda: commands.join(OrganisationId(new_id()), moved, MembershipKind.HOME, by=None))


def test_leaders_are_designated_by_the_approver_and_never_elected(cast: Cast, party: Party, incident: IncidentId) -> None:
    organisation = founded(cast, party, incident)
    deputy = party.members[1]

    def appoint(person: PersonId, appointed_by: OrganisationId | None = None, way: Way = Way.DESIGNATED) -> Callable[[], object]:
        new = NewAppointment(Office.DEPUTY, person, organisation=organisation, appointed_by=appointed_by, way=way)
        return lambda: commands.appoint(new, by=None)

    refused(DesignatedOnly, appoint(deputy, appointed_by=party.committee, way=Way.ELECTED))
    refused(DesignatedOnly, appoint(deputy))
    refused(
        DesignatedOnly, appoint(deputy, appointed_by=commands.found_organisation("别的党委", OrganisationKind.PARTY_COMMITTEE, by=None))
    )
    refused(LeaderMustBeFull, appoint(party.members[4], appointed_by=party.committee))
    refused(LeaderMustBeFull, appoint(somebody("何示外"), appointed_by=party.committee))
    refused(IntegrityError, by_hand("update organisations_appointment set way = 'elected' where organisation_id = %s", organisation))
    appoint(deputy, appointed_by=party.committee)()
    assert [one.office for one in queries.appointments(organisation=organisation)] == [Office.SECRETARY, Office.DEPUTY]


def test_what_it_records_is_study_education_cultivation_and_tasks(cast: Cast, party: Party, incident: IncidentId) -> None:
    organisation = founded(cast, party, incident)
    allowed = [kind for kind in ActKind if kind not in BARRED]
    for kind in allowed:
        commands.record_act(organisation, NewAct(kind, "示例", present=3), by=None)
    assert {act.kind for act in queries.acts_of(organisation)} == set(allowed)


@pytest.mark.parametrize("kind", BARRED)
def test_the_five_things_it_may_not_do_cannot_be_recorded(cast: Cast, party: Party, incident: IncidentId, kind: ActKind) -> None:
    organisation = founded(cast, party, incident)
    whole = NewAct(
        kind, person=somebody("何示新"), case=AdmissionCase.ACTIVIST, studied_on=clock.today(), approver=party.committee, document="9号"
    )
    why = NotAuthorised if kind is ActKind.ADMIT else NotForTemporaryBranches
    refused(why, lambda: commands.record_act(organisation, whole, by=None))
    commands.record_act(organisation, NewAct(ActKind.STUDY), by=None)
    refused(
        IntegrityError,
        by_hand(
            "update organisations_act set kind = %s, person_id = %s, \"case\" = 'a', studied_on = \"on\", approver_id = %s, document = '9号'",
            kind, whole.person, party.committee,
        ),
    )  # fmt: skip
    # The one switch opens admission only, and not a group.
    commands.authorise(incident, party.committee, "省委组〔2022〕1号", by=None)
    if kind is not ActKind.ADMIT:
        refused(NotForTemporaryBranches, lambda: commands.record_act(organisation, whole, by=None))
    group = commands.found_organisation("第一党小组", OrganisationKind.PARTY_GROUP, by=None, parent=organisation)
    refused(NotForTemporaryBranches if kind is not ActKind.ADMIT else NotAuthorised, lambda: commands.record_act(group, whole, by=None))


def test_admission_opens_by_a_recorded_authorisation_with_case_study_and_approval_above(
    cast: Cast, party: Party, incident: IncidentId
) -> None:
    organisation = founded(cast, party, incident)
    today = clock.today()
    whole = NewAct(ActKind.ADMIT, "", today, None, somebody("何示新"), AdmissionCase.OUTSTANDING, today, party.committee, "9号")
    refused(IssuerWrong, lambda: commands.authorise(incident, party.department, "1号", by=None))
    refused(IssuerWrong, lambda: commands.authorise(incident, party.committee, " ", by=None))
    before = today - timedelta(days=9)
    refused(IssuerWrong, lambda: commands.authorise(incident, party.committee, "1号", by=None, until=before))
    commands.authorise(incident, party.committee, "旧1号", by=None, since=before, until=today)
    refused(NotAuthorised, lambda: commands.record_act(organisation, whole, by=None))
    commands.authorise(incident, party.committee, "省委组〔2022〕1号", by=None)
    for missing in ("person", "case", "studied_on", "approver"):
        part = NewAct(**{**{name: getattr(whole, name) for name in NewAct.__slots__}, missing: None})
        refused(AdmissionIncomplete, partial(commands.record_act, organisation, part, by=None))
    own = NewAct(ActKind.ADMIT, "", today, None, whole.person, AdmissionCase.ACTIVIST, today, organisation, "9号")
    refused(AdmissionIncomplete, lambda: commands.record_act(organisation, own, by=None))
    admitted = commands.record_act(organisation, whole, by=None)
    # It expires with the incident; what it was used for stays, and cannot be made again.
    incidents.end_incident(incident, ORDER, by=LOCAL)
    later = 'insert into organisations_act select gen_random_uuid(), kind, "on" + 1, subject, present, position, "case", studied_on, document, recorded_at, approver_id, authorisation_id, organisation_id, person_id from organisations_act where id = %s'
    refused(IntegrityError, by_hand(later, admitted))


def test_it_ends_with_its_host(cast: Cast, party: Party, incident: IncidentId) -> None:
    host = commands.found_organisation("示例隔离点工作专班", OrganisationKind.OTHER, by=None, place=cast.a.place_id)
    of_incident = founded(cast, party, incident)
    of_host = commands.raise_branch(
        NewBranch("隔离点临时党支部", "隔离点服务", cast.a.place_id, host=host), party.approval, Founding(party.full), by=None
    )
    (post,) = commands.open_posts([NewPost("东门岗", PostKind.PIONEER, cast.a.place_id, "查码", organisation=of_incident)], by=None)
    commands.man_posts([(post, party.members[0])], by=None)
    waiting = commands.apply_for_branch(new_branch(cast, incident), by=None)
    commands.approve_branch(waiting, party.approval, by=None)
    commands.end_organisation(host, by=None)
    dissolved, active = queries.branch_of(of_host), queries.branch_of(of_incident)
    assert dissolved is not None
    assert dissolved.state is BranchState.DISSOLVED
    assert active is not None
    assert active.state is BranchState.ACTIVE
    incidents.end_incident(incident, ORDER, by=LOCAL)
    ended = queries.branch_of(of_incident)
    assert ended is not None
    assert (ended.state, ended.ended_on) == (BranchState.DISSOLVED, clock.today())
    assert queries.steps_of(ended.branch_id)[-1].kind is StepKind.DISSOLVED
    assert queries.organisation(of_incident).valid_to == clock.today()
    assert queries.members_of(of_incident) == []
    assert queries.appointments(organisation=of_incident) == []
    assert queries.posts([cast.a.range]) == []
    assert {one.kind for one in queries.memberships_of_person(party.members[0])} == {MembershipKind.HOME}
    # It stays active by no way: not by the tables, and nothing is founded for a body that has ended.
    refused(IntegrityError, by_hand("update organisations_branch set state = 'active', ended_on = null where id = %s", ended.branch_id))
    refused(HostEnded, lambda: commands.found_branch(waiting, Founding(party.full), by=None))
    refused(HostEnded, lambda: commands.apply_for_branch(new_branch(cast, incident), by=None))
    refused(HostEnded, lambda: commands.apply_for_branch(new_branch(cast, None, host=host), by=None))


def test_three_full_members_at_the_founding_and_ever_after_and_probation_does_not_count(
    cast: Cast, party: Party, incident: IncidentId
) -> None:
    two = [*party.full[:2], (party.members[4], Standing.PROBATIONARY)]
    branch = commands.apply_for_branch(new_branch(cast, incident), by=None)
    commands.approve_branch(branch, party.approval, by=None)
    refused(TooFewFullMembers, lambda: commands.found_branch(branch, Founding(two), by=None))
    refused(TooFewFullMembers, lambda: commands.found_branch(branch, Founding([party.full[0]] * 3), by=None))
    refused(LeaderMustBeFull, lambda: commands.found_branch(branch, Founding(party.full, [(party.members[4], Office.SECRETARY)]), by=None))
    organisation = commands.found_branch(branch, Founding([*party.full, two[2]]), by=None)
    by_standing = {one.person_id: one.membership_id for one in queries.members_of(organisation)}
    full, probationary = by_standing[party.members[0]], by_standing[party.members[4]]
    refused(TooFewFullMembers, lambda: commands.leave(full, by=None))
    refused(TooFewFullMembers, lambda: commands.become(full, Standing.PROBATIONARY, by=None))
    refused(IntegrityError, by_hand("update organisations_membership set valid_to = valid_from where id = %s", full))
    refused(IntegrityError, by_hand("delete from organisations_membership where id = %s", full))
    commands.become(probationary, Standing.FULL, by=None)
    commands.leave(full, by=None)
    counted = queries.member_counts([organisation])[organisation]
    assert (counted.full, counted.probationary) == (3, 0)
    seen = queries.branch_of(organisation)
    assert seen is not None
    assert queries.warnings_of(seen) == []


def test_a_group_is_of_its_branch_and_led_by_a_full_member(cast: Cast, party: Party, incident: IncidentId) -> None:
    organisation = founded(cast, party, incident)
    commands.join(organisation, [(party.members[4], Standing.PROBATIONARY)], MembershipKind.ATTACHED, by=None)
    group = commands.found_organisation("第一党小组", OrganisationKind.PARTY_GROUP, by=None, parent=organisation, place=cast.a.place_id)
    everybody = [party.full[0], (party.members[4], Standing.PROBATIONARY)]
    refused(NotInTheBranch, lambda: commands.join(group, [(party.members[3], Standing.FULL)], MembershipKind.GROUPED, by=None))
    refused(NotAPartyBody, lambda: commands.join(group, everybody, MembershipKind.ATTACHED, by=None))
    commands.join(group, everybody, MembershipKind.GROUPED, by=None)

    def lead(person: PersonId) -> Callable[[], object]:
        new = NewAppointment(Office.GROUP_LEADER, person, organisation=group, appointed_by=organisation)
        return lambda: commands.appoint(new, by=None)

    refused(LeaderMustBeFull, lead(party.members[4]))
    refused(LeaderMustBeFull, lead(party.members[3]))
    refused(NotAPartyBody, lambda: commands.appoint(NewAppointment(Office.SECRETARY, party.members[0], organisation=group), by=None))
    lead(party.members[0])()
    # Two are no group, nor are three without a full member: it is pointed out.
    branch = queries.branch_of(organisation)
    assert branch is not None
    assert queries.warnings_of(branch) == ["group_unfit"]
    # Leaving the branch is leaving its group and its offices.
    commands.join(organisation, [(party.members[3], Standing.FULL)], MembershipKind.ATTACHED, by=None)
    in_branch = {one.person_id: one.membership_id for one in queries.members_of(organisation)}
    commands.leave(in_branch[party.members[0]], by=None)
    assert [one.person_id for one in queries.members_of(group)] == [party.members[4]]
    assert queries.appointments(organisation=group) == []


def test_converted_it_keeps_members_posts_teams_and_was_temporary_before(cast: Cast, party: Party, incident: IncidentId) -> None:
    with clock.frozen(clock.now()):
        organisation = founded(cast, party, incident)
    seen = queries.branch_of(organisation)
    assert seen is not None
    commands.open_posts([NewPost("东门岗", PostKind.PIONEER, cast.a.place_id, "查码", organisation=organisation)], by=None)
    team = NewTeam("突击队", TeamKind.COMMANDO, cast.a.place_id, leader=party.members[0], organisation=organisation, of_party=True)
    commands.form_teams([team], by=None)
    commands.adjust_branch(seen.branch_id, by=None, document="5号", purpose="排查与服务", until=clock.today() + timedelta(days=30))
    with clock.frozen(clock.now() + timedelta(days=40)):
        paper = Approval(party.committee, "示例街工委〔2022〕9号")
        refused(ConversionWrong, lambda: commands.convert_branch(seen.branch_id, TEMPORARY, paper, by=None))
        refused(ApprovalMissing, lambda: commands.convert_branch(seen.branch_id, FUNCTIONAL, Approval(party.committee, ""), by=None))
        commands.convert_branch(seen.branch_id, FUNCTIONAL, paper, by=None)
        refused(OutOfTurn, lambda: commands.dissolve_branch(seen.branch_id, by=None))
        incidents.end_incident(incident, ORDER, by=LOCAL)
        assert queries.organisation(organisation).kind is FUNCTIONAL
        assert queries.organisation(organisation).valid_to is None
        assert len(queries.members_of(organisation)) == 3
        assert len(queries.posts([cast.a.range])) == len(queries.teams([cast.a.range])) == 1
        before = clock.today() - timedelta(days=20)
        [then] = [one for one in queries.organisations_below(party.committee, on=before) if one.organisation_id == organisation]
        assert then.kind is TEMPORARY
        assert [one.kind for one in queries.past_of(organisation)] == [FUNCTIONAL, TEMPORARY]
        [active] = queries.branches([cast.a.range], on=before)
        assert active.branch_id == seen.branch_id
        assert queries.branches([cast.a.range], on=before - timedelta(days=60)) == []
        # Made permanent, it still may not do the five things: the relation lies elsewhere.
        refused(NotForTemporaryBranches, lambda: commands.record_act(organisation, NewAct(ActKind.RE_ELECT), by=None))


def test_too_large_and_too_long_are_pointed_out(cast: Cast, party: Party, incident: IncidentId) -> None:
    organisation = founded(cast, party, incident)
    seen = queries.branch_of(organisation)
    assert seen is not None
    commands.appoint(NewAppointment(Office.COMMITTEE, party.members[1], organisation=organisation, appointed_by=party.committee), by=None)
    more = [(somebody("何示" + chr(0x4E00 + number)), Standing.FULL) for number in range(48)]
    commands.join(organisation, more[:1], MembershipKind.ATTACHED, by=None)
    assert queries.warnings_of(seen) == ["no_committee_yet"]
    commands.join(organisation, more[1:], MembershipKind.ATTACHED, by=None)
    with clock.frozen(clock.now() + timedelta(days=200)):
        assert queries.warnings_of(seen) == ["large", "long"]
    commands.dissolve_branches([seen.branch_id], by=None, document="7号")
    assert queries.warnings_of(queries.branch(seen.branch_id)) == []


def test_a_branch_that_is_moved_is_seated_and_seen_where_it_is(cast: Cast, party: Party, incident: IncidentId) -> None:
    organisation = founded(cast, party, incident)
    seen = queries.branch_of(organisation)
    assert seen is not None
    with cast.as_web(cast.outsider):
        assert queries.members_of(organisation) == []
    commands.adjust_branch(seen.branch_id, by=None, document="8号", place=cast.b.place_id)
    assert queries.organisation(organisation).place_id == cast.b.place_id
    with cast.as_web(cast.outsider):
        assert len(queries.members_of(organisation)) == 3
        assert len(queries.appointments(organisation=organisation)) == 1
