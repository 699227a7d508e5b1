"""Spellings of addresses and what they mean: the accuracy of the reader, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from lianfang.ground.places import queries
from lianfang.ground.places.types import AddressMatch
from tests.ground.places import address_town as town

pytestmark = pytest.mark.django_db

HUIMIN, NEW_MOON, YINGJUN, TAIAN, DISTRICT = "220104005001", "220104005002", "220105100200", "220105100201", "220104000000"

# Where the address is known to lie, the text, how sure, and the place (in words from its community on).
DOOR = "惠民社区 3栋 2单元 501"
ONE_DOOR = """
3-2-501|3栋2单元501室|3栋2单元501|3号楼2单元501|3号楼2门501|3号楼2门501室|３＃２－５０１|３－２－５０１|三栋二单元五零一|三栋二单元五〇一室
三号楼二单元五零一|3#2-501|3#-2-501|3＃2单元501|3#楼2单元501|3幢2单元501|3座2单元501|3楼2单元501|3 栋 2 单元 501 室|3栋-2单元-501
3 - 2 - 501|3—2—501|3–2–501|3/2/501|3.2.501|3，2，501|3、2、501|3_2_501|3·2·501|(3栋)2单元501|第3栋第2单元第501室|第三栋第二单元501
03-02-501|3-2-0501|03栋02单元0501室|3栋2单元五层501|3栋2单元5层501室|3栋2单元5楼501|3栋2单元5楼1号|3栋2单元5层01室|3-2-5-01|3栋2单501
3栋2单元501号|3栋2单元501户|3栋2门洞501|3栋2梯501|3栋二门501|3棟2單元501室|3號樓2單元501|3之2之501|三-二-五零一|NO.3-2-501|№3-2-501|#3-2-501
惠民3-2-501|惠民社区3-2-501|惠民社区居委会3栋2单元501|银河小区3-2-501|银河3-2-501|银河小区3栋2单元501|惠民社区银河小区3栋2单元501室|惠民 银河小区 3-2-501
永昌街道惠民社区3-2-501|朝阳区永昌街道惠民社区银河小区3栋2单元501|长春市朝阳区永昌街道惠民社区3-2-501|吉林省长春市朝阳区永昌街道惠民社区银河小区3栋2单元501室
吉林长春朝阳永昌惠民银河小区3-2-501|长春市朝阳区惠民社区3-2-501|惠民大院3-2-501|吉林省 长春市 朝阳区 永昌街道 惠民社区 3栋 2单元 501|永昌街道办惠民社区3-2-501
"""
LIKELY_DOOR = """
惠明社区3-2-501|慧民社区3-2-501|永倡街道惠民社区3-2-501|永昌街道惠明社区3-2-501|银合小区3-2-501|惠民社区银合小区3栋2单元501|惠民小社区3-2-501
人民大街123号3栋2单元501|惠民社区人民大街123号3栋2单元501室|长春市朝阳区人民大街123号银河小区3栋2单元501|长春市潮阳区永昌街道惠民社区3-2-501
长村市朝阳区永昌街道惠民社区3-2-501|惠民村3-2-501|星惠民社区3-2-501|惠民社区自由路3-2-501
"""

ROWS = [
    *((HUIMIN, text, "exact", DOOR) for text in ONE_DOOR.replace("\n", "|").strip("|").split("|")),
    *((HUIMIN, text, "likely", DOOR) for text in LIKELY_DOOR.replace("\n", "|").strip("|").split("|")),
    # The same from the district, where the community has to be said.
    (DISTRICT, "惠民社区3-2-501", "exact", DOOR),
    (DISTRICT, "永昌街道惠民社区3栋2单元501室", "exact", DOOR),
    (DISTRICT, "惠明社区3-2-501", "likely", DOOR),
    (DISTRICT, "永昌惠民银河小区3-2-501", "exact", DOOR),
    (DISTRICT, "银河小区3-2-501", "exact", DOOR),
    (DISTRICT, "银合小区3-2-501", "likely", DOOR),
    (DISTRICT, "永倡街道惠明社区3-2-501", "likely", DOOR),
    ("", "长春市朝阳区永昌街道惠民社区3-2-501", "exact", DOOR),
    ("", "惠民社区银河小区3栋2单元501", "exact", DOOR),
    ("", "银河小区3-2-501", "exact", DOOR),
    # Buildings without units, with letters, with one unit, with units in their labels.
    (HUIMIN, "A座1203", "exact", "惠民社区 A座 1203"),
    (HUIMIN, "A-1203", "exact", "惠民社区 A座 1203"),
    (HUIMIN, "a座1203室", "exact", "惠民社区 A座 1203"),
    (HUIMIN, "Ａ座１２０３", "exact", "惠民社区 A座 1203"),
    (HUIMIN, "A1203", "exact", "惠民社区 A座 1203"),
    (HUIMIN, "A栋12层1203", "exact", "惠民社区 A座 1203"),
    (HUIMIN, "A座12楼3号", "exact", "惠民社区 A座 1203"),
    (HUIMIN, "b座1单元101", "likely", "惠民社区 B座 101"),
    (HUIMIN, "A座2单元1203", "unsure", "惠民社区 A座"),
    (HUIMIN, "21-301", "exact", "惠民社区 21号楼 1单元 301"),
    (HUIMIN, "21号楼301", "exact", "惠民社区 21号楼 1单元 301"),
    (HUIMIN, "21栋1单元301", "exact", "惠民社区 21号楼 1单元 301"),
    (HUIMIN, "二十一号楼三零一", "exact", "惠民社区 21号楼 1单元 301"),
    (HUIMIN, "31栋2501", "exact", "惠民社区 31栋 2单元 2501"),
    (HUIMIN, "31-2-501", "likely", "惠民社区 31栋 2单元 2501"),
    (HUIMIN, "31栋2单元2501", "exact", "惠民社区 31栋 2单元 2501"),
    (HUIMIN, "3-2501", "likely", DOOR),
    (HUIMIN, "甲栋乙单元201", "exact", "惠民社区 甲栋 乙单元 201"),
    (HUIMIN, "甲-乙-201", "exact", "惠民社区 甲栋 乙单元 201"),
    (HUIMIN, "甲栋201", "unsure", "-"),
    (HUIMIN, "老纺织厂家属楼101", "exact", "惠民社区 老纺织厂家属楼 101"),
    (HUIMIN, "老纺织厂家属楼101-1", "exact", "惠民社区 老纺织厂家属楼 101-1"),
    (HUIMIN, "老纺织厂家属楼101之1", "exact", "惠民社区 老纺织厂家属楼 101-1"),
    (HUIMIN, "老纺织厂家属楼2楼东户", "exact", "惠民社区 老纺织厂家属楼 东"),
    (HUIMIN, "老纺织厂家属楼-1层101", "exact", "惠民社区 老纺织厂家属楼 -101"),
    (HUIMIN, "老纺织厂家属楼地下一层101", "exact", "惠民社区 老纺织厂家属楼 -101"),
    (HUIMIN, "老仿织厂家属楼101", "likely", "惠民社区 老纺织厂家属楼 101"),
    (HUIMIN, "永昌农贸市场", "exact", "惠民社区 永昌农贸市场"),
    (HUIMIN, "永昌农茂市场", "likely", "惠民社区 永昌农贸市场"),
    # Ends above the door.
    (HUIMIN, "3栋", "exact", "惠民社区 3栋"),
    (HUIMIN, "3号楼2单元", "exact", "惠民社区 3栋 2单元"),
    (HUIMIN, "3-2", "exact", "惠民社区 3栋 2单元"),
    (HUIMIN, "惠民社区", "exact", "惠民社区"),
    ("", "吉林省长春市朝阳区", "exact", "朝阳区"),
    ("", "朝阳区永昌街道", "exact", "永昌街道"),
    ("", "长春", "exact", "长春市"),
    # What does not exist, or is not all understood: as far as it goes.
    (HUIMIN, "3-2-2501", "unsure", "惠民社区 3栋 2单元"),
    (HUIMIN, "3栋2单元13层1301", "unsure", "惠民社区 3栋 2单元"),
    (HUIMIN, "3栋9单元501", "unsure", "惠民社区 3栋"),
    (HUIMIN, "3栋2单元4层501", "unsure", "惠民社区 3栋 2单元"),
    (HUIMIN, "3栋2单元5楼", "unsure", "惠民社区 3栋 2单元"),
    (HUIMIN, "惠民社区99栋101", "unsure", "惠民社区"),
    (HUIMIN, "99栋101", "none", "-"),
    (HUIMIN, "3栋王示例家", "unsure", "惠民社区 3栋"),
    (HUIMIN, "3-2-501王示例", "unsure", DOOR),
    (HUIMIN, "3-2-501 13800001234", "unsure", DOOR),
    (HUIMIN, "王示例家", "none", "-"),
    (HUIMIN, "月亮小区3-2-501", "unsure", "惠民社区"),
    (HUIMIN, "二期3栋2单元501", "unsure", "惠民社区"),
    (HUIMIN, "新月路社区3-2-501", "unsure", "惠民社区"),
    (HUIMIN, "501", "none", "-"),
    (HUIMIN, "2单元501", "none", "-"),
    (HUIMIN, "", "none", "-"),
    (HUIMIN, "——", "none", "-"),
    ("", "3-2-501", "none", "-"),
    ("", "王示例家", "none", "-"),
    ("", "人民大街123号", "none", "-"),
    ("", "南关区永昌街道惠民社区3-2-501", "unsure", "-"),
    # Several fit.
    (HUIMIN, "5-1102", "unsure", "-"),
    (HUIMIN, "3#501", "unsure", "-"),
    (NEW_MOON, "1-2-501", "unsure", "-"),
    (NEW_MOON, "阳光花园1-2-501", "exact", "新月路社区 1栋 2单元 501"),
    (NEW_MOON, "阳光1-2-501", "exact", "新月路社区 1栋 2单元 501"),
    (NEW_MOON, "杨光花园1-2-501", "likely", "新月路社区 1栋 2单元 501"),
    (NEW_MOON, "幸福三期1-2-501", "exact", "新月路社区 1栋 2单元 501"),
    (NEW_MOON, "幸福三期1栋", "exact", "新月路社区 1栋"),
    (NEW_MOON, "3-2-501", "exact", "新月路社区 3栋 2单元 501"),
    ("", "新悦路社区3-2-501", "likely", "新月路社区 3栋 2单元 501"),
    ("", "新月社区3-2-501", "likely", "新月路社区 3栋 2单元 501"),
    ("", "新月新路社区3-2-501", "likely", "新月路社区 3栋 2单元 501"),
    ("", "和平社区1-1-101", "unsure", "-"),
    ("", "和平社区3-1-101", "likely", "和平社区 3栋 1单元 101"),
    ("", "永昌街道和平社区1-1-101", "exact", "和平社区 1栋 1单元 101"),
    ("", "南湖街道和平社区1-1-101", "exact", "和平社区 1栋 1单元 101"),
    ("", "和平村", "unsure", "-"),
    ("", "和平村12号", "unsure", "-"),
    ("", "英俊镇和平村", "exact", "和平村委会"),
    ("", "四家乡和平村", "exact", "和平村委会"),
    # Villages.
    (YINGJUN, "12号", "exact", "和平村委会 12号 12号"),
    (YINGJUN, "十二号", "exact", "和平村委会 12号 12号"),
    (YINGJUN, "１２号", "exact", "和平村委会 12号 12号"),
    (YINGJUN, "012号", "exact", "和平村委会 12号 12号"),
    (YINGJUN, "12", "exact", "和平村委会 12号 12号"),
    (YINGJUN, "12栋", "likely", "和平村委会 12号 12号"),
    (YINGJUN, "和平村12号", "exact", "和平村委会 12号 12号"),
    (YINGJUN, "合平村12号", "likely", "和平村委会 12号 12号"),
    (YINGJUN, "99号", "none", "-"),
    ("", "二道区英俊镇和平村12号", "exact", "和平村委会 12号 12号"),
    ("", "英俊镇和平12号", "exact", "和平村委会 12号 12号"),
    (TAIAN, "1组3号", "exact", "太安村委会 1组3号 1组3号"),
    (TAIAN, "一组三号", "exact", "太安村委会 1组3号 1组3号"),
    (TAIAN, "第一村民小组3号", "exact", "太安村委会 1组3号 1组3号"),
    (TAIAN, "3号", "unsure", "-"),
    (TAIAN, "太安村二组5号", "exact", "太安村委会 2组5号 2组5号"),
    ("", "二十号村", "exact", "二十号村委会"),
    ("", "110街社区", "exact", "110街社区居委会"),
    ("", "鸿城社区居委会1栋501", "exact", "鸿城社区居民委员会 1栋 501"),
    ("", "鸿成社区1-501", "likely", "鸿城社区居民委员会 1栋 501"),
]


@pytest.fixture(scope="module")
def answers(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], AddressMatch]]:
    """All rows read, as one batch for each place they are known to lie in."""
    with django_db_blocker.unblock(), transaction.atomic():
        town.town(tmp_path_factory.mktemp("town"))
        found: dict[tuple[str, str], AddressMatch] = {}
        for code in dict.fromkeys(row[0] for row in ROWS):
            texts = [row[1] for row in ROWS if row[0] == code]
            matches = queries.parse_addresses(texts, queries.by_code(code) if code else None)
            found |= {(code, text): match for text, match in zip(texts, matches, strict=True)}
        yield found
        transaction.set_rollback(True)


@pytest.mark.parametrize(("code", "text", "certainty", "place"), ROWS, ids=[f"{row[0][-4:]} {row[1]}" for row in ROWS])
def test_spelling(answers: dict[tuple[str, str], AddressMatch], code: str, text: str, certainty: str, place: str) -> None:
    match = answers[code, text]
    assert (str(match.certainty), town.words(match.place)) == (certainty, place), str(match.why)
