"""Moments and days as people say them, on the wall clock of the country."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianfang.kernel import clock

_HOURS_SAID = 48  # from two days on, days are said


def day(value: date | datetime) -> str:
    """3月12日; with the year when it is another one."""
    local = clock.local(value).date() if isinstance(value, datetime) else value
    if local.year == clock.today().year:
        return date_format(local, pgettext("format of a day of this year", "j M"))
    return date_format(local, pgettext("format of a day of another year", "j M Y"))


def hour(value: datetime) -> str:
    """14:05."""
    return clock.local(value).strftime("%H:%M")


def moment(value: datetime) -> str:
    """3月12日 14:05."""
    return f"{day(value)} {hour(value)}"


def near(value: datetime) -> str:
    """今天 20:00, 明天 09:00, otherwise the day."""
    names = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    distance = (clock.local(value).date() - clock.today()).days
    return f"{names[distance]} {hour(value)}" if distance in names else moment(value)


def stretch(length: timedelta) -> str:
    """5 小时 55 分; whole days from two days on."""
    minutes = int(abs(length).total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    if hours >= _HOURS_SAID:
        return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}
    if hours and rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    if hours:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}


def remaining(until: datetime) -> str:
    """还剩 5 小时 55 分, or 已超 3 小时."""
    length = until - clock.now()
    if length >= timedelta():
        return _("%(time)s left") % {"time": stretch(length)}
    return _("%(time)s late") % {"time": stretch(length)}


def shift(line: str) -> str:
    """A shift as it is written (`1-5 08:00-20:00`) in words: 周一至周五 08:00–20:00."""
    names = (
        pgettext("hours of a post", "Monday"),
        pgettext("hours of a post", "Tuesday"),
        pgettext("hours of a post", "Wednesday"),
        pgettext("hours of a post", "Thursday"),
        pgettext("hours of a post", "Friday"),
        pgettext("hours of a post", "Saturday"),
        pgettext("hours of a post", "Sunday"),
    )
    days, _space, hours = line.rpartition(" ")
    said = _("round the clock") if hours == "00:00-24:00" else hours.replace("-", "–")
    if not days:
        return said if hours == "00:00-24:00" else f"{_('every day')} {said}"
    first, _dash, last = days.partition("-")
    if not last:
        return f"{names[int(first) - 1]} {said}"
    return f"{_('%(first)s to %(last)s') % {'first': names[int(first) - 1], 'last': names[int(last) - 1]}} {said}"
