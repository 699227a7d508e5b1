"""What a sensitive value looks like to those who have not asked for it with a reason.

张*, 138****1234, the first three and last four of an identity number: the custom of the country. Shorter
numbers show less: never more than half of what there is.
"""

from __future__ import annotations

from datetime import date

from lianfang.ground.people.types import AgeGroup

STAR = "*"
_LONG = 15
_MIDDLING = 8
_MOBILE = 11


def masked_name(name: str) -> str:
    """The first character and a star; of a name of one character only the star."""
    name = name.strip()
    return name[0] + STAR if len(name) > 1 else STAR * len(name)


def masked_number(number: str) -> str:
    """The number of a paper: of 15 characters and more the first three and last four, of 8 to 14 the first and last two."""
    length = len(number)
    if length >= _LONG:
        return number[:3] + STAR * (length - 7) + number[-4:]
    if length >= _MIDDLING:
        return number[0] + STAR * (length - 3) + number[-2:]
    return STAR * length


def masked_phone(phone: str) -> str:
    """A mobile number as 138****1234; a fixed line as its area code and last three digits; others show at most a third."""
    if phone.isdigit() and len(phone) == _MOBILE:
        return phone[:3] + STAR * 4 + phone[-4:]
    if phone.startswith("0") and "-" in phone:
        area, local = phone.split("-")[:2]
        return f"{area}-{STAR * (len(local) - 3)}{local[-3:]}"
    if len(phone) < _MIDDLING:
        return STAR * len(phone)
    return STAR * (len(phone) - 3) + phone[-3:]


def age_on(birth: date, day: date) -> int:
    """Completed years on a day; one born on 29 February completes a year on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


_GROUPS = ((3, AgeGroup.INFANT), (14, AgeGroup.CHILD), (18, AgeGroup.MINOR), (60, AgeGroup.ADULT), (80, AgeGroup.ELDER))


def age_group(birth: date, day: date) -> AgeGroup:
    """The wide band of age that is shown in place of a date of birth."""
    age = age_on(birth, day)
    return next((group for below, group in _GROUPS if age < below), AgeGroup.AGED)
