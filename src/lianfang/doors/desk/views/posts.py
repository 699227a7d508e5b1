"""Posts: opened, changed, manned and closed; who is there now; coming on and going off at one; its poster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages, words
from lianfang.doors.desk.forms.posts import PostForm, WhoForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.moments import moment, shift
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import somebody
from lianfang.doors.desk.parts.wall import code
from lianfang.doors.desk.saying import fault_of, said
from lianfang.doors.desk.whereabouts import crumbs, places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.force_types import ForceIncomplete, HoursWrong, NewPost, NoHours, PostKind, PostSeen, ServingNotFound
from lianfang.ground.organisations.rules import hours_written
from lianfang.ground.places import queries as places
from lianfang.kernel import clock, paper
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.ids import IncidentId, OrganisationId
from lianfang.work.mobilisation import commands as duty
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.mobilisation.types import NotOnDuty

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

POSTER = Path(__file__).parents[1] / "paper" / "post.typ"
_FIELD_OF: tuple[tuple[type[Refused], str], ...] = ((ForceIncomplete, "name"), (NoHours, "hours"), (HoursWrong, "hours"))


def found(actor: Actor, post_id: UUID) -> PostSeen:
    """A post that is open; the frame asks about its place."""
    del actor
    return queries.post(post_id)


def offer_whose(form: Any, place: Place) -> None:
    """The organisations seated at or above a place, and the incidents that run there."""
    bodies = [*queries.organisations_seated(places.ranges_of(place), limit=200)]
    for above in places.ancestors(place):
        bodies += queries.organisations_at(above.place_id)
    form.offer("organisation", [("", _("none")), *((str(one.organisation_id), one.name) for one in bodies)])
    form.offer("incident", [("", _("none")), *((str(one.incident_id), one.name) for one in incidents.incidents_over(place))])


def chosen(told: dict[str, Any]) -> dict[str, Any]:
    """The organisation and the incident that were chosen."""
    return {
        "organisation": OrganisationId(UUID(told["organisation"])) if told["organisation"] else None,
        "incident": IncidentId(UUID(told["incident"])) if told["incident"] else None,
    }


@page("organisations.edit", place="place_id", methods=("GET", "POST"))
def post_new(request: DeskRequest, place: Place) -> HttpResponse:
    """Open a post at a place."""
    form = PostForm(request.POST or None)
    offer_whose(form, place)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        new = NewPost(
            told["name"], PostKind(told["kind"]), place.place_id, told["duty"], tuple(told["hours"]), needed=told["needed"], **chosen(told)
        )
        try:
            [made] = commands.open_posts([new], by=request.actor.account_id)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            notices.say(request, Notice(pgettext("a post", "“%(name)s” is open.") % {"name": told["name"]}))
            return HttpResponseRedirect(reverse("desk:post", args=[made]))
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "form": form,
        "title": _("Open a post"),
        "do": pgettext("a post", "Open it"),
    }
    return pages.show(request, "desk/organisations/form.html", context)


@page("organisations.edit", place=Of("post_id", found), methods=("GET", "POST"))
def post_change(request: DeskRequest, post: PostSeen, place: Place) -> HttpResponse:
    """Change what a post is called and does, when it is manned and by how many."""
    form = PostForm(
        request.POST or None, initial={"name": post.name, "duty": post.duty, "needed": post.needed, "hours": hours_written(post.hours)}
    )
    for fixed in ("kind", "organisation", "incident"):
        del form.fields[fixed]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            commands.change_post(
                post.post_id, name=told["name"], duty=told["duty"], needed=told["needed"], hours=told["hours"], by=request.actor.account_id
            )
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            notices.say(request, Notice(_("Saved.")))
            return HttpResponseRedirect(reverse("desk:post", args=[post.post_id]))
    context = {"place": place, "crumbs": crumbs(request.actor, place), "form": form, "title": post.name, "do": _("Save")}
    return pages.show(request, "desk/organisations/form.html", context)


@page("places.see", place=Of("post_id", found))
def post(request: DeskRequest, post: PostSeen, place: Place) -> HttpResponse:
    """A post: what is done there and when, who is there now, who mans it in turns; coming on and going off."""
    return _page(request, post, place, WhoForm())


def _page(request: DeskRequest, one: PostSeen, place: Place, form: WhoForm, status: int = 200) -> HttpResponse:
    may_edit = access.may(request.actor, "organisations.edit", place)
    spells = mobilisation.at_post(one.post_id)
    names = mobilisation.names_on_duty(spells)
    mine = mobilisation.present_spell(request.actor.account_id) if request.actor.account_id else None
    if may_edit:
        form.offer("force", somebody.offered(place))
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "post": one,
        "where": places_named({place.id}).get(place.id, place.name),
        "hours": shifts_of(one),
        "there": [{"name": names.get(spell.account_id, ""), "since": spell.began_at} for spell in spells],
        "holders": queries.who_mans(one.post_id) if access.may(request.actor, "people.see", place) else None,
        "organisation": queries.organisation(one.organisation_id) if one.organisation_id else None,
        "mine": mine is not None and mine.post_id == one.post_id,
        "may_sign": access.may(request.actor, "duty.record", place),
        "may_edit": may_edit,
        "form": form,
    }
    return pages.show(request, "desk/organisations/post.html", context, status=status)


@page("organisations.edit", place=Of("post_id", found), methods=("POST",))
def post_do(request: DeskRequest, post: PostSeen, place: Place) -> HttpResponse:
    """Put somebody on a post, end somebody's time at it, or close it."""
    by, asked = request.actor.account_id, request.POST.get("do", "")
    if asked == "close":
        commands.close_posts([post.post_id], by=by)
        notices.say(request, Notice(_("“%(name)s” is closed.") % {"name": post.name}))
        return HttpResponseRedirect(reverse("desk:organisations", args=[place.id]))
    if asked == "leave":
        held = {str(one.row_id): one.row_id for one in queries.who_mans(post.post_id)}
        if request.POST.get("holder") not in held:
            raise ServingNotFound
        commands.leave_posts([held[request.POST["holder"]]], by=by)
        notices.say(request, Notice(_("Saved.")))
        return HttpResponseRedirect(reverse("desk:post", args=[post.post_id]))
    if asked != "man":
        raise NotFound
    form = WhoForm(request.POST)
    form.offer("force", somebody.offered(place))
    if form.is_valid():
        try:
            commands.man_posts([(post.post_id, somebody.meant(request.actor, form.cleaned_data))], by=by)
        except Refused as refused:
            fault_of(form, refused, ((Refused, "name"),))
        else:
            notices.say(request, Notice(_("Saved.")))
            return HttpResponseRedirect(reverse("desk:post", args=[post.post_id]))
    return _page(request, post, place, form, status=422)


