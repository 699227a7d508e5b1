"""The forms of rounds (排查表): a small set of typed questions each, kept as versioned definitions.

A form that has been used is never changed: a changed one is a new version, and answers name the version they were given to. Questions
are few, and what the system knows already is not asked. Words about people (names, papers, phones) are no answers: they go to the register.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lianfang.kernel.errors import Refused

Answer = bool | int | float | str


class Sort(StrEnum):
    """What an answer is."""

    YES_NO = "yes_no"
    COUNT = "count"
    DEGREES = "degrees"
    CHOICE = "choice"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Choices:
    """One word of a question with choices: the stored code, and its words."""

    code: str
    english: str
    term: str


@dataclass(frozen=True, slots=True)
class Question:
    """One typed question. `least` and `most` bound counts and degrees; `choices` are all words that may be answered.

    A photo is never compulsory; its answer is its fingerprint (the first 20 bytes of its SHA-256), and the picture travels in the envelope.
    """

    key: str
    sort: Sort
    english: str
    term: str
    least: float = 0
    most: float = 99
    choices: tuple[Choices, ...] = ()

    def takes(self, answer: Answer) -> bool:
        """Whether this is an answer to the question."""
        if self.sort is Sort.YES_NO:
            return isinstance(answer, bool)
        if self.sort is Sort.PHOTO:
            return isinstance(answer, str) and re.fullmatch(r"[0-9a-f]{40}", answer) is not None
        if self.sort is Sort.CHOICE:
            return answer in {choice.code for choice in self.choices}
        whole = isinstance(answer, int) and not isinstance(answer, bool)
        if self.sort is Sort.COUNT:
            return whole and self.least <= float(answer) <= self.most
        return (whole or isinstance(answer, float)) and self.least <= float(answer) <= self.most


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a named form. The outcome of the visit is always asked; `questions` come after it."""

    name: str
    version: int
    english: str
    term: str
    questions: tuple[Question, ...]

    @property
    def key(self) -> str:
        """How answers name it: "headcount/1"."""
        return f"{self.name}/{self.version}"

    @property
    def on_paper(self) -> tuple[Question, ...]:
        """The questions that a printed list or a sheet can ask: all but photos."""
        return tuple(one for one in self.questions if one.sort is not Sort.PHOTO)


class UnknownForm(Refused):
    """There is no form of this name and version."""


class NotAsked(Refused):
    """The form does not ask "{question}"."""


class NotAnAnswer(Refused):
    """This is no answer to the question "{question}"."""


class AnswersWithoutForm(Refused):
    """Answers name the form they were given to."""


def _yes_no(key: str, english: str, term: str) -> Question:
    return Question(key, Sort.YES_NO, english, term)


def _count(key: str, english: str, term: str, most: int = 99) -> Question:
    return Question(key, Sort.COUNT, english, term, most=most)


def _choice(key: str, english: str, term: str, *choices: tuple[str, str, str]) -> Question:
    return Question(key, Sort.CHOICE, english, term, choices=tuple(Choices(*one) for one in choices))


