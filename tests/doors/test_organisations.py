"""Organisations on the desk, on the command line, on the residents' page and on the wall."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianfang.doors.cli import frame
from lianfang.doors.cli import organisations as org
from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.force_types import NewPost, NewTeam, PostKind, TeamKind
from lianfang.ground.organisations.member_types import NewAppointment, Office
from lianfang.ground.organisations.reporting_types import MemberHeadingsMissing
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import PlaceNotFound
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.sheets import Page, write
from tests.doors.conftest import Cast, Desk, words_of
from tests.factories.incidents import opened
from tests.factories.members import founded, make_party
from tests.factories.people import household_at


def run(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    org.register(parser.add_subparsers())
    args = parser.parse_args(["org", *(str(word) for word in words), "--json"])
    assert args.run(args) == frame.DONE
    return dict(json.loads(capsys.readouterr().out))


def test_the_page_of_a_place_shows_bodies_posts_and_members_to_those_who_may(cast: Cast, desk_of: Callable[[str], Desk]) -> None:
    party = make_party(cast)
    incident = opened(place=cast.city.place_id)
    branch = founded(cast, party, incident)
    post = NewPost("东门先锋岗", PostKind.PIONEER, cast.a.place_id, "查码测温", organisation=branch)
    commands.open_posts([post], by=None)
    commands.form_teams([NewTeam("甲社区突击队", TeamKind.COMMANDO, cast.a.place_id, organisation=branch)], by=None)
    need = commands.publish_need(cast.a.place_id, "送药上门", by=None)
    commands.report_for_duty(party.department, cast.a.place_id, party.members[0], by=None)
    secretary, worker = desk_of("secretary.a"), desk_of("grid.a")
    page = words_of(secretary.get("organisations", cast.a.id))
    for word in ("甲社区临时党支部", "东门先锋岗", "甲社区突击队", "钱*", "示例局机关党支部", "送药上门", "示例街工委〔2022〕3号"):
        assert word in page
    # Whoever may not see members learns of nobody: neither here nor on the page of the branch.
    assert worker.get("organisations", cast.a.id).status_code == 404
    one = words_of(secretary.get("organisation", branch))
    assert "钱*" in one
    assert "入户排查" in one
    assert f'<a href="{reverse("desk:places")}" aria-current="page"' in secretary.get("organisation", branch).content.decode()
    building = words_of(worker.get("organisations", cast.a_building.id))
    assert "钱*" not in building
    assert worker.get("organisation", branch).status_code == 404
    yesterday = {"on": (clock.today() - timedelta(days=1)).isoformat()}
    assert "东门先锋岗" not in words_of(secretary.get("organisations", cast.a.id, query=yesterday))
    # The public page and the sheet for the wall show the post, what it does, and that nobody has signed in; no names.
    public = words_of(Client().get(reverse("residents:place", args=[cast.a.id])))
    assert "东门先锋岗" in public
    assert "钱" not in public
    assert "查码测温" in words_of(secretary.get("wall", cast.a.id))
    commands.end_need(need, by=None)
    assert "送药上门" not in words_of(secretary.get("organisations", cast.a.id))


def members_table(*rows: tuple[str, ...]) -> bytes:
    return write([Page("党员名册", [["姓名", "所在党组织", "党员类别", "联系电话"], *rows])])


def test_members_come_from_excel_tried_first_and_nobody_is_made_up(
    cast: Cast, desk_of: Callable[[str], Desk], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    unit = commands.found_organisation("示例局党支部", OrganisationKind.PARTY_BRANCH, by=None)
    content = members_table(
        ("王示例", "示例局党支部", "正式党员", ""),
        ("张示范", "示例局党支部", "预备党员", ""),
        ("何示无", "示例局党支部", "正式党员", ""),
        ("王示例", "没有的支部", "正式党员", ""),
        ("王示例", "示例局党支部", "群众", ""),
    )
    secretary = desk_of("secretary.a")
    tried = secretary.post("members_import", cast.a.id, file=SimpleUploadedFile("名册.xlsx", content), step="try")
    assert tried.status_code == 200
    assert queries.members_of(unit) == []
    file = tmp_path / "名册.xlsx"
    file.write_bytes(content)
    told = run(capsys, "import", cast.a.code, file, "--save", "--as", "secretary.a")
    assert [row["verdict"] for row in told["rows"]] == ["taken", "taken", "refused", "refused", "refused"]
    assert [row["reason"] for row in told["rows"]][2:] == ["row_name_unknown", "row_body_unknown", "row_standing_unread"]
    again = run(capsys, "import", cast.a.code, file, "--save", "--as", "secretary.a")
    assert [row["verdict"] for row in again["rows"]][:2] == ["repeated", "repeated"]
    assert queries.member_counts([unit])[unit].all == 2
    assert {one["name"] for one in run(capsys, "members", cast.a.code, "--as", "secretary.a")["members"]} == {"王*", "张*"}
    with pytest.raises(NotFound):
        run(capsys, "members", cast.a.code, "--as", "secretary.b")
    with pytest.raises(MemberHeadingsMissing):
        commands.import_members(write([Page("x", [["姓名"]])]), cast.a, save=False, by=None)
    assert secretary.post("members_import", cast.a.id).status_code == 302
    wrong = secretary.post("members_import", cast.a.id, file=SimpleUploadedFile("x.xlsx", b"x"), step="try")
    assert wrong.status_code == 302


def test_a_branch_lives_and_ends_on_the_command_line(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    party = make_party(cast)
    incident = opened(place=cast.city.place_id)
    asked = ("--purpose", "值守", "--incident", incident, "--as", "city")
    branch = run(capsys, "apply", "甲社区临时党支部", cast.a.code, *asked)["branch_id"]
    with pytest.raises(NotFound):
        run(capsys, "approve", branch, party.committee, "--document", "1号", "--as", "secretary.b")
    run(capsys, "approve", branch, party.committee, "--document", "1号", "--as", "city")
    run(capsys, "establish", branch, *party.members[:3], "--as", "city")
    listed = run(capsys, "list", cast.a.code, "--as", "city")
    assert [(one["name"], one["state"]) for one in listed["branches"]] == [("甲社区临时党支部", "active")]
    run(capsys, "convert", branch, "functional_branch", party.committee, "--document", "2号", "--as", "city")
    other = run(capsys, "apply", "又一支部", cast.a.code, *asked)["branch_id"]
    run(capsys, "approve", other, party.committee, "--document", "3号", "--as", "city")
    run(capsys, "establish", other, *party.members[:3], "--as", "city")
    run(capsys, "dissolve", other, "--as", "city")
    body = run(capsys, "found", "甲社区居委会", "committee", cast.a.code, "--as", "city")["organisation_id"]
    street = run(capsys, "found", "示例街道办", "department", cast.street.code, "--as", "city")["organisation_id"]
    takeover = run(capsys, "take-over", body, street, "--document", "4号", "--as", "city")["takeover_id"]
    run(capsys, "give-back", takeover, "--as", "city")
    assert [one["name"] for one in run(capsys, "gaps", cast.a.code, "--as", "secretary.a")["unsponsored"]] == ["甲社区"]
    nowhere = commands.found_organisation("无驻地", OrganisationKind.DEPARTMENT, by=None)
    with pytest.raises(Denied):
        run(capsys, "take-over", nowhere, street, "--document", "5号", "--as", "city")
    with pytest.raises(PlaceNotFound):
        run(capsys, "gaps", "area:甲一网格")


def test_who_stands_behind_a_decision_is_asked_as_well_as_where_it_is_made(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    party = make_party(cast)
    own, as_a = opened(place=cast.a.place_id), ("--as", "secretary.a")
    theirs = opened(place=cast.b.place_id)
    neighbour = commands.found_organisation("乙社区党委", OrganisationKind.PARTY_COMMITTEE, by=None, place=cast.b.place_id)
    mine = commands.found_organisation("甲社区党委", OrganisationKind.PARTY_COMMITTEE, by=None, place=cast.a.place_id)
    # Not below a body of somebody else, not for an incident of somebody else, not by the paper of somebody else.
    with pytest.raises(NotFound):
        run(capsys, "found", "甲社区支部", "party_branch", cast.a.code, "--parent", neighbour, *as_a)
    with pytest.raises(NotFound):
        run(capsys, "apply", "甲临时支部", cast.a.code, "--purpose", "值守", "--incident", theirs, *as_a)
    branch = run(capsys, "apply", "甲临时支部", cast.a.code, "--purpose", "值守", "--incident", own, *as_a)["branch_id"]
    for approver in (neighbour, party.committee):
        with pytest.raises(NotFound):
            run(capsys, "approve", branch, approver, "--document", "1号", *as_a)
    run(capsys, "approve", branch, mine, "--document", "1号", *as_a)
    # Nobody comes to be seen by being named.
    _, [stranger] = household_at(places.doors_of(cast.b_building)[0].place_id, "何示外", order=77)
    with pytest.raises(NotFound):
        run(capsys, "establish", branch, *party.members[:2], stranger, *as_a)
    run(capsys, "establish", branch, *party.members[:3], *as_a)
    with pytest.raises(NotFound):
        run(capsys, "convert", branch, "party_branch", neighbour, "--document", "2号", *as_a)
    # Both answer for a take-over, and both for its end.
    takeover, _ = commands.take_over(neighbour, mine, "3号", by=None)
    with pytest.raises(NotFound):
        run(capsys, "give-back", takeover, *as_a)
    assert queries.takeover(takeover).valid_to is None


def test_what_to_look_at_is_asked_once_for_all_branches(cast: Cast, desk_of: Callable[[str], Desk]) -> None:
    party = make_party(cast)
    incident, secretary = opened(place=cast.city.place_id), desk_of("secretary.a")
    made = [founded(cast, party, incident, name="第一临时支部")]

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert secretary.get("organisations", cast.a.id).status_code == 200
        return len(caught)

    asked()
    once = asked()
    made += [founded(cast, party, incident, name=f"第{name}临时支部") for name in "二三四"]
    assert asked() == once, made


def test_a_list_moves_a_member_with_their_office_and_takes_no_name_that_two_bodies_have(cast: Cast) -> None:
    old, new = (commands.found_organisation(name, OrganisationKind.PARTY_BRANCH, by=None) for name in ("旧示例支部", "新示例支部"))
    for _ in range(2):
        commands.found_organisation("机关支部", OrganisationKind.PARTY_BRANCH, by=None)

    def took(*row: str) -> list[str]:
        told = commands.import_members(members_table(row), cast.a, save=True, by=None)
        return [one.reason.code if one.reason else one.verdict.value for one in told]

    assert took("王示例", "旧示例支部", "预备党员", "") == ["taken"]
    assert took("王示例", "旧示例支部", "正式党员", "") == ["taken"]
    [member] = queries.members_of(old)
    commands.appoint(NewAppointment(Office.SECRETARY, member.person_id, organisation=old), by=None)
    assert took("王示例", "机关支部", "正式党员", "") == ["row_body_twice"]
    assert took("王示例", "新示例支部", "正式党员", "") == ["taken"]
    assert [one.person_id for one in queries.members_of(new)] == [member.person_id]
    assert queries.appointments(organisation=old) == []
