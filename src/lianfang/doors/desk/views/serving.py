"""What somebody of the pool really did, from records alone, also without an account; duty signed on paper is typed in here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.dressing import Dressed, moment_field
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.views.attendance import lines, placed
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound, Refused
from lianfang.kernel.ids import PlaceId
from lianfang.work.mobilisation import commands, queries, wording
from lianfang.work.mobilisation.types import ForceSeen, TimesWrong

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

_POSTS = 200


class DutyForm(Dressed):
    """One duty as the paper at the post says."""

    post = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    begins = moment_field(pgettext_lazy("on duty", "Came"))
    ends = moment_field(gettext_lazy("Went"))


def _force(actor: Actor, force_id: UUID) -> ForceSeen:
    del actor  # row security shows what lies in the scope; the frame asks for the place
    return queries.force(force_id)


@page(Ability.MEMBERS_SEE, place=Of("force_id", _force), methods=("GET", "POST"))
def service(request: DeskRequest, place: Place, force: ForceSeen) -> HttpResponse:
    """What somebody of the pool really did, from records alone: to be printed, handed to them, and mended; duty signed on paper is typed in here."""
    here = next((one for one in [place, *reversed(places.ancestors(place))] if one.at_level is not Level.DOOR), place)
    if here.at_level in {Level.UNIT, Level.BUILDING}:
        here = places.community_of(here) or here
    posts = {str(one.post_id): one for one in organisations.posts(places.ranges_of(here), limit=_POSTS)}
    form = DutyForm(request.POST or None)
    form.offer("post", [("", here.name), *((key, one.name) for key, one in posts.items())])
    if request.method == "POST" and form.is_valid():
        told, post = form.cleaned_data, posts.get(form.cleaned_data["post"])
        try:
            request.saved.extend(
                commands.duty_from_paper(
                    force.person_id, post.place_id if post else PlaceId(here.id), told["begins"], told["ends"], by=request.actor,
                    post=post.post_id if post else None,
                )
            )  # fmt: skip
        except (NotFound, Denied):
            raise
        except Refused as refused:
            fault_of(form, refused, ((TimesWrong, "ends"), (Refused, "begins")))
        else:
            notices.say(request, Notice(_("Saved.")))
            return HttpResponseRedirect(reverse("desk:service", args=[force.force_id]))
    person = force.person_id
    account = accounts.accounts_of_persons([person]).get(person)
    home = organisations.homes_of([person], clock.today()).get(person)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "force": force,
        "body": organisations.names_of_organisations([home]).get(home, "") if home else "",
        "came": wording.CAME[force.came],
        "spells": lines(queries.spells_of(person, *([account] if account else [])), clock.today()),
        "served": placed(organisations.serving_of(person)),
        "sent": placed(queries.sent_of_person(person)),
        "certified": organisations.served_by(person),
        "may_correct": access.may(request.actor, Ability.RECORDS_SETTLE, place),
        "may_write": access.may(request.actor, Ability.DUTY_RECORD, here),
        "form": form,
        "now": clock.now(),
    }
    return pages.show(request, "desk/duty/service.html", context, status=422 if request.method == "POST" else 200)
