"""What a rule set asks before a zone may be lifted, in words. The product asks; a person with authority looks and decides."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianfang.doors.desk.templatetags.desk import meant
from lianfang.ground.incidents.rules import rulesets


def asked_before_lifting(rule_set: str, key: str) -> list[str]:
    """One line for each condition; none where the measure is no zone of the rule set."""
    if not rule_set:
        return []
    rules = rulesets.rule_set(rule_set)
    told = cast("dict[str, Any]", rules.release.get(key) or {})
    lines = []
    if days := told.get("no_new_days"):
        lines.append(ngettext("No new infection for %(n)d day", "No new infection for %(n)d days", days) % {"n": days})
    if days := told.get("last_contact_days"):
        lines.append(ngettext("%(n)d day since the last contact left", "%(n)d days since the last contact left", days) % {"n": days})
    if day := told.get("full_round_on_day"):
        lines.append(_("Everybody tested negative on day %(n)d") % {"n": day})
    if days := told.get("full_round_within_days"):
        lines.append(
            ngettext("Everybody tested negative within %(n)d day", "Everybody tested negative within %(n)d days", days) % {"n": days}
        )
    if told.get("when_all_others_end"):
        lines.append(_("All other zones of the incident have been lifted"))
    if after := told.get("becomes"):
        zone = next(one for one in rules.zones if one.key == after)
        lines.append(_("It then becomes: %(zone)s") % {"zone": meant(zone)})
    return lines
