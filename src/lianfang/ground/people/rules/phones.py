"""Telephone numbers: one normal form, so that the same number is found however it was written."""

from __future__ import annotations

import re

from lianfang.ground.people.types import PhoneLengthWrong, PhoneUnreadable

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_EXTENSION = re.compile(r"(?:转|分机|EXT\.?|#)\s*(\d{1,6})$", re.IGNORECASE)
_SPACING = re.compile(r"[\s\-‐-―－_.,()（）/']+")
# 86 without a plus is the country only where the rest is long enough to be a whole number.
_COUNTRY = re.compile(r"^(?:\+|00)86|^86(?=\d{9,11}$)")
_MOBILE_DIGITS = 11
_PARTS_WITH_EXTENSION = 3
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_FIXED = re.compile(r"(?P<area>0(?:10|2\d|[3-9]\d{2}))(?P<local>[2-9]\d{6,7})", re.ASCII)
_LOCAL = re.compile(r"[2-9]\d{6,7}", re.ASCII)
_SERVICE = re.compile(r"[48]00\d{7}", re.ASCII)
_ABROAD = re.compile(r"(?:\+|00)[1-9]\d{6,14}", re.ASCII)


def normal_phone(text: str) -> str:
    """The one form under which a number is kept: 13812341234, 0431-81234567, 0431-81234567-12, +85291234567.

    An empty text gives an empty one. Raises `PhoneUnreadable` (or its `PhoneLengthWrong`), never with the number in it.
    """
    written = text.translate(_FULL_WIDTH).strip()
    extension = _EXTENSION.search(written)
    if extension:
        written = written[: extension.start()]
    digits = _SPACING.sub("", written)
    if not digits:
        return ""
    national = _COUNTRY.sub("", digits)
    if _MOBILE.fullmatch(national):
        return national
    if national != digits and not national.startswith("0"):
        national = "0" + national
    fixed = _FIXED.fullmatch(national)
    if fixed:
        return "-".join(filter(None, (fixed["area"], fixed["local"], extension and extension[1])))
    if _LOCAL.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return "-".join(filter(None, (digits, extension and extension[1])))
    if _ABROAD.fullmatch(digits):
        return "+" + digits.lstrip("+").removeprefix("00")
    if re.fullmatch(r"1\d{6,14}", national, re.ASCII) and len(national) != _MOBILE_DIGITS:
        raise PhoneLengthWrong(found=len(national))
    raise PhoneUnreadable


def last_four(phone: str) -> str:
    """The last four digits of a number in normal form, an extension left out; fewer if it has fewer."""
    base = phone.rsplit("-", 1)[0] if len(phone.split("-")) == _PARTS_WITH_EXTENSION else phone
    return re.sub(r"\D", "", base)[-4:]
