"""The words of this context in the reader's language, said alike by every door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.work.mobilisation.types import Answer, Came, DraftState, Skill, Times

Text = Promise

ABLE: Mapping[Skill | Times, Text] = {
    Skill.MEDICAL: pgettext_lazy("skill", "medical care"),
    Skill.NURSING: pgettext_lazy("skill", "nursing"),
    Skill.SAMPLING: pgettext_lazy("skill", "sampling"),
    Skill.COUNSELLING: pgettext_lazy("skill", "counselling"),
    Skill.DRIVING: pgettext_lazy("skill", "driving"),
    Skill.COOKING: pgettext_lazy("skill", "cooking"),
    Skill.REPAIR: pgettext_lazy("skill", "repair"),
    Skill.COMPUTING: pgettext_lazy("skill", "computing"),
    Skill.FIRST_AID: pgettext_lazy("skill", "first aid"),
    Skill.SIGN_LANGUAGE: pgettext_lazy("skill", "sign language"),
    Skill.KOREAN: pgettext_lazy("skill", "Korean"),
    Skill.MONGOLIAN: pgettext_lazy("skill", "Mongolian"),
    Skill.UYGHUR: pgettext_lazy("skill", "Uyghur"),
    Skill.TIBETAN: pgettext_lazy("skill", "Tibetan"),
    Skill.ENGLISH: pgettext_lazy("skill", "English"),
    Skill.CAR: pgettext_lazy("skill", "car"),
    Skill.VAN: pgettext_lazy("skill", "van"),
    Skill.TRUCK: pgettext_lazy("skill", "truck"),
    Times.WORKDAYS: pgettext_lazy("times", "workdays"),
    Times.EVENINGS: pgettext_lazy("times", "evenings"),
    Times.WEEKENDS: pgettext_lazy("times", "weekends"),
    Times.NIGHTS: pgettext_lazy("times", "nights"),
}
CAME: Mapping[Came, Text] = {
    Came.MEMBER: _("Members at home"),
    Came.CADRE: _("Cadres sent down"),
    Came.VOLUNTEER: _("Volunteers"),
}
STATES: Mapping[DraftState, Text] = {
    DraftState.ASKED: _("waits to be worked out"),
    DraftState.SOLVING: _("is being worked out"),
    DraftState.READY: _("ready: look at it and confirm"),
    DraftState.CONFIRMED: _("confirmed"),
    DraftState.EMPTY: _("nobody to send, or nothing needed"),
}
WHY: Mapping[str, Text] = {
    "nobody": _("nobody has what is required"),
    "too_few": _("too few have what is required"),
    "all_sent": _("everybody who fits is sent elsewhere"),
    "kept_away": _("free people go only elsewhere"),
    "too_far": _("the free ones are too far away"),
}
ANSWERS: Mapping[Answer, Text] = {
    Answer.YES: _("I am coming"),
    Answer.ON_THE_WAY: _("I am on the way"),
    Answer.HERE: _("I am there"),
    Answer.LATER: _("Later"),
    Answer.NO: _("I cannot"),
}


def able(each: Iterable[Skill | Times]) -> str:
    """What somebody can do and when they come, or what is required, in one line."""
    return " ".join(str(ABLE[one]) for one in each)
