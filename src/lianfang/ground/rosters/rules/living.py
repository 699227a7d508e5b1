"""In what sense somebody lives at a door, by the words that rosters use for it (居住情况)."""

from __future__ import annotations

import re
from functools import lru_cache

from lianfang.ground.people.types import Relation, ResidenceKind

_LONGEST = 12
_VACANT = re.compile(r"空(?!军|港|调)|闲置|未入住|无人(?!机)|没人|未住|未交房|未售|未分配|待售|毛坯|无住户")
_REGISTERED_ONLY = re.compile(r"户在人不在|空挂|在外|外出|人户分离[(（]?户在|不在家居住|长期不在|已搬走|外地居住|户在|仅户籍|挂户|已迁出")
_BOTH = re.compile(r"户在人在|人户一致|人户同|人在户在|人户合一|户籍(?:人口|居民|人员)|常住户籍|在户")
_ACTUAL_ONLY = re.compile(r"人在户不在|人户分离|租|流动|暂住|借住|寄住|外来|非户籍")


@lru_cache(maxsize=4096)
def means_vacant(text: str) -> bool:
    """Whether words mean that nobody lives at a door."""
    return bool(text) and len(text) <= _LONGEST and bool(_VACANT.search(text))


@lru_cache(maxsize=4096)
def kinds_of(living: str, relation: Relation | None, *, row_registered: str = "") -> tuple[ResidenceKind, ...]:
    """In which senses somebody lives there: actually, unless the words say that only the register does; registered where they say so."""
    if _BOTH.search(living) and "不在" not in living:
        return (ResidenceKind.REGISTERED, ResidenceKind.ACTUAL)
    if _ACTUAL_ONLY.search(living) and "户在人不在" not in living:
        return (ResidenceKind.ACTUAL,)
    if _REGISTERED_ONLY.search(living):
        return (ResidenceKind.REGISTERED,)
    if row_registered in {"是", "本地", "本社区", "本小区", "同现住址", "同上", "一致"} and relation is not Relation.TENANT:
        return (ResidenceKind.REGISTERED, ResidenceKind.ACTUAL)
    return (ResidenceKind.ACTUAL,)
