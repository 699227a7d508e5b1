"""Coming on and going off duty (在岗)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from lianfang.ledger.kinds.registry import Body, Retention, Subject, kind
from lianfang.ledger.kinds.words import Choice, words


class Duty(Choice):
    """Which way."""

    ON = "on", "on duty", "上岗"
    OFF = "off", "off duty", "下岗"


@kind(
    "presence",
    version=2,
    retention=Retention.SERVICE,
    english="Presence on duty",
    term="在岗记录",
    ability="duty.record",
    of_actor=True,
    subject=Subject.PERSON,  # whose duty it was, where that is typed in from paper for somebody without an account
    levels=("city", "county", "street", "community", "building", "unit"),
    figures=("on_duty",),
    sample={"duty": "on", "post": None},
)
class Presence(Body, frozen=True):
    """The record's actor comes on duty at the place, or goes off. Coming on elsewhere ends the duty before."""

    duty: Annotated[Duty, words("Duty", "上下岗", "on or off")]
    post: Annotated[UUID | None, words("Post", "岗位", "the post that is manned; empty where duty is done at the place at large")] = None