@page("duty.record", place=Of("post_id", found), methods=("POST",))
def post_duty(request: DeskRequest, post: PostSeen, place: Place) -> HttpResponse:
    """Come on duty at a post, or go off."""
    try:
        if request.POST.get("duty") == "off":
            saved, told = duty.sign_off(place.place_id, by=request.actor), _("You are off duty.")
        else:
            saved, told = duty.sign_on(place.place_id, by=request.actor, post=post.post_id), _("You are on duty.")
    except NotOnDuty as refused:
        notices.say(request, Notice(said(refused), "bad"))
    else:
        request.saved.append(saved)
        undo = reverse("desk:withdraw", args=[saved.record_id]) if access.may(request.actor, "records.write", place) else ""
        notices.say(request, Notice(told, undo=undo, undo_words=_("Take back") if undo else ""))
    return HttpResponseRedirect(reverse("desk:post", args=[post.post_id]))


@page("places.see", place=Of("post_id", found))
def post_poster(request: DeskRequest, post: PostSeen, place: Place) -> HttpResponse:
    """The poster of a post: what is done there and when, with the code by which whoever mans it signs in; no names."""
    path = [place.place_id, *(above.place_id for above in reversed(places.ancestors(place)))]
    facts = {
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "title": post.name,
        "kind": words.word(words.POSTS, post.kind.value),
        "where": places_named({place.id}).get(place.id, place.name),
        "duty": post.duty,
        "hours_words": _("Manned at"),
        "hours": shifts_of(post),
        "number_words": _("Always answered"),
        "number": accounts.duty_phone(path),
        "qr": code(request.build_absolute_uri(reverse("residents:post", args=[post.post_id]))),
        "qr_words": _("Scan: manned now? On duty here: sign in and out"),
        "foot": _("Something wrong or missing here? Tell the community office."),
        "as_of": moment(clock.now()),
    }
    response = HttpResponse(paper.compile(POSTER, facts), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="post.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def shifts_of(post: PostSeen) -> list[str]:
    """The shifts of a post in words."""
    return [shift(line) for line in hours_written(post.hours).splitlines()]
