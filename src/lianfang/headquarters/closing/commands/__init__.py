"""Verbs of the end: hold back, propose, confirm, cancel, carry out; and books whose time is over."""

from lianfang.headquarters.closing.commands.holding import expire_holds, hold_back, open_held, release_hold
from lianfang.headquarters.closing.commands.proposing import cancel, confirm, propose
from lianfang.headquarters.closing.commands.rolling import roll_over
from lianfang.headquarters.closing.commands.working import work_off

__all__ = ["cancel", "confirm", "expire_holds", "hold_back", "open_held", "propose", "release_hold", "roll_over", "work_off"]
