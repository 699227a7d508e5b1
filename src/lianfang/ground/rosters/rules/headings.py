"""What a heading says its column holds, in the many words that offices have for it.

A heading ends with what the column is (…姓名, …电话, …地址) and begins with whose or which: of the person of the row (被检测人员姓名,
居民电话), of somebody else (代理人姓名, 单位联系电话) or of something that happened (检测时间, 采样地点). Only the first is ours.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from lianfang.ground.rosters.types import Column


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading means.

    `known` is False for words nobody knows: then the values may speak. `exact` is the plain word for it, `loose` one that follows words
    nobody knows: 目的地联系电话 may be somebody else's.
    """

    column: Column
    known: bool
    exact: bool = False
    loose: bool = False


UNKNOWN = Meaning(Column.NONE, known=False)
FOREIGN = Meaning(Column.NONE, known=True)
"""A heading that is understood and none of ours."""

_BRACKETED = re.compile(r"\(([^()]*)\)?")
_STRAY = re.compile(r"[\s*:;.,。,【】\[\]<>《》“”\"'_~!?！？★☆※]+")
_ORDER = re.compile(r"^\d{1,2}[、.]|(?<=[一-鿿])\d$")
_PARTS = re.compile(r"[/、|]|及|和|或|与(?!.*关系)")

# Whose a column may be, so that it is still about the person of the row.
_SUBJECT = re.compile(
    r"^(?:被[一-鿿]{1,4}(?:人员|人|者|员|对象)|(?:返乡|返程|返回|来访|外来|流动|隔离|管控|监测|购药|常住|居住|户籍|重点|密接|入住|排查|受检|暂住|租住|在住)?(?:人员|居民|住户|群众|村民|成员|对象|旅客|患者)"
    r"|家庭成员|承租人|租户|租客|房客|学生|职工|员工|党员|老人|儿童|本人|个人|申请人)"
)
_ABOUT = re.compile(
    r"^(?:现在|目前|当前|现|所在|所属|所住|实际|居住地?|家庭|详细|具体|联系|主要|本市|本地|在[一-鿿]|填写|住宅|常用|备用|第[一二三]|其他|其它)+"
)
_ABOUT_PLACE = re.compile(r"^(?:目的地|责任|管辖)")
# Whose a column is not.
_OTHERS = re.compile(
    r"代理|代办|负责|管理|经办|操作|采样|(?<!被)(?:检测|检查|接种|排查|登记|采集|走访|调查|回访|核查)(?:人|员|者)|填表|填报|填写人|录入|受访|到访|监护|紧急|联络员"
    r"|联系人|干部|社工|网格员|网格长|楼长|栋长|单元长|医护|医务|医生|护士|民警|责任人|包保|审核|签字|签收|签名|盖章|担保|介绍人|接触(?:人|者)|同住人?姓|单位(?:联系|电话|地址)|公司|机构|院长|书记|志愿|物业"
)
# What happened, or what else is asked.
_EVENTS = re.compile(
    r"检测|检查|采样|采集|核酸|抗原|疫苗|接种|就诊|诊断|发病|患病|症状|体温|发热|咳嗽|健康|身体|病情|医院|医学|隔离点|隔离房|集中|途径|途经|轨迹|行程|停留|接触|密接|样本|标本|结果|车次|航班|车牌|交通"
    r"|扫码|场景|仓库|物资|酒店|学校名|班级|厂商|药店|药物|商铺|机构|统一社会信用|发布|统计|申报|观察|签|操作|审核|规则|面积|数量|人数|户数|次数|成员数|剩余|床位|房间数|人口|数$|温度"
)
_QUESTIONS = re.compile(r"是否|有无|有没有|能否|可否|吗$")

