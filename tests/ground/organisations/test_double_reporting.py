"""Reporting for duty at home (双报到), what nobody sponsors, and take-over: the rules, and attempts to get around them.

| rule of DOMAIN 1.3 | tried by |
|---|---|
| a member reports where they live, an organisation to a community, a leader to a street; nobody elsewhere | `test_a_member_reports_once_…` |
| a person is one, at home and at work: a second report is refused, whichever unit makes it | `test_a_member_reports_once_…` |
| the community signs the slip before anything is claimed | `test_a_member_reports_once_…` |
| needs are claimed, offered or assigned, once a day; hours are certified by another, who is recorded | `test_a_member_reports_once_…` |
| the card that goes back to the unit each quarter | `served` here; the page in `tests/doors/test_organisations.py` |
| the community sees all members who live there, its neighbour none | `test_a_community_sees_all_members_…` |
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.force_types import NewPost, NewTeam, PostKind, TeamKind
from lianfang.ground.organisations.member_types import NewAppointment, Office
from lianfang.ground.organisations.reporting_types import (
    ClaimNotFound,
    ClaimWay,
    HoursUnreadable,
    LivesNotHere,
    Moved,
    NeedIncomplete,
    NeedNotFound,
    NotByThemselves,
    NotSigned,
    ReportedAlready,
    ReportKind,
    ReportNotFound,
    TakenOverAlready,
    TakeoverNotFound,
)
from lianfang.ground.organisations.types import (
    AlreadySponsored,
    DayWrong,
    NotItself,
    OrganisationEnded,
    OrganisationKind,
    OrganisationNotFound,
)
from lianfang.ground.places import commands as laying
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.kernel.ids import OrganisationId, new_id
from tests.factories.cast import Cast
from tests.factories.members import make_party, somebody

DEPARTMENT = OrganisationKind.DEPARTMENT


def refused(why: type[Exception], attempt: Callable[[], object]) -> None:
    with pytest.raises(why), transaction.atomic():
        attempt()


def test_a_community_sees_all_members_who_live_there_and_its_neighbour_none_of_them(cast: Cast) -> None:
    party = make_party(cast)
    # The community sees all members who live there, wherever their organisation is; its neighbour none of them.
    with cast.as_web(cast.secretary):
        assert {one.person_id for one in queries.members_living([cast.a.range])} == set(party.members)
        assert {one.name for one in queries.members_living([cast.a.range])} == {"钱*", "孙*", "李*", "周*", "吴*"}
    with cast.as_web(cast.outsider):
        assert queries.members_living([cast.a.range, cast.b.range]) == []
        assert queries.members_of(party.department) == []


def test_a_member_reports_once_where_they_live_is_signed_takes_a_need_on_and_others_certify(cast: Cast) -> None:
    party = make_party(cast)
    a, b, unit, me = cast.a.place_id, cast.b.place_id, party.department, party.members[0]
    by = cast.account("secretary.a")
    refused(LivesNotHere, lambda: commands.report_for_duty(unit, b, me, by=None))
    refused(LivesNotHere, lambda: commands.report_for_duty(unit, cast.street.place_id, me, by=None))
    refused(LivesNotHere, lambda: commands.report_for_duty(unit, a, somebody("何示外"), by=None))
    report = commands.report_for_duty(unit, a, me, by=None)
    refused(ReportedAlready, lambda: commands.report_for_duty(party.committee, a, me, by=None))
    organisation = commands.report_for_duty(unit, a, by=None)
    refused(ReportedAlready, lambda: commands.report_for_duty(unit, a, by=None))
    commands.report_for_duty(unit, cast.street.place_id, party.members[1], by=None, leader=True)
    refused(NeedIncomplete, lambda: commands.publish_need(a, " ", by=None))
    refused(NeedIncomplete, lambda: commands.publish_need(a, "送药", 0, by=None))
    need, elsewhere = commands.publish_need(a, "送药上门", 2, by=None), commands.publish_need(b, "值守", by=None)
    refused(NotSigned, lambda: commands.claim(need, report, by=None))
    commands.sign_report(report, by=by)
    refused(ReportNotFound, lambda: commands.sign_report(report, by=by))
    refused(LivesNotHere, lambda: commands.claim(elsewhere, report, by=None))
    refused(NeedNotFound, lambda: commands.claim(new_id(), report, by=None))
    refused(ReportNotFound, lambda: commands.claim(need, new_id(), by=None))
    taken = commands.claim(need, report, ClaimWay.OFFERED, by=None)
    refused(ReportedAlready, lambda: commands.claim(need, report, by=None))
    for minutes in (0, 1441):
        refused(HoursUnreadable, partial(commands.certify, taken, minutes, by=by))
    refused(HoursUnreadable, lambda: commands.certify(taken, 60, clock.today() - timedelta(days=1), by=by))
    refused(ClaimNotFound, lambda: commands.certify(new_id(), 60, by=by))

    def by_hand() -> None:
        with connection.cursor() as cursor:
            cursor.execute("update organisations_claim set minutes = 60, served_on = claimed_on where id = %s", [taken])

    refused(IntegrityError, by_hand)
    with connection.cursor() as cursor:
        cursor.execute("update accounts_account set person_id = %s where id = %s", [me, cast.account("grid.a")])
    refused(NotByThemselves, lambda: commands.certify(taken, 60, by=cast.account("grid.a")))
    commands.certify(taken, 90, by=by)
    today = clock.today()
    [line] = queries.served(today, today, organisation=unit)
    assert (line.person_id, line.minutes, line.certified_by, line.what) == (me, 90, by, "送药上门")
    assert queries.served(today, today, ranges=[cast.b.range]) == []
    [seen] = queries.needs([cast.a.range])
    assert (seen.wanted, seen.claimed) == (2, 1)
    with cast.as_web(cast.secretary):
        assert [(one.kind, one.signed_on) for one in queries.reports([cast.a.range])] == [
            (ReportKind.ORGANISATION, None),
            (ReportKind.MEMBER, today),
        ]
    with cast.as_web(cast.outsider):
        assert queries.reports([cast.a.range]) == []
    commands.end_report(organisation, by=None)
    refused(ReportNotFound, lambda: commands.end_report(organisation, by=None))
    commands.end_need(need, by=None)
    refused(NeedNotFound, lambda: commands.end_need(need, by=None))


def test_what_nobody_sponsors_is_listed_down_to_the_compound_and_one_without_management_first(cast: Cast) -> None:
    bare = laying.found_area(AreaKind.COMPOUND, "无物业小区", cast.b.place_id, [cast.b_building.place_id], by=None)
    kept = laying.found_area(AreaKind.COMPOUND, "示例小区", cast.a.place_id, [cast.a_building.place_id], by=None)
    property_company = commands.found_organisation("示例物业", OrganisationKind.PROPERTY_COMPANY, by=None)
    city, street, community = (
        commands.found_organisation(name, DEPARTMENT, by=None) for name in ("市示例局", "示例街道办", "甲社区居委会")
    )
    commands.sponsor(property_company, kept, is_area=True, by=None)
    here = [cast.street.range]

    def gaps() -> list[tuple[str, str, bool]]:
        return [(one.level, one.name, one.unmanaged) for one in queries.unsponsored(here)]

    assert gaps() == [
        ("compound", "无物业小区", True), ("street", "示例街道", False), ("community", "甲社区", False), ("compound", "示例小区", False),
        ("community", "乙社区", False),
    ]  # fmt: skip
    commands.sponsor(city, cast.street.place_id, by=None, document="1号")
    for place in (cast.a, cast.b):
        commands.sponsor(street, place.place_id, by=None)
    commands.sponsor(community, kept, is_area=True, by=None)
    assert gaps() == [("compound", "无物业小区", True)]
    last = commands.sponsor(community, bare, is_area=True, by=None)
    assert gaps() == []
    refused(AlreadySponsored, lambda: commands.sponsor(community, bare, is_area=True, by=None))
    enterprise = commands.found_organisation("示例超市", OrganisationKind.ENTERPRISE, by=None)
    commands.sponsor(community, enterprise, is_organisation=True, by=None)
    assert [one.name for one in queries.sponsors_of([], organisation_ids=[enterprise])] == ["甲社区居委会"]
    refused(NotItself, lambda: commands.sponsor(community, community, is_organisation=True, by=None))
    commands.end_sponsorship(last, by=None)
    assert gaps() == [("compound", "无物业小区", True)]


def test_a_body_out_of_action_is_stood_in_for_and_takes_everything_back(cast: Cast) -> None:
    committee, street = (
        commands.found_organisation(name, DEPARTMENT, by=None, place=place.place_id)
        for name, place in (("甲社区居委会", cast.a), ("示例街道办", cast.street))
    )
    compound = laying.found_area(AreaKind.COMPOUND, "示例小区", cast.a.place_id, [cast.a_building.place_id], by=None)
    commands.sponsor(committee, compound, is_area=True, by=None)
    commands.open_posts([NewPost("东门岗", PostKind.CHECKPOINT, cast.a.place_id, "查码", organisation=committee)], by=None)
    commands.form_teams([NewTeam("服务队", TeamKind.VOLUNTEER, cast.a.place_id, organisation=committee)], by=None)
    commands.open_posts([NewPost("街口岗", PostKind.CHECKPOINT, cast.a.place_id, "查码", organisation=street)], by=None)

    def answers() -> tuple[list[str], int, int]:
        names = [one.name for one in queries.sponsors_of([], [compound])]
        return names, len(queries.posts(organisation=committee)), len(queries.teams(organisation=street))

    refused(TakenOverAlready, lambda: commands.take_over(committee, committee, "1号", by=None))
    refused(TakenOverAlready, lambda: commands.take_over(committee, street, " ", by=None))
    refused(OrganisationNotFound, lambda: commands.take_over(committee, OrganisationId(new_id()), "1号", by=None))
    takeover, moved = commands.take_over(committee, street, "街办〔2022〕8号", by=None)
    assert moved == Moved(1, 1, 1)
    assert answers() == (["示例街道办"], 0, 1)
    assert [(one.out_of_action, one.taken_by) for one in queries.takeovers([cast.a.range])] == [("甲社区居委会", "示例街道办")]
    assert queries.takeovers([cast.b.range]) == [], "not in the next community"
    refused(TakenOverAlready, lambda: commands.take_over(committee, street, "2号", by=None))
    assert queries.unsponsored([cast.a.range])[0].level == "community"
    with clock.frozen(clock.now() + timedelta(days=5)):
        assert commands.give_back(takeover, by=None) == Moved(1, 1, 1)
        assert answers() == (["甲社区居委会"], 1, 0)
        assert len(queries.posts(organisation=street)) == 1
        refused(TakeoverNotFound, lambda: commands.give_back(takeover, by=None))
        refused(TakeoverNotFound, lambda: commands.give_back(UUID(int=1), by=None))
        commands.end_organisation(street, by=None)
        refused(OrganisationEnded, lambda: commands.take_over(committee, street, "1号", by=None))


def test_what_both_sponsor_is_nobodys_loss_when_it_comes_back(cast: Cast) -> None:
    committee, street = (commands.found_organisation(name, DEPARTMENT, by=None) for name in ("甲社区居委会", "示例街道办"))
    compound = laying.found_area(AreaKind.COMPOUND, "示例小区", cast.a.place_id, [cast.a_building.place_id], by=None)
    for body in (committee, street):
        commands.sponsor(body, compound, is_area=True, by=None)
    commands.sponsor(committee, street, is_organisation=True, by=None)
    commands.sponsor(committee, cast.a.place_id, by=None)
    takeover, moved = commands.take_over(committee, street, "1号", by=None)
    assert moved == Moved(1, 0, 0), "the community alone: the other is in the compound anyway, and does not sponsor itself"
    assert [one.name for one in queries.sponsors_of([cast.a.place_id])] == ["示例街道办"]
    assert commands.give_back(takeover, by=None) == Moved(1, 0, 0)
    assert [one.name for one in queries.sponsors_of([cast.a.place_id])] == ["甲社区居委会"]
    assert [one.name for one in queries.sponsors_of([], [compound])] == ["甲社区居委会", "示例街道办"]
    assert [one.name for one in queries.sponsors_of([], organisation_ids=[street])] == ["甲社区居委会"]


def test_what_ends_before_it_began_is_refused_in_words(cast: Cast) -> None:
    party, before = make_party(cast), clock.today() - timedelta(days=1)
    first = party.members[0]
    [team] = commands.form_teams([NewTeam("服务队", TeamKind.VOLUNTEER, cast.a.place_id, members=[first])], by=None)
    [post] = commands.open_posts([NewPost("东门岗", PostKind.CHECKPOINT, cast.a.place_id, "查码")], by=None)
    [holder] = commands.man_posts([(post, first)], by=None)
    area = laying.found_area(AreaKind.RESPONSIBILITY, "示例责任区", cast.a.place_id, [cast.a_building.place_id], by=None)
    [answering] = commands.answer_for([(area, first)], by=None)
    [member] = queries.team_members(team)
    refused(DayWrong, lambda: commands.leave_team(member.row_id, by=None, on=before))
    refused(DayWrong, lambda: commands.leave_posts([holder], by=None, on=before))
    refused(DayWrong, lambda: commands.answer_no_more([answering], by=None, on=before))
    refused(DayWrong, lambda: commands.sponsor(party.department, cast.a.place_id, by=None, until=before))
    new = NewAppointment(Office.SECRETARY, first, organisation=party.department)
    office = commands.appoint(new, by=None)
    refused(DayWrong, lambda: commands.end_appointment(office, by=None, on=clock.today() + timedelta(days=1)))
