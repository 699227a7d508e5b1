"""A small town to read addresses in: real names of divisions, laid-out compounds, a village, sites, buildings with odd names."""

from __future__ import annotations

from pathlib import Path

from lianfang.ground.places import commands, queries
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import AreaKind, Kind

_HEADER = "code12,name,street_code,street,county_code,county,city_code,city,province_code,province\n"
_ROWS = (
    ("220104005001", "惠民社区", "永昌街道", "朝阳区"),
    ("220104005002", "新月路社区", "永昌街道", "朝阳区"),
    ("220104005003", "和平社区", "永昌街道", "朝阳区"),
    ("220104005004", "110街社区居委会", "永昌街道", "朝阳区"),
    ("220104006001", "和平社区", "南湖街道", "朝阳区"),
    ("220104006002", "鸿城社区居民委员会", "南湖街道", "朝阳区"),
    ("220105100200", "和平村委会", "英俊镇", "二道区"),
    ("220105100201", "太安村委会", "英俊镇", "二道区"),
    ("220105101200", "和平村委会", "四家乡", "二道区"),
    ("220105101201", "二十号村委会", "四家乡", "二道区"),
    ("220105100001", "英俊社区", "英俊镇", "二道区"),
)


def divisions(folder: Path) -> None:
    """Load a list with the divisions of the town."""
    lines = [f"{code},{name},{code[:9]},{street},{code[:6]},{county},2201,长春市,22,吉林省\n" for code, name, street, county in _ROWS]
    path = folder / "town_2022-01-01.csv"
    path.write_text(_HEADER + "".join(lines), encoding="utf-8")
    commands.load_divisions([path])


def lay(code: str, phrase: str, compound: str = "") -> None:
    """Lay out buildings in a community."""
    commands.lay_out(queries.by_code(code).place_id, commands.parse_layout(phrase), by=None, compound=compound)


def town(folder: Path) -> None:
    """惠民社区 has all sorts of buildings, 新月路社区 two compounds with the same numbers, 和平村 of 英俊镇 houses."""
    divisions(folder)
    huimin = queries.by_code("220104005001").place_id
    lay("220104005001", "1-6栋，3个单元，12层，每层2户，房号为层号加两位", "银河小区")
    lay("220104005001", "A-C座，不分单元，20层，每层4户，房号为层号加两位")
    lay("220104005001", "21号楼，1个单元，6层，每层3户，房号为层号加两位")
    lay("220104005001", "31栋，2个单元，9层，每层2户，房号为单元号加层号加两位")
    odd = commands.add_building(huimin, "甲栋", by=None)
    for name in ("甲单元", "乙单元"):
        unit = commands.add_unit(odd, name, by=None)
        commands.add_doors(unit, [(f"{floor}0{door}", floor, Kind.DWELLING) for floor in (1, 2, 3) for door in (1, 2)], by=None)
    old = commands.add_building(huimin, "老纺织厂家属楼", by=None)
    commands.add_doors(
        old, [("101", 1, Kind.DWELLING), ("101-1", 1, Kind.DWELLING), ("东", 2, Kind.DWELLING), ("-101", -1, Kind.DWELLING)], by=None
    )
    commands.add_site(huimin, "永昌农贸市场", by=None)
    lay("220104005002", "1-3栋，2个单元，6层，每层2户，房号为层号加两位", "阳光花园")
    lay("220104005002", "1-2栋，2个单元，6层，每层2户，房号为层号加两位", "幸福三期")
    commands.add_houses(queries.by_code("220105100200").place_id, [f"{n}号" for n in range(1, 16)], by=None)
    commands.add_houses(queries.by_code("220105100201").place_id, [f"{group}组{n}号" for group in (1, 2) for n in range(1, 6)], by=None)
    lay("220104005003", "1-2栋，2个单元，6层，每层2户，房号为层号加两位")
    lay("220104006001", "1-3栋，2个单元，6层，每层2户，房号为层号加两位")
    lay("220104006002", "1栋，不分单元，7层，每层2户，房号为层号加两位")
    commands.add_alias(queries.by_code("220104005001").place_id, "惠民大院", by=None)
    commands.found_area(AreaKind.GRID, "第一网格", huimin, [huimin], by=None)


def words(place: Place | None) -> str:
    """A place in words from its community on: 惠民社区 3栋 2单元 501."""
    if place is None:
        return "-"
    path = [*(above.name for above in queries.ancestors(place)), place.name]
    return " ".join(path[4:] or path[-1:])