_WORDS: dict[Column, str] = {
    Column.NUMBER: "序号|编号|序|号|顺序号|行号|no|number",
    Column.NAME: "姓名|名字|人员名称|人员姓名|全名|name",
    Column.SEX: "性别|男/女|男女|sex|gender",
    Column.BIRTH: "出生日期|出生年月日|出生年月|出生时间|生日|出生|birth|birthday|dateofbirth",
    Column.AGE: "年龄|周岁|岁数|实足年龄|虚岁|age",
    Column.PAPER_KIND: "证件类型|证件种类|证件类别|证件名称|身份证件类型|证照类型",
    Column.PAPER: "身份证|身份证号|身份证号码|身份证件号|身份证件号码|公民身份号码|公民身份证号码|身份号码|证件号|证件号码|证号|身份证明号码|idno|idnumber|idcard",
    Column.PHONE: "电话|电话号码|手机|手机号|手机号码|联系电话|联系方式|联系手机|联系号码|移动电话|固定电话|固话|座机|家庭电话|住宅电话|宅电|联络方式|电话/手机|手机电话|tel|phone|mobile",
    Column.RELATION: "与户主关系|与户主的关系|与户主之关系|和户主关系|户主关系|家庭关系|与房主关系|与业主关系|与承租人关系|成员关系|关系|称谓|家庭成员关系|relation",
    Column.HEAD: "户主|户主姓名|户主名|户主名字|业主|业主姓名|房主|房主姓名|产权人|产权人姓名|房屋所有人",
    Column.HOUSEHOLD: "户号|户编号|家庭编号|家庭户号|户口号|户籍号|户口簿号|户序号|住户编号|户代码|家庭序号",
    Column.PROVINCE: "省|省份|省市|省(自治区、直辖市)",
    Column.CITY: "市|城市|地市|地级市|市州",
    Column.COUNTY: "县|区|县区|区县|县市区|区市县|市县区|市区|市辖区|县市|旗县",
    Column.STREET: "街道|乡镇|街道乡镇|乡镇街道|镇|镇街|街镇|街乡|乡|街道办|街道办事处|街道名称",
    Column.COMMUNITY: "社区|村|社区村|村社区|村居|居村|居委会|村委会|居委|行政村|村(社区)|社区名称|村名|所在村",
    Column.GRID: "网格|网格号|网格名称|网格编号|所属网格",
    Column.GROUP: "组|组别|村组|小组|村民小组|村民组|所属组|所在组|屯|屯名|村屯|社别",
    Column.COMPOUND: "小区|小区名|小区名称|院落|楼盘|楼院|自然村|庄|小区院落|住宅小区|庭院",
    Column.BUILDING: "楼栋|楼栋号|楼号|栋号|幢号|栋|幢|楼|座|座号|号楼|楼幢|楼幢号|几栋|楼座|栋楼|楼宇|#楼|building",
    Column.UNIT: "单元|单元号|门洞|单元门|几单元|门栋|楼门|梯|梯号|unit",
    Column.FLOOR: "楼层|层|层数|所在层|几层|层号|floor",
    Column.ROOM: "房号|室|室号|房间|房间号|房间号码|房屋号|门牌|门牌号|门牌号码|户室|房室|户门号|房室号|门号|户号室|住房号|门室|房门号|几室|room",
    Column.ADDRESS: (
        "地址|住址|住所|居住地|居住地点|居住地址|居住位置|住处|家庭住址|家庭地址|家庭住处|现住址|现住地|现住地址|现居住地|现居地|常住地址|常住地|暂住地址|详细地址|详细住址|通讯地址|隔离地址|隔离地点"
        "|楼栋户号|楼栋门牌|楼栋房号|楼室号|楼室|楼门号|栋室|栋号室号|栋单元室|楼单元室|楼栋单元室|房屋地址|房屋坐落|房屋位置|住房地址|目的地|目的地址|目的地点|到达地|address"
    ),
    Column.REGISTERED: "户籍|户籍地|户籍地址|户籍所在地|户籍所在|户籍住址|户口|户口地|户口地址|户口所在地|户籍所在省市区|原户籍|身份证地址|身份证住址",
    Column.LIVING: (
        "居住情况|居住状态|居住状况|居住类型|居住性质|居住方式|居住类别|住房情况|住房性质|住房使用情况|房屋使用情况|房屋状态|房屋性质|房屋情况|房屋类型|房屋用途|入住情况|入住状态|住户类型|住户性质|住户状态"
        "|人户情况|人户状态|人户关系|人口性质|人口类型|人口类别|户籍类型|是否常住|是否空置|是否出租|是否租住|是否居住|是否在住|租住情况|在住情况|常住/流动|自住/出租|出租/自住|自住或出租"
    ),
    Column.WORKPLACE: "工作单位|单位|单位名称|工作单位名称|工作单位及职务|就业单位|服务单位|工作地点|工作地|工作场所|务工单位|学校|就读学校|工作(学习)单位|单位/学校|工作学习单位|校区",
    Column.FROM_PLACE: (
        "来源地|来源地点|来源地址|来源地区|出发地|出发地点|始发地|来自|来自何地|来自何处|来自哪里|何处返程|何地返回|何处返回|从何地来|从何处来|从何地返回|从哪里来|返回地|返回前所在地|返程地|外出地|外出地点|外出地址|外出具体地址"
        "|务工地|旅居地|旅居史|旅居地点|返乡前地点|返乡出发地|自何地返回"
    ),
    Column.ARRIVED: "返乡时间|返乡日期|返程时间|返程日期|返回时间|返回日期|返回或到来时间|抵达时间|抵达日期|到达时间|到达日期|到来时间|来访日期|入住日期|返家时间|返家日期|返岗时间|来本地时间|到本地时间|来此时间|抵返时间",
    Column.REMARK: "备注|备注说明|其他备注|备考|说明|附注|注|其他说明|情况说明|remark|remarks|note|notes",
}
_EXACT = {word.replace("/", ""): column for column, words in _WORDS.items() for word in words.split("|")}
_PLAIN = {word: column for column, words in _WORDS.items() for word in words.split("|")}
_PLACES = frozenset(
    {Column.PROVINCE, Column.CITY, Column.COUNTY, Column.STREET, Column.COMMUNITY, Column.GROUP, Column.COMPOUND, Column.ADDRESS}
)
# What a longer heading may end with; the longer word first, so that 身份证号码 is not a 号码.
_ENDINGS = sorted(
    ((word, column) for word, column in _PLAIN.items() if len(word) > 1 and column not in {Column.NUMBER, Column.REMARK}),
    key=lambda pair: -len(pair[0]),
)
_NOT_AFTER_ANYTHING = frozenset(
    {"地址", "住址", "单位", "单位名称", "关系", "学校", "房间", "房间号", "号码", "证号", "目的地", "编号", "name"}
)
_ADDS_NOTHING = frozenset({"号码", "号"})
"""Words that stand under a merged heading and leave what it says as it is: 身份证号码 over 号码."""
_ARRIVAL = re.compile(r"^(?:返|抵|到|来|回)(?!访|站|电)[一-鿿]{0,5}(?:时间|日期)$")


