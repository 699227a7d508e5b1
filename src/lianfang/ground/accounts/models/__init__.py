"""Tables of this context. Seen by it only; others get instances from queries and change nothing."""

from lianfang.ground.accounts.models.accounts import Account, RecoveryCode
from lianfang.ground.accounts.models.devices import Device, DoorLink, Joining
from lianfang.ground.accounts.models.field import Handover, WrongCode
from lianfang.ground.accounts.models.grants import Grant
from lianfang.ground.accounts.models.numbers import DutyPhone

__all__ = ["Account", "Device", "DoorLink", "DutyPhone", "Grant", "Handover", "Joining", "RecoveryCode", "WrongCode"]
