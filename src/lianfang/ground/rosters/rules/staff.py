"""Lists of workers told from lists of residents (网格员名单、楼栋长名册、值班表): by the words of the sheet, its title and its headings.

A list of residents may name its grid worker in its title and hold residents who lead a building; so a title counts only where it calls
the list one of workers, and headings only where none of them is one that only residents have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lianfang.ground.rosters.rules.headings import bare
from lianfang.ground.rosters.types import Column

_WHO = (
    r"网格(?:员|长|队伍)|楼栋?长|栋长|单元长|门栋长|小区长|十户长|联户长|中心户长|社区?工作者|社工|(?:社区|街道|居委会?|村)?工作人员|(?:社区|两委|下沉|包保|包联|机关|街道|村)干部"
    r"|下沉(?:人员|党员)|包保(?:人员|责任人)|志愿者|值班(?:人员)?|执勤(?:人员)?|卡口(?:人员)?|物业(?:人员|员工|工作人员)|两委(?:班子|成员)|班子成员|保洁员?|保安|医护人员|采样人员|流调(?:人员|队)|突击队员?|先锋队员?"
)
_LIST = r"名单|名册|花名册|一览表|通讯录|通信录|联系表|联系方式|排班表?|值班表|轮值表|安排表|信息表|登记表|统计表|汇总表|台账|明细表?|表"
_TITLE = re.compile(rf"(?:{_WHO})(?:及|和|、|与|基本|个人|人员|联系|信息|情况|责任|分工|值守){{0,4}}[^居住户入人]{{0,4}}(?:{_LIST})")
_SHEET = re.compile(rf"(?:{_WHO})(?:{_LIST})?")
_RESIDENTS = re.compile(r"居民|住户|村民|户籍|常住|流动|租户|业主|入户|摸排|排查|家庭")
_DUTIES = re.compile(
    r"职务|岗位|工作岗位|岗位职责|职责|工作职责|责任区|责任区域|责任楼栋|责任范围|负责区域|负责楼栋"
    r"|负责范围|负责网格|负责单元|包保楼栋|包保区域|包保网格|包联楼栋|分管楼栋|分管区域|管理楼栋|所辖楼栋|管辖楼栋"
    r"|管辖范围|管辖区域|负责户数|服务户数|管理户数|所辖户数|管辖户数|包保户数|班次|值班日期|值班时间|值班时段"
    r"|值班地点|执勤时间|在岗时间|所属队伍|担任职务"
)
_OF_RESIDENTS = frozenset({Column.RELATION, Column.HEAD, Column.HOUSEHOLD, Column.LIVING})


def lists_workers(sheet: str, titles: Iterable[str], headings: Iterable[str], columns: Collection[Column]) -> bool:
    """Whether a sheet lists workers and not residents."""
    if _OF_RESIDENTS & set(columns):
        return False
    if any(_DUTIES.fullmatch(bare(heading)) for heading in headings):
        return True
    return bool(_SHEET.fullmatch(re.sub(r"\s|\d", "", sheet))) or any(calls_workers(title) for title in titles)


def calls_workers(line: str) -> bool:
    """Whether a title, or a line between the rows, says that workers follow."""
    text = re.sub(r"\s", "", line)
    return bool(_TITLE.search(text)) and not _RESIDENTS.search(text)
