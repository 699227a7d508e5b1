"""Letters of service (服务情况函): who of an organisation served, where, on how many days and for how long. Facts only, in no order of merit."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianfang.ground.accounts.access import Actor
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.people import commands as people
from lianfang.ground.people import queries as queries_of_people
from lianfang.ground.people.types import RevealField
from lianfang.headquarters.playbooks import queries
from lianfang.kernel import clock, paper
from lianfang.kernel.ids import OrganisationId, PersonId

TEMPLATE = Path(__file__).with_name("letter.typ")
_REASON = "letter of service"


def letter(run_id: UUID, organisation: OrganisationId | None, *, by: Actor, lang: str = "zh") -> bytes:
    """The letter to one organisation as a PDF. Ask for "exports.make" and "people.reveal" first: each name that is told is logged.

    Whoever was erased, or lies outside the scope, is left out; the local administrator, who has no name in the log, gets masked ones.
    """
    run = queries.run(run_id)
    rows = queries.services(run_id, organisation)
    names = _names([one.person_id for one in rows], by)
    told = [one for one in rows if one.person_id in names]
    ground = queries.ground(run_id)
    facts = {
        "lang": lang,
        "drill": _("Drill") if run.drill else "",
        "title": _("Letter of service"),
        "to": organisations.organisation(organisation).name if organisation else _("People without an organisation"),
        "words": _(
            "In “%(name)s” the following people of your organisation served from %(first)s to %(last)s. The days are those on which they "
            "were bound to a post, a team, an area or a branch, the hours those they signed on the spot."
        )
        % {"name": run.name, "first": min((one.first for one in rows), default=""), "last": max((one.last for one in rows), default="")},
        "head": [_("Name"), _("Where"), _("What as"), pgettext("count", "Days"), _("Hours")],
        "rows": [
            [names[one.person_id], _join(one.where), _join(one.what), str(one.days), f"{one.minutes / 60:.1f}"] for one in told
        ],
        "sum": _("%(people)d people, %(days)d days of service, %(hours)s hours")
        % {"people": len(told), "days": sum(one.days for one in told), "hours": f"{sum(one.minutes for one in told) / 60:.1f}"},
        "from": ground.authority,
        "document": ground.document,
        "day": clock.today().isoformat(),
        "foot": _("Facts from records; no assessment of anybody."),
        "paging": _("Page {page} of {pages}"),
    }  # fmt: skip
    return paper.compile(TEMPLATE, facts)


def _names(person_ids: list[PersonId], by: Actor) -> dict[PersonId, str]:
    if by.account_id is None:
        return queries_of_people.names_masked(person_ids)
    told = people.reveal_for_export(person_ids, [RevealField.NAME], _REASON, by=by.account_id)
    return {person: values[RevealField.NAME] for person, values in told.items()}


def _join(names: tuple[str, ...]) -> str:
    return _(", ").join(names)
