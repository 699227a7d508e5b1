"""What stands in a place, in words: buildings, single houses and sites are counted apart, and a site is no building."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from lianfang.ground.places.types import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.ground.places.models import Place


def built(places: Sequence[Place]) -> list[str]:
    """How many of each; nothing is said of what there is none of, nor of the block for people without a fixed dwelling."""

    def count(kind: Kind) -> int:
        return sum(place.of_kind is kind for place in places)

    facts = []
    if buildings := count(Kind.BUILDING):
        facts.append(ngettext("%(n)s building", "%(n)s buildings", buildings) % {"n": buildings})
    if houses := count(Kind.HOUSE):
        facts.append(ngettext("%(n)s single house", "%(n)s single houses", houses) % {"n": houses})
    if sites := count(Kind.SITE):
        facts.append(ngettext("%(n)s site", "%(n)s sites", sites) % {"n": sites})
    return facts
