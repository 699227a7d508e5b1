"""People who came from elsewhere (返乡人员): from where, when, how, and for how many days they are followed up."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from lianfang.kernel.errors import Refused
from lianfang.ledger.kinds.registry import Body, Retention, Subject, kind
from lianfang.ledger.kinds.words import Choice, words


class Means(Choice):
    """How somebody came."""

    TRAIN = "train", "train", "火车"
    PLANE = "plane", "plane", "飞机"
    COACH = "coach", "coach", "客车"
    CAR = "car", "own car", "自驾"
    SHIP = "ship", "ship", "轮船"
    OTHER = "other", "other", "其他"


class FromSomewhere(Refused):
    """An arrival says from where: the code of a division or of a country, one of the two."""


class FollowedByWhat(Refused):
    """Days of follow-up name the rule set they come from, and a rule set gives at least one day."""


@kind(
    "arrival",
    version=1,
    retention=Retention.RESIDENT,
    english="Arrival from elsewhere",
    term="返乡登记",
    levels=("door",),
    subject=Subject.PERSON,
    figures=("arrivals", "arrivals_following"),
    sample={"from_code": "420100000000", "from_country": None, "arrived_on": "2026-03-10", "means": "train", "days": 3, "rule": "health_watch_3"},
)  # fmt: skip
class Arrival(Body, frozen=True):
    """One person came to live at this door, for a while or for good. Follow-up ends at the end of day `days` after the day of arrival."""

    arrived_on: Annotated[date, words("Arrived", "到达日期", "the local day of arrival")]
    from_code: Annotated[
        Annotated[str, Meta(pattern="^[0-9]{12}$")] | None, words("From", "来自", "twelve-digit code of the division they came from")
    ] = None
    from_country: Annotated[
        Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None, words("From abroad", "来自国家", "country they came from (ISO 3166-1)")
    ] = None
    means: Annotated[Means, words("How", "交通方式", "how they came")] = Means.OTHER
    days: Annotated[int, words("Days of follow-up", "跟踪天数", "0 where no rule asks for any", ge=0, le=60)] = 0
    rule: Annotated[
        Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")] | None, words("Rule set", "依据规则", "rule set that the days come from")
    ] = None

    def breach(self) -> Refused | None:
        """One origin, and follow-up only by a rule."""
        if (self.from_code is None) == (self.from_country is None):
            return FromSomewhere()
        if bool(self.days) != (self.rule is not None):
            return FollowedByWhat()
        return None
