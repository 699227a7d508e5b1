"""Accounts are made, joined, reset, closed; devices and door signs come and go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from lianfang.ground.accounts import access, commands, queries
from lianfang.ground.accounts.commands import joining
from lianfang.ground.accounts.models import Account, Device, DoorLink, Joining
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import (
    AccountClosed,
    AccountNotFound,
    AccountState,
    DeviceNotFound,
    DigitsNeeded,
    DigitsWrong,
    DoorCodeLocked,
    DoorCodeWrong,
    JoiningRefused,
    LoginTaken,
    LoginWrong,
    NewAccount,
    NotForYou,
    NotToYourself,
    OverPlace,
    Owed,
    PasswordShort,
    PhoneTaken,
    SignInRefused,
)
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations import queries as organisation_queries
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.people.types import NameLengthWrong, PhoneLengthWrong
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, Refused
from lianfang.kernel.ids import AccountId, DeviceId, PlaceId, new_id
from tests.factories.accounts import PASSWORD, account_of, actor_with
from tests.factories.cast import Cast
from tests.factories.people import phone_number


def test_an_account_gets_a_login_from_its_name(cast: Cast) -> None:
    made = [account_of("单示明"), account_of("单示明"), account_of("阿不都·示例"), account_of("Li")]
    assert [queries.account(each).login for each in made] == ["shanshiming", "shanshiming2", "abudoushili", "li.lf"]
    assert queries.account_id_of_login("ShanShiMing2") == made[1]
    assert queries.names_of(made[:1]) == {made[0]: "单示明"}


def test_a_new_account_can_do_nothing_yet(cast: Cast) -> None:
    made = account_of("何示新", login="he.new", by=cast.secretary)
    seen = queries.account(made)
    assert (seen.has_password, seen.state) == (False, AccountState.ACTIVE)
    with pytest.raises(SignInRefused):
        commands.sign_in("he.new", "")
    assert access.all_ranges(access.actor_of_id(made)) == []


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (NewAccount("何示新", "grid.a"), LoginTaken),
        (NewAccount("何示新", "1x"), LoginWrong),
        (NewAccount("何示新", phone=phone_number(902)), PhoneTaken),
        (NewAccount("何示新", phone="1381234"), PhoneLengthWrong),
        (NewAccount(""), NameLengthWrong),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said(cast: Cast, new: NewAccount, why: type[Refused]) -> None:
    before = Account.objects.count()
    with pytest.raises(why), transaction.atomic():
        commands.add_account(new, by=cast.secretary)
    assert Account.objects.count() == before


def test_accounts_are_made_by_those_who_may_and_with_their_grants_or_not_at_all(cast: Cast) -> None:
    with pytest.raises(Denied):
        commands.add_account(NewAccount("何示新"), by=cast.grid_worker)
    before = Account.objects.count()
    city = [commands.NewGrant(Role.CITY_COMMAND, OverPlace(cast.a.place_id))]
    with pytest.raises(NotForYou), transaction.atomic():
        commands.add_account(NewAccount("何示新"), by=cast.secretary, grants=city)
    assert Account.objects.count() == before
    leader = [commands.NewGrant(Role.BUILDING_LEADER, OverPlace(cast.a_building.place_id))]
    made = commands.add_account(NewAccount("何示新"), by=cast.secretary, grants=leader)
    assert [grant.role for grant in queries.grants_of(made)] == ["building_leader"]
    assert queries.grants_of_many([made, cast.account("grid.a")]).keys() == {made, cast.account("grid.a")}


def test_an_account_is_corrected_by_who_answers_for_it(cast: Cast) -> None:
    account_id = cast.account("grid.a")
    commands.correct_account(account_id, by=cast.secretary, name="陈示新", phone=phone_number(910))
    assert (queries.account(account_id).name, queries.phone_of(account_id)) == ("陈示新", phone_number(910))
    commands.correct_account(account_id, by=cast.secretary, phone="")
    assert queries.phone_of(account_id) == ""
    with pytest.raises(PhoneTaken), transaction.atomic():
        commands.correct_account(account_id, by=cast.secretary, phone=phone_number(901))
    with pytest.raises(AccountNotFound):
        commands.correct_account(account_id, by=cast.outsider, name="改示名")
    with pytest.raises(NotToYourself):
        commands.correct_account(account_id, by=cast.actor("grid.a"), phone=phone_number(911))


def test_two_who_use_a_link_at_once_are_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one is quicker by the time it takes to work out the password's hash."""
    link = commands.invite(cast.account("grid.a"), by=cast.secretary)
    slow = joining.make_password

    def overtaken(password: str | None) -> str:
        monkeypatch.setattr(joining, "make_password", slow)
        commands.join(link.token, "0902", "松柏 长青 2026 夏")
        return slow(password)

    monkeypatch.setattr(joining, "make_password", overtaken)
    with pytest.raises(JoiningRefused):
        commands.join(link.token, "0902", PASSWORD)
    assert commands.sign_in("grid.a", "松柏 长青 2026 夏")


