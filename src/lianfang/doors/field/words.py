"""What stored words are called on a phone, in both languages at once: it changes its language without network."""

from __future__ import annotations

from django.utils import translation

from lianfang.ground.accounts.wording import ROLES


def of_role(role: str) -> dict[str, str]:
    """The name of an office in both languages; the stored word where the list has none."""
    name = ROLES.get(role, role)
    found = {}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            found[code] = str(name)
    return found


def in_both(message: str) -> dict[str, str]:
    """A message of the catalogue in both languages."""
    with translation.override("zh-hans"):
        chinese = translation.gettext(message) if message else ""
    return {"zh": chinese, "en": message}
