"""Addresses among all divisions that are shipped."""

from __future__ import annotations

from typing import Any

import pytest

from lianfang.ground.places import queries
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import Certainty, Level

pytestmark = pytest.mark.django_db


def path(place: Place | None) -> str:
    return " ".join([*(above.name for above in queries.ancestors(place)), place.name][1:]) if place else "-"


@pytest.mark.parametrize(
    ("text", "certainty", "place"),
    [
        ("吉林省长春市朝阳区永昌街道惠民社区", "exact", "长春市 朝阳区 永昌街道 惠民社区"),
        ("长春朝阳永昌惠民社区", "exact", "长春市 朝阳区 永昌街道 惠民社区"),
        ("长村市朝杨区永昌街道惠民社区", "likely", "长春市 朝阳区 永昌街道 惠民社区"),
        ("永倡街道惠明社区", "likely", "长春市 朝阳区 永昌街道 惠民社区"),
        ("惠明社区", "likely", "长春市 朝阳区 永昌街道 惠民社区"),
        ("南关区永昌街道惠民社区", "unsure", "-"),
        ("新月路社区", "exact", "长春市 宽城区 新隆街道 新月路社区"),
        ("新隆街道新月路社区", "exact", "长春市 宽城区 新隆街道 新月路社区"),
        ("柳影街道新月路社区", "likely", "长春市 宽城区 新隆街道 新月路社区"),
        ("新悦路社区", "likely", "长春市 宽城区 新隆街道 新月路社区"),
        ("海渤日戈村", "exact", "松原市 前郭尔罗斯蒙古族自治县 海渤日戈镇 海渤日戈村委会"),
        ("前郭县深井子社区", "exact", "松原市 前郭尔罗斯蒙古族自治县 海渤日戈镇 深井子社区"),
        ("前郭县", "exact", "松原市 前郭尔罗斯蒙古族自治县"),
        ("九台市", "exact", "长春市 九台区"),
        ("长春经开区", "exact", "长春市 长春经济技术开发区"),
        ("北京市朝阳区", "exact", "市辖区 朝阳区"),
        ("110街社区", "exact", "武汉市 青山区 钢花村街道 110街社区居委会"),
        ("朝阳区", "unsure", "-"),
        ("朝阳", "unsure", "-"),
        ("长春市和平社区", "unsure", "-"),
        ("人民大街123号", "none", "-"),
        ("3栋2单元501", "none", "-"),
    ],
)
def test_divisions(real_lists: Any, text: str, certainty: str, place: str) -> None:
    match = queries.parse_address(text, None)
    assert (str(match.certainty), path(match.place)) == (certainty, place), str(match.why)


def test_each_heping_village_is_told_from_the_others(real_lists: Any) -> None:
    villages = list(Place.objects.filter(level=Level.COMMUNITY, name__startswith="和平村", valid_to=None).order_by("lo"))
    assert len(villages) >= 10
    unsure = queries.parse_address("和平村", None)
    assert unsure.certainty is Certainty.UNSURE
    assert set(unsure.alternatives) <= set(villages)
    spelt = []
    for village in villages:
        *_, county, street = queries.ancestors(village)
        spelt.append(f"{county.name}{street.name}和平村")
    found = queries.parse_addresses(spelt, None)
    assert [match.place for match in found] == villages
    assert {match.certainty for match in found} == {Certainty.EXACT}
    inside = [queries.parse_address("和平村", queries.ancestors(village)[-1]).place for village in villages]
    assert inside == villages


def test_every_community_of_a_district_is_read_by_its_whole_path(real_lists: Any) -> None:
    district = queries.by_code("220104000000")
    communities = list(Place.objects.filter(level=Level.COMMUNITY, lo__gte=district.lo, lo__lt=district.hi, valid_to=None).order_by("lo"))
    assert len(communities) > 50
    texts = ["".join(above.name for above in queries.ancestors(one)) + one.name for one in communities]
    found = queries.parse_addresses(texts, None)
    assert [(match.place, str(match.certainty)) for match in found] == [(one, "exact") for one in communities]
