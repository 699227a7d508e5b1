"""Verbs of playbooks: plans in peacetime, the switch, and the way back."""

from lianfang.headquarters.playbooks.commands.activating import activate
from lianfang.headquarters.playbooks.commands.plans import bind, change, draw_up, drop_part, put_part, retire
from lianfang.headquarters.playbooks.commands.running import carry_on, work_off
from lianfang.headquarters.playbooks.commands.standing_down import stand_down
from lianfang.headquarters.playbooks.commands.taking_over import give_back, look_after_takeovers, take_over
from lianfang.headquarters.playbooks.commands.undoing import go_on, undo_all, undo_last

__all__ = [
    "activate",
    "bind",
    "carry_on",
    "change",
    "draw_up",
    "drop_part",
    "give_back",
    "go_on",
    "look_after_takeovers",
    "put_part",
    "retire",
    "stand_down",
    "take_over",
    "undo_all",
    "undo_last",
    "work_off",
]
