"""A remark about a place (备注): the text itself lies sealed in the envelope, never in the payload."""

from __future__ import annotations

from typing import Annotated

from lianfang.ledger.kinds.registry import Body, Retention, Subject, kind
from lianfang.ledger.kinds.words import Choice, words


class Topic(Choice):
    """What a remark is about, so that it can be found without reading it."""

    GENERAL = "general", "general", "一般"
    ACCESS = "access", "getting in", "出入"
    SAFETY = "safety", "safety", "安全"
    SUPPLY = "supply", "supplies", "物资"
    HEALTH = "health", "health", "健康"


@kind(
    "remark",
    version=1,
    retention=Retention.RESIDENT,
    english="Remark",
    term="备注",
    subject=Subject.PERSON,
    remark_needed=True,
    sample={"topic": "access"},
)
class Remark(Body, frozen=True):
    """Something worth knowing about a place, in free words. The words travel in the envelope and are kept sealed."""

    topic: Annotated[Topic, words("Topic", "类别", "what the remark is about")] = Topic.GENERAL
