"""Templates: empty rosters with our columns in the order of a form that was really used, ready to be filled in and read back."""

from __future__ import annotations

from lianfang.ground.rosters.rules.forms import RealForm, real_forms
from lianfang.ground.rosters.types import PLACE_COLUMNS, Column, TemplateUnknown
from lianfang.kernel.sheets import Page, Style, write

_DOOR = {Column.BUILDING: "楼栋", Column.UNIT: "单元", Column.ROOM: "房号"}
_SAYS_DOOR = {Column.ADDRESS, Column.BUILDING, Column.ROOM}
_CHOICES = {
    Column.SEX: ("男", "女"),
    Column.RELATION: ("户主", "配偶", "子女", "父母", "孙子女", "其他亲属", "租户", "保姆", "其他"),
    Column.PAPER_KIND: (
        "居民身份证",
        "港澳台居民居住证",
        "外国人永久居留身份证",
        "港澳居民来往内地通行证",
        "台湾居民来往大陆通行证",
        "护照",
        "其他",
        "无证件",
    ),
    Column.LIVING: ("自住", "出租", "空置", "户在人在", "人在户不在", "户在人不在"),
}
_AS_TEXT = {Column.PAPER, Column.PHONE, Column.ROOM, Column.BUILDING, Column.UNIT, Column.HOUSEHOLD, Column.ADDRESS}
_WIDTHS = {
    Column.NUMBER: 6,
    Column.SEX: 6,
    Column.AGE: 6,
    Column.UNIT: 8,
    Column.BUILDING: 8,
    Column.ROOM: 10,
    Column.NAME: 12,
    Column.PAPER: 22,
    Column.ADDRESS: 30,
    Column.REGISTERED: 30,
}
_WIDTH = 16


def templates() -> tuple[RealForm, ...]:
    """The forms of which a template can be made: those that name persons."""
    return tuple(form for form in real_forms() if Column.NAME in form.columns)


def columns_of(form: RealForm) -> list[tuple[str, Column]]:
    """Headings and columns of its template: what is ours, in the order of the form; the door besides where it names none."""
    ours: list[tuple[str, Column]] = [
        (heading.strip("*【】"), column) for heading, column in zip(form.headings, form.columns, strict=True) if column is not Column.NONE
    ]
    held = {column for _, column in ours}
    if held & _SAYS_DOOR:
        return ours
    after = max((at for at, (_, column) in enumerate(ours, start=1) if column in PLACE_COLUMNS or column is Column.NAME), default=0)
    return [*ours[:after], *((heading, column) for column, heading in _DOOR.items()), *ours[after:]]


def template(name: str, note: str) -> bytes:
    """The template of a form, by its id or its name, as .xlsx; `note` says above the headings how to fill it in. Raises TemplateUnknown."""
    form = next((form for form in templates() if name in {form.id, form.name, form.id.lower()}), None)
    if form is None:
        raise TemplateUnknown(name=name[:40], known="、".join(each.id for each in templates()))
    headings = columns_of(form)
    page = Page(
        name=form.name,
        rows=[[form.name], [note], [heading for heading, _ in headings]],
        widths=[_WIDTHS.get(column, _WIDTH) for _, column in headings],
        styles={1: Style.TITLE, 2: Style.NOTE, 3: Style.HEADING},
        merged=(1, 2),
        lists={at: _CHOICES[column] for at, (_, column) in enumerate(headings) if column in _CHOICES},
        text_columns=[at for at, (_, column) in enumerate(headings) if column in _AS_TEXT],
        frozen=3,
    )
    return write([page])