def test_a_link_lets_one_person_in_once(cast: Cast) -> None:
    made = account_of("何示新", login="he.new", order=950, by=cast.secretary)
    link = commands.invite(made, by=cast.secretary)
    shown = queries.joining(link.token)
    assert (shown.login, shown.name, shown.needs_phone) == ("he.new", "何示新", True)
    with pytest.raises(DigitsNeeded):
        commands.join(link.token, " ", PASSWORD)
    with pytest.raises(PasswordShort):
        commands.join(link.token, "0950", "short")
    assert commands.join(link.token, "0950", PASSWORD) == made
    assert commands.sign_in("he.new", PASSWORD).owed is None
    for _ in range(2):
        with pytest.raises(JoiningRefused):
            commands.join(link.token, "0950", PASSWORD + "!")
    with pytest.raises(JoiningRefused):
        queries.joining(link.token)


def test_five_wrong_digits_kill_a_link(cast: Cast) -> None:
    link = commands.invite(cast.account("grid.a"), by=cast.secretary)
    for _ in range(5):
        with pytest.raises(DigitsWrong):
            commands.join(link.token, "9999", PASSWORD)
    with pytest.raises(JoiningRefused):
        commands.join(link.token, "0902", PASSWORD)


def test_a_link_dies_by_time_by_a_newer_one_and_with_its_account(cast: Cast) -> None:
    account_id = cast.account("grid.a")
    old = commands.invite(account_id, by=cast.secretary)
    new = commands.invite(account_id, by=cast.secretary, lifetime=timedelta(hours=1))
    with pytest.raises(JoiningRefused):
        queries.joining(old.token)
    with clock.frozen(clock.now() + timedelta(hours=2)), pytest.raises(JoiningRefused):
        queries.joining(new.token)
    commands.close_account(account_id, by=cast.secretary)
    for token in (old.token, new.token, "made up"):
        with pytest.raises(JoiningRefused):
            commands.join(token, "0902", PASSWORD)


def test_an_account_without_a_number_joins_by_the_link_alone(cast: Cast) -> None:
    made = account_of("何示新", by=cast.secretary)
    link = commands.invite(made, by=cast.secretary)
    assert not link.needs_phone
    assert commands.join(link.token, "", PASSWORD) == made


def test_a_reset_takes_everything_and_gives_a_link(cast: Cast) -> None:
    account_id = cast.account("grid.a")
    offer = commands.offer_second_factor(account_id)
    import pyotp

    [first, *_] = commands.confirm_second_factor(account_id, pyotp.TOTP(offer.secret).at(clock.now()))
    session = Account.objects.get(pk=account_id).get_session_auth_hash()
    link = commands.reset(account_id, by=cast.secretary, reason="忘了")
    for code in ("", first):
        with pytest.raises(SignInRefused):
            commands.sign_in("grid.a", PASSWORD, code)
    assert Account.objects.get(pk=account_id).get_session_auth_hash() != session
    assert queries.owed(Account.objects.get(pk=account_id)) is Owed.PASSWORD
    commands.join(link.token, "0902", "松柏 长青 2026 夏")
    assert commands.sign_in("grid.a", "松柏 长青 2026 夏").owed is None


