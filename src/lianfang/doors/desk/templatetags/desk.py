"""Small tags and filters for templates: icons, signs, numbers with units, moments, words."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import template
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianfang.doors.desk import moments, words
from lianfang.doors.desk.saying import said as said_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from lianfang.headquarters.bulletins.documents.layout import Number
    from lianfang.kernel.errors import Refused

register = template.Library()
_NOWHERE = str(UUID(int=0))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon out of the one sprite; decoration only, the words stand beside it."""
    return _icon(name, static("desk/icons.svg"))


@lru_cache(maxsize=256)
def _icon(name: str, sprite: str) -> SafeString:
    return format_html('<svg class="lf-i" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


@register.simple_tag
def sign(state: str | None) -> SafeString:
    """The sign of a door's state, read out by its name."""
    found = words.sign(state)
    return format_html(
        '<span class="lf-g s-{}" role="img" aria-label="{}" title="{}">{}</span>', found.state, found.name, found.name, found.char
    )


@register.filter
def sign_name(state: str | None) -> str:
    """The name of a door's state."""
    return str(words.sign(state).name)


@register.filter
def sign_short(state: str | None) -> str:
    """The name of a door's state for the head of a column."""
    found = words.sign(state)
    return str(found.short or found.name)


@register.filter
def number(value: int | None) -> str:
    """1,204; a dash where nothing is known."""
    return "–" if value is None else f"{value:,}"


@register.filter
def share(part: int | None, whole: int | None) -> str:
    """92.7%; empty where there is nothing to share."""
    return f"{part / whole:.1%}" if part is not None and whole else ""


@register.filter
def unit(value: str) -> str:
    """The word of a unit: 户, 户次, 人, 人次, 件."""
    return words.word(words.UNITS, value)


@register.simple_tag
def amount(value: int | None, of: str, href: str = "") -> SafeString:
    """A number with its unit, and with the way to the records behind it where one is given."""
    shown = (
        format_html('<a class="lf-fig" href="{}">{}</a>', href, number(value)) if href else format_html("<span>{}</span>", number(value))
    )
    return format_html('{}<span class="lf-u">{}</span>', shown, unit(of))


@register.filter
def moment(value: datetime | None) -> str:
    """3月12日 14:05."""
    return moments.moment(value) if value else ""


@register.filter
def near(value: datetime | None) -> str:
    """今天 20:00."""
    return moments.near(value) if value else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """3月12日."""
    return moments.day(value) if value else ""


@register.filter
def hour(value: datetime | None) -> str:
    """14:05."""
    return moments.hour(value) if value else ""


@register.filter
def remaining(value: datetime | None) -> str:
    """还剩 5 小时 55 分."""
    return moments.remaining(value) if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return value.isoformat() if value else ""


@register.filter
def lasted(minutes: int) -> str:
    """How long something lasted: 5 小时 55 分."""
    return moments.stretch(timedelta(minutes=minutes))


@register.filter
def shift(line: str) -> str:
    """A shift of a post in words."""
    return moments.shift(line)


@register.filter
def said(refused: Refused) -> str:
    """A refusal in the reader's language."""
    return said_of(refused)


@register.filter
def worded(value: Any, table: str) -> str:
    """A stored value by its name in one of the tables of `words` (LEVELS, ROLES, …)."""
    return words.word(getattr(words, table), value)


@register.filter
def meant(named: Any) -> str:
    """A thing out of a file that brings its own words: its Chinese term, or its English name."""
    return str(named.term if (get_language() or "").startswith("zh") else named.name)


@register.filter
def item(table: dict[Any, Any], key: Any) -> Any:
    """A value of a dictionary."""
    return table.get(key)


@register.simple_tag
def listed(*names: str) -> str:
    """Names joined as the language joins a list."""
    return _(", ").join(name for name in names if name)


@register.simple_tag
def bar(done: int, whole: int) -> SafeString:
    """The bar of what is settled; an image with words, widths as attributes (no inline styles)."""
    if not whole:
        return mark_safe("")
    part = f"{done / whole * 100:.1f}"
    label = _("%(part)s%% settled") % {"part": part}
    return format_html(
        '<svg class="lf-bar" role="img" aria-label="{}" viewBox="0 0 100 10" preserveAspectRatio="none">'
        '<rect class="open" width="100" height="10"/><rect class="done" width="{}" height="10"/></svg>',
        label,
        part,
    )


@register.inclusion_tag("desk/parts/field.html")
def field(bound: Any, hint: str = "", *, wide: bool = False, folded: bool = False) -> dict[str, Any]:
    """A form field: label, hint, input, and its faults beside it. A long list of choices may stand folded until one is chosen."""
    return {"field": bound, "hint": hint or bound.help_text, "wide": wide, "folded": folded}


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], **changed: Any) -> str:
    """The present address with some of its filters changed; None or empty takes one out."""
    query = context["request"].GET.copy()
    for name, value in changed.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag
def address(name: str, place: UUID) -> str:
    """The address of one place's page, as `url` gives it; worked out once a page, since a building map asks for hundreds."""
    return _addressed(name, get_script_prefix()).replace(_NOWHERE, str(place))


@lru_cache(maxsize=64)
def _addressed(name: str, _prefix: str) -> str:
    return reverse(name, args=[_NOWHERE])


@register.simple_tag
def traced(told: Number, trace: str, place_id: str = "") -> SafeString:
    """A number of a bulletin, with the way to what is behind it where there is one."""
    if not trace or not told.figure or told.value is None or (_NOWHERE in trace and not place_id):
        return format_html("{}", told.text)
    return format_html('<a class="lf-fig" href="{}">{}</a>', trace.replace("KEY", told.figure).replace(_NOWHERE, place_id), told.text)
