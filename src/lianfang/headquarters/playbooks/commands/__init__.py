"""Verbs of playbooks: plans in peacetime, the switch, and the way back."""

from lianfang.headquarters.playbooks.commands.activating import activate
from lianfang.headquarters.playbooks.commands.plans import bind, change, draw_up, drop_part, put_part, retire
from lianfang.headquarters.playbooks.commands.running import carry_on, work_off
from lianfang.headquarters.playbooks.commands.standing_down import stand_down
from lianfang.headquarters.playbooks.commands.undoing import go_on, undo_all, undo_last

__all__ = [
    "activate",
    "bind",
    "carry_on",
    "change",
    "draw_up",
    "drop_part",
    "go_on",
    "put_part",
    "retire",
    "stand_down",
    "undo_all",
    "undo_last",
    "work_off",
]
