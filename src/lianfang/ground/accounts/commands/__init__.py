"""Verbs of accounts.

Those that change somebody else's account take the actor and ask `access` themselves: who may give what to whom is the trade
of this context, and no door may forget it.
"""

from lianfang.ground.accounts.commands.accounts import add_account, close_account, correct_account, end_sessions
from lianfang.ground.accounts.commands.devices import add_device, cut_off, seen
from lianfang.ground.accounts.commands.door_links import door_links, renew_door_link
from lianfang.ground.accounts.commands.grants import NewGrant, give, revoke
from lianfang.ground.accounts.commands.joining import invite, join, reset
from lianfang.ground.accounts.commands.second_factor import confirm_second_factor, offer_second_factor, renew_recovery_codes
from lianfang.ground.accounts.commands.signing_in import change_password, set_password, sign_in

__all__ = [
    "NewGrant",
    "add_account",
    "add_device",
    "change_password",
    "close_account",
    "confirm_second_factor",
    "correct_account",
    "cut_off",
    "door_links",
    "end_sessions",
    "give",
    "invite",
    "join",
    "offer_second_factor",
    "renew_door_link",
    "renew_recovery_codes",
    "reset",
    "revoke",
    "seen",
    "set_password",
    "sign_in",
]
