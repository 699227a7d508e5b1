"""Verbs of accounts.

Those that change somebody else's account take the actor and ask `access` themselves: who may give what to whom is the trade
of this context, and no door may forget it.
"""

from lianfang.ground.accounts.commands.accounts import add_account, close_account, correct_account, end_sessions
from lianfang.ground.accounts.commands.appointing import Appointed, NewPost, appoint, appoint_each
from lianfang.ground.accounts.commands.devices import add_device, cut_off, many_seen
from lianfang.ground.accounts.commands.door_links import door_signs, open_with_code, renew_door_sign
from lianfang.ground.accounts.commands.grants import NewGrant, give, revoke
from lianfang.ground.accounts.commands.importing import ListOptions, import_accounts
from lianfang.ground.accounts.commands.joining import invite, join, reset
from lianfang.ground.accounts.commands.joining_phones import hand_over, invite_phone, join_phone, take_over, wiped
from lianfang.ground.accounts.commands.numbers import set_duty_phone, show_number
from lianfang.ground.accounts.commands.second_factor import confirm_second_factor, offer_second_factor, renew_recovery_codes
from lianfang.ground.accounts.commands.sheets import answer_file, joining_sheet
from lianfang.ground.accounts.commands.signing_in import change_password, set_password, sign_in
from lianfang.ground.accounts.commands.standing_in import give_office_back, hand_office

__all__ = [
    "Appointed",
    "ListOptions",
    "NewGrant",
    "NewPost",
    "add_account",
    "add_device",
    "answer_file",
    "appoint",
    "appoint_each",
    "change_password",
    "close_account",
    "confirm_second_factor",
    "correct_account",
    "cut_off",
    "door_signs",
    "end_sessions",
    "give",
    "give_office_back",
    "hand_office",
    "hand_over",
    "import_accounts",
    "invite",
    "invite_phone",
    "join",
    "join_phone",
    "joining_sheet",
    "many_seen",
    "offer_second_factor",
    "open_with_code",
    "renew_door_sign",
    "renew_recovery_codes",
    "reset",
    "revoke",
    "set_duty_phone",
    "set_password",
    "show_number",
    "sign_in",
    "take_over",
    "wiped",
]
