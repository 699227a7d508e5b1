"""Take-over (接管): what a body answers for is handed to another for a time, and given back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lianfang.ground.organisations.commands.held import held
from lianfang.ground.organisations.models import Organisation, Post, Sponsorship, Takeover, Team
from lianfang.ground.organisations.queries.dated import holding
from lianfang.ground.organisations.reporting_types import Moved, TakenOverAlready, TakeoverNotFound
from lianfang.ground.organisations.types import OrganisationEnded, OrganisationNotFound
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, OrganisationId, new_id


def take_over(
    out_of_action: OrganisationId, taken_by: OrganisationId, document: str, *, by: AccountId | None, until: date | None = None
) -> tuple[UUID, Moved]:
    """Let another body answer for everything that one does: its sponsorships, posts and teams, from today.

    Raises TakenOverAlready, OrganisationNotFound, OrganisationEnded.
    """
    taker = Organisation.objects.filter(pk=taken_by).first()
    if taker is None:
        raise OrganisationNotFound
    if taker.valid_to is not None:
        raise OrganisationEnded
    if not document.strip() or out_of_action == taken_by:
        raise TakenOverAlready
    row = Takeover(
        id=new_id(), out_of_action_id=out_of_action, taken_by_id=taken_by, document=document.strip(), until=until, valid_from=clock.today()
    )
    with held(by, document.strip()):
        row.save(force_insert=True)
        moved = _hand(row.id, out_of_action, taken_by, row.document, mark=row.id)
    return row.id, moved


def give_back(takeover_id: UUID, *, by: AccountId | None) -> Moved:
    """The body takes its duties back today: those that were handed over and still hold. Raises TakeoverNotFound."""
    with held(by):
        row = Takeover.objects.select_for_update().filter(pk=takeover_id, valid_to=None).first()
        if row is None:
            raise TakeoverNotFound
        row.valid_to = clock.today()
        row.save(update_fields=["valid_to"])
        return _hand(row.id, OrganisationId(row.taken_by_id), OrganisationId(row.out_of_action_id), row.document, mark=None)


def _hand(takeover_id: UUID, from_body: OrganisationId, to_body: OrganisationId, document: str, *, mark: UUID | None) -> Moved:
    """Move what holds today: going there what is a body's own, which is marked; coming back what is marked.

    A sponsorship that the other has anyway, or that is of the other itself, is not handed over: it stays, and is there when the rest comes back.
    """
    marked = None if mark else takeover_id
    there = Sponsorship.objects.filter(holding(None), organisation_id=to_body)
    taken = {*there.values_list("place_id", "area_id", "sponsored_id"), (None, None, to_body)}
    held_now = list(Sponsorship.objects.filter(holding(None), organisation_id=from_body, takeover=marked))
    handed = [each for each in held_now if (each.place_id, each.area_id, each.sponsored_id) not in taken]
    leaving = handed if mark else held_now
    Sponsorship.objects.filter(pk__in=[each.pk for each in leaving]).update(valid_to=clock.today())
    Sponsorship.objects.bulk_create(
        Sponsorship(
            id=new_id(), organisation_id=to_body, place_id=each.place_id, area_id=each.area_id, sponsored_id=each.sponsored_id,
            document=document, takeover=mark, valid_from=clock.today(), valid_to=each.valid_to,
        )
        for each in handed
    )  # fmt: skip
    posts, teams = (
        model.objects.filter(holding(None), organisation_id=from_body, takeover=marked).update(organisation_id=to_body, takeover=mark)
        for model in (Post, Team)
    )
    return Moved(len(leaving), posts, teams)