def bare(heading: object) -> str:
    """A heading without spaces, line breaks, stars, colons and width, in small letters."""
    return _STRAY.sub("", unicodedata.normalize("NFKC", str(heading if heading is not None else ""))).lower()


@lru_cache(maxsize=1 << 14)
def meaning(heading: str, above: str = "") -> Meaning:
    """What a heading says. `above` is the heading that stands over it and its neighbours (紧急联系人 over 姓名 and 电话)."""
    own = _single(heading)
    if not above or bare(above) == bare(heading):
        return own
    over = _single(above)
    if not bare(heading):
        return over
    if over.column in {Column.REGISTERED, Column.FROM_PLACE} and own.column in _PLACES | {Column.NONE}:
        return over
    if over.column in {Column.PAPER, Column.PHONE} and bare(heading) in _ADDS_NOTHING:
        return over
    if over == FOREIGN and _OTHERS.search(bare(above)):
        return FOREIGN
    if own.known:
        return own
    joined = _single(f"{bare(above).removesuffix('信息')}{heading}")
    return joined if joined.known else own


def _single(heading: str) -> Meaning:
    text = bare(heading)
    if not text:
        return UNKNOWN
    if text in _PLAIN or text in _EXACT:
        return Meaning(_PLAIN.get(text) or _EXACT[text], known=True, exact=True)
    base = bare(_BRACKETED.sub("", text))
    base = _ORDER.sub("", base) or base
    if base in _PLAIN:
        return Meaning(_PLAIN[base], known=True, exact=True)
    found = _whole(base)
    if (found.column is not Column.NONE and not found.loose) or _OTHERS.search(base):
        return found
    parts = [part for part in _PARTS.split(base) if part]
    for part in parts if len(parts) > 1 else ():
        one = _whole(part)
        if one.column is not Column.NONE:
            return one
    return found


def _whole(base: str) -> Meaning:
    """What a heading without brackets means, by its end and by whose it is."""
    if base in _PLAIN:
        return Meaning(_PLAIN[base], known=True, exact=True)
    if _ARRIVAL.match(base):
        return Meaning(Column.ARRIVED, known=True)
    if part := _of_another_place(base):
        return part
    subject = _SUBJECT.match(base)
    rest = base[subject.end() :] if subject else base
    if subject and rest in {"", "名称", "名"}:
        return Meaning(Column.NAME, known=True)
    if not subject and _OTHERS.search(base):
        return FOREIGN
    return _by_end(base, rest.removeprefix("的"))


def _by_end(base: str, rest: str) -> Meaning:
    """What is left when it was said whose it is."""
    if column := _PLAIN.get(rest) or _PLAIN.get(_ABOUT.sub("", rest)):
        return Meaning(column, known=True)
    column = _PLAIN.get(_ABOUT.sub("", _ABOUT_PLACE.sub("", rest)))
    if column in _PLACES:
        return Meaning(column, known=True)
    if _QUESTIONS.search(base) or _EVENTS.search(base):
        return FOREIGN
    ending = next((column for word, column in _ENDINGS if rest.endswith(word) and word not in _NOT_AFTER_ANYTHING), None)
    return Meaning(ending, known=True, loose=True) if ending else UNKNOWN


_FROM = re.compile(r"^(?:来源|来自|出发地?|外出)(?:地|的)?")
_REGISTERED = re.compile(r"^(?:户籍|户口|原籍)(?:地|的)?")


def _of_another_place(base: str) -> Meaning | None:
    """来源省份, 户籍街道: a part of the place that somebody comes from, or is registered at."""
    for begins, column in ((_FROM, Column.FROM_PLACE), (_REGISTERED, Column.REGISTERED)):
        rest = begins.sub("", base)
        if rest != base and (_PLAIN.get(rest) or _PLAIN.get(_ABOUT.sub("", rest))) in _PLACES:
            return Meaning(column, known=True)
    return None
