"""The cell of a building map: one tag instead of a template of its own, since a building of forty floors has hundreds of them.

Measured on 200 cells: 30 ms of processor time so, 90 as a template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianfang.doors.desk.templatetags.desk import address

if TYPE_CHECKING:
    from lianfang.doors.desk.parts.building import Door

register = template.Library()
_NOTHING = mark_safe("")
_CHOSEN = mark_safe(' aria-current="true"')
_SWAPPED = mark_safe(' hx-swap-oob="true"')


@register.simple_tag(takes_context=True)
def cell(context: dict[str, Any], door: Door) -> SafeString:
    """A door as a link with its sign and tries.

    From the page: the `chosen` door, whether one `may_record`, `only` one state, `swap`, and what the addresses of doors have `kept`.
    """
    sign = door.sign
    only = context.get("only")
    how = _("not part of this round") if door.outside else door.said
    said = f"{door.label} {how}"
    kept = context.get("kept", "")
    return format_html(
        '<a class="lf-d s-{}{}" id="d-{}" href="{}" hx-get="{}" hx-target="#panel"{} tabindex="-1" data-row="{}" data-column="{}"{}'
        ' title="{}" aria-label="{}{}"{}><span class="n">{}</span>{}<b class="k">{}</b></a>',
        sign.state,
        " dim" if door.outside or (only and only != sign.state) else "",
        door.id,
        address("desk:place", door.id),
        f"{address('desk:panel', door.id)}{kept}",
        _CHOSEN if context.get("chosen") == door.id else _NOTHING,
        door.row,
        door.column,
        format_html(' data-visit="{}"', f"{address('desk:visit', door.id)}{kept}") if context.get("may_record") else _NOTHING,
        said,
        said,
        " " + _("%(n)s tries") % {"n": door.tries} if door.tries > 1 else "",
        _SWAPPED if context.get("swap") else _NOTHING,
        door.label,
        _times(door.tries) if door.tries > 1 and not sign.closes else _NOTHING,
        sign.char,
    )


def _times(tries: int) -> SafeString:
    return format_html('<span class="t">{}</span>', pgettext("short, in a cell of the map", "×%(n)s") % {"n": tries})