FORMS: tuple[Form, ...] = (
    Form(
        "headcount", 1, "Headcount", "人数核对",
        (
            _count("living", "People living here", "实际居住人数"),
            _count("elderly_alone", "Elderly people living alone", "独居老人"),
            _count("children", "Children under 14", "14岁以下儿童"),
        ),
    ),
    Form(
        "vaccination", 1, "Vaccination", "疫苗接种",
        (
            _count("vaccinated", "Vaccinated", "已接种人数"),
            _count("not_vaccinated", "Not vaccinated", "未接种人数"),
            _yes_no("wants_vaccination", "Wants to be vaccinated at home", "需要上门接种"),
        ),
    ),
    Form(
        "temperature", 1, "Temperature", "体温监测",
        (
            _count("measured", "People measured", "测温人数"),
            Question("highest", Sort.DEGREES, "Highest temperature (°C)", "最高体温（℃）", least=34, most=43),
            _yes_no("symptoms", "Somebody has a fever or a cough", "有发热咳嗽等症状"),
        ),
    ),
    Form(
        "returnees", 1, "People who came from elsewhere", "返乡排查",
        (
            _count("arrived", "People who arrived in the last 14 days", "近14天返回人数"),
            _choice(
                "from", "From where", "来自",
                ("same_city", "the same city", "本市"), ("same_province", "the same province", "省内"),
                ("other_province", "another province", "省外"), ("abroad", "abroad", "境外"),
            ),
            _yes_no("expected", "Somebody is expected to return", "近期有人返回"),
        ),
    ),
    Form(
        "needs_help", 1, "Who needs help", "需要帮助",
        (
            _yes_no("medicine", "Medicine runs out within three days", "药品不足三天"),
            _yes_no("food", "Food runs out within three days", "食品不足三天"),
            _yes_no("medical_trip", "Must go to hospital regularly (dialysis, pregnancy, chemotherapy)", "需定期就医（透析、孕产、化疗）"),
            _yes_no("no_phone", "Cannot use a smartphone", "不会用智能手机"),
        ),
    ),
    Form(
        "flood", 1, "Flood: who must leave", "防汛避险",
        (
            _count("to_move", "People to be moved", "需转移人数"),
            _count("need_carrying", "Of these, who cannot walk", "其中行动不便"),
            _yes_no("told", "Told of the warning and answered", "预警已叫应"),
            _choice("goes_to", "Goes to", "转移去向", ("shelter", "shelter", "安置点"), ("relatives", "relatives", "投亲靠友"), ("stays", "stays", "未转移")),
        ),
    ),
    Form(
        "heat", 1, "Heat: who is at risk", "高温探访",
        (
            _count("at_risk", "People at risk (over 75, ill, alone)", "高风险人数"),
            _yes_no("cooled", "A cool room is there", "有降温条件"),
            _yes_no("unwell", "Somebody is unwell", "有人不适"),
        ),
    ),
    Form(
        "gas", 1, "Gas leak: roll call", "燃气泄漏疏散",
        (
            _count("out", "People who are out", "已撤出人数"),
            _count("inside", "People still inside", "仍在室内人数"),
            _yes_no("valve_shut", "The gas valve is shut", "阀门已关"),
        ),
    ),
    Form(
        "gas", 2, "Gas leak: roll call", "燃气泄漏疏散",
        (
            _count("out", "People who are out", "已撤出人数"),
            _count("inside", "People still inside", "仍在室内人数"),
            _yes_no("valve_shut", "The gas valve is shut", "阀门已关"),
            Question("valve", Sort.PHOTO, "Photo of the valve, nobody in it", "阀门照片（不拍人）"),
        ),
    ),
)  # fmt: skip
_BY_KEY = {form.key: form for form in FORMS}


def form(name: str, version: int | None = None) -> Form:
    """A form by name, the newest version unless said. Also by its Chinese or English words. Raises UnknownForm."""
    found = [one for one in FORMS if name in {one.name, one.term, one.english} and version in {None, one.version}]
    if not found:
        raise UnknownForm
    return max(found, key=lambda one: one.version)


def current() -> list[Form]:
    """The newest version of every form."""
    newest: dict[str, Form] = {}
    for one in FORMS:
        if one.name not in newest or newest[one.name].version < one.version:
            newest[one.name] = one
    return list(newest.values())


def photos_asked(key: str | None) -> dict[str, Question]:
    """The questions of a form that ask for a photo, by their keys."""
    told = _BY_KEY.get(key or "")
    return {one.key: one for one in told.questions if one.sort is Sort.PHOTO} if told else {}


def breach(key: str | None, answers: Mapping[str, Answer]) -> Refused | None:
    """The rule that answers break: an unknown form, a question it does not ask, something that is no answer."""
    if key is None:
        return AnswersWithoutForm() if answers else None
    told = _BY_KEY.get(key)
    if told is None:
        return UnknownForm()
    questions = {question.key: question for question in told.questions}
    for name, answer in answers.items():
        if name not in questions:
            return NotAsked(question=name)
        if not questions[name].takes(answer):
            return NotAnAnswer(question=name)
    return None