def test_a_reset_opens_a_lock_at_once(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            commands.sign_in("grid.a", "not the password")
    link = commands.reset(cast.account("grid.a"), by=cast.secretary)
    commands.join(link.token, "0902", PASSWORD)
    assert commands.sign_in("grid.a", PASSWORD)


@pytest.mark.parametrize("verb", ["reset", "invite", "close_account", "end_sessions"])
def test_nobody_does_it_to_accounts_they_do_not_answer_for(cast: Cast, verb: str) -> None:
    before = list(Account.objects.order_by("id").values())
    for actor, login in ((cast.outsider, "grid.a"), (cast.grid_worker, "secretary.a"), (cast.secretary, "city")):
        with pytest.raises(AccountNotFound):
            getattr(commands, verb)(cast.account(login), by=actor)
    assert list(Account.objects.order_by("id").values()) == before
    assert not Joining.objects.exists()


def test_a_closed_account_is_closed_for_good(cast: Cast) -> None:
    account_id = cast.account("grid.a")
    token = commands.add_device(account_id, "手机", by=cast.secretary).token
    commands.close_account(account_id, by=cast.secretary, reason="离职")
    assert queries.device_of_token(token) is None
    assert queries.accounts_within([cast.a.range], "chen") == []
    assert [each.login for each in queries.accounts_within([cast.a.range], "chen", closed=True)] == ["grid.a"]
    for verb in (commands.close_account, commands.invite, commands.reset):
        with pytest.raises(AccountClosed):
            verb(account_id, by=access.local_administrator())
    with pytest.raises(AccountClosed):
        commands.add_device(account_id, "手机", by=access.local_administrator())
    assert account_of("陈示后", order=902)  # the telephone number is free again


def test_a_device_sends_with_its_token_until_it_is_cut_off(cast: Cast) -> None:
    account_id = cast.account("grid.a")
    device = commands.add_device(account_id, " 网格员手机 ", by=cast.grid_worker)
    known = queries.device_of_token(device.token)
    assert known is not None
    assert (known.device_id, known.account_id, known.name, known.last_seen_at) == (device.device_id, account_id, "网格员手机", None)
    start = clock.now()
    for minutes in (0, 1, 6):
        with clock.frozen(start + timedelta(minutes=minutes)):
            commands.many_seen({device.device_id: None})
    [listed] = queries.devices_of(account_id)
    assert listed.last_seen_at == start + timedelta(minutes=6)
    session = Account.objects.get(pk=account_id).get_session_auth_hash()
    commands.cut_off(device.device_id, by=cast.secretary)
    assert queries.device_of_token(device.token) is None
    assert Account.objects.get(pk=account_id).get_session_auth_hash() == session
    cut_off_at = Device.objects.get().cut_off_at
    commands.cut_off(device.device_id, by=cast.secretary, stolen=True)
    assert (Device.objects.get().cut_off_at, Device.objects.get().stolen) == (cut_off_at, True)
    assert Account.objects.get(pk=account_id).get_session_auth_hash() != session


def test_devices_are_nobody_elses(cast: Cast) -> None:
    device = commands.add_device(cast.account("grid.a"), "手机", by=cast.secretary)
    with pytest.raises(DeviceNotFound):
        commands.cut_off(device.device_id, by=cast.outsider)
    with pytest.raises(DeviceNotFound):
        commands.cut_off(DeviceId(new_id()), by=cast.secretary)
    with pytest.raises(AccountNotFound):
        commands.add_device(cast.account("grid.a"), "手机", by=cast.outsider)
    with pytest.raises(AccountNotFound):
        commands.add_device(AccountId(new_id()), "手机", by=access.local_administrator())
    assert queries.device_of_token("made up") is None
    assert queries.device_of_token(device.token) is not None


def test_a_door_has_one_sign_that_can_be_printed_again_and_replaced(cast: Cast) -> None:
    doors = [cast.a_door.place_id, cast.b_door.place_id]
    signs = commands.door_signs(doors, by=None)
    assert commands.door_signs(doors, by=None) == signs
    assert [queries.door_of_link(sign.token) for sign in signs] == doors
    assert queries.door_of_link(signs[0].token.upper()) == doors[0]
    assert str(doors[0]) not in signs[0].token
    new = commands.renew_door_sign(doors[0], by=None)
    assert queries.door_of_link(signs[0].token) is None
    assert queries.door_of_link(new.token) == doors[0]
    assert commands.door_signs(doors, by=None) == [new, signs[1]]
    first = commands.renew_door_sign(cast.a_building.place_id, by=None)
    assert queries.door_of_link(first.token) == cast.a_building.place_id


def test_the_card_inside_opens_the_record_and_guesses_do_not(cast: Cast) -> None:
    door = cast.a_door.place_id
    [sign] = commands.door_signs([door], by=None)
    wrong = f"{(int(sign.code) + 1) % 10**6:06d}"
    start = clock.now()
    commands.open_with_code(door, f" {sign.code} ")
    with clock.frozen(start):
        for _ in range(5):
            with pytest.raises(DoorCodeWrong):
                commands.open_with_code(door, wrong)
        with pytest.raises(DoorCodeLocked) as locked:
            commands.open_with_code(door, sign.code)
        assert locked.value.facts == {"until": clock.local(start + timedelta(minutes=15)).strftime("%H:%M")}
    with clock.frozen(start + timedelta(minutes=16)):
        commands.open_with_code(door, sign.code)
    assert DoorLink.objects.get().failed == 0
    with pytest.raises(DoorCodeWrong):
        commands.open_with_code(PlaceId(new_id()), sign.code)


def test_lists_are_paged_and_searched(cast: Cast) -> None:
    everywhere = access.ranges(access.local_administrator(), "accounts.see")
    logins = [each.login for each in queries.accounts_within(everywhere)]
    assert logins == ["admin", "city", "grid.a", "secretary.a", "secretary.b"]
    assert [each.login for each in queries.accounts_within(everywhere, after="city", limit=2)] == ["grid.a", "secretary.a"]
    for beginning in ("陈", "csg", "chenshi", "GRID"):
        assert [each.login for each in queries.accounts_within(everywhere, beginning)] == ["grid.a"]
    assert [each.login for each in queries.accounts_within([cast.a.range])] == ["grid.a", "secretary.a"]
    assert queries.accounts_within([]) == []
    made = account_of("何示新")
    assert made in [each.account_id for each in queries.accounts_within(everywhere)]
    for unknown in (lambda: queries.account(AccountId(new_id())), lambda: queries.phone_of(AccountId(new_id()))):
        with pytest.raises(AccountNotFound):
            unknown()


def test_who_answers_for_a_place(cast: Cast) -> None:
    leader = account_of("金示栋", order=960)
    commands.give(leader, commands.NewGrant(Role.BUILDING_LEADER, OverPlace(cast.a_building.place_id)), by=cast.secretary)
    commands.give(account_of("魏示愿"), commands.NewGrant(Role.VOLUNTEER, OverPlace(cast.a_building.place_id)), by=cast.secretary)
    at_building = [(answer.role, answer.name, answer.scope_name) for answer in queries.answering_for(cast.a_building)]
    assert at_building == [
        ("building_leader", "金示栋", "1栋"),
        ("grid_worker", "陈示格", "甲一网格"),
        ("community_secretary", "刘示甲", "甲社区"),
        ("city_command", "周示市", "长春市"),
    ]
    assert queries.answering(cast.a_building) == queries.answering_for(cast.a_building)
    assert [answer.name for answer in queries.answering(cast.a)] == ["金示栋", "陈示格", "刘示甲", "周示市"]
    assert [answer.name for answer in queries.answering_for(cast.a)] == ["刘示甲", "周示市"]
    assert all(answer.has_phone for answer in queries.answering(cast.a))
    commands.close_account(leader, by=cast.secretary)
    assert "金示栋" not in [answer.name for answer in queries.answering(cast.a_building)]


def test_ones_post_and_whom_to_ask(cast: Cast) -> None:
    post = queries.main_post(cast.secretary)
    assert post is not None
    assert (post.role, post.scope_name, post.place_id) == ("community_secretary", "甲社区", cast.a.place_id)
    grid = queries.main_post(cast.grid_worker)
    assert grid is not None
    assert (grid.role, grid.scope_name, grid.place_id) == ("grid_worker", "甲一网格", cast.a.place_id)
    party = organisations.found_organisation("党工委", OrganisationKind.PARTY_COMMITTEE, by=None)
    head = queries.main_post(actor_with(Role.STREET_DUTY, organisation_queries.scope_of(party), name="杨示组"))
    assert head is not None
    assert (head.role, head.scope_name, head.place_id) == ("street_duty", "", None)
    assert queries.main_post(access.local_administrator()) is None
    assert queries.whom_to_ask(access.local_administrator()) is None
    assert queries.whom_to_ask(cast.secretary) is None
    helper = account_of("陶示助")
    commands.give(helper, commands.NewGrant(Role.COMMUNITY_WORKER, OverPlace(cast.a.place_id)), by=cast.secretary)
    assert queries.whom_to_ask(access.actor_of_id(helper)) == "刘示甲"
