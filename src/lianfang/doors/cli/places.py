"""`places`: the official lists, a place in full, search, addresses, laying out, moves."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import commands, queries
from lianfang.ground.places.types import PlaceNotFound
from lianfang.kernel.errors import Denied
from lianfang.kernel.ranges import EVERYWHERE, contains

if TYPE_CHECKING:
    from lianfang.ground.places.models import Area, Place
    from lianfang.ground.places.queries import PlaceSheet


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "places", purpose="divisions, buildings, doors and areas")
    load = frame.command(
        words, "load", _load, purpose="load official lists of divisions (CSV, also packed), the earliest day first", acts=True
    )
    load.add_argument("files", nargs="*", metavar="FILE", help="without any: the lists that come with the program")
    load.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="the day of the lists; else it is read off the file names")
    show = frame.command(words, "show", _show, purpose="a place or area in full", acts=True)
    show.add_argument("place", metavar="PLACE")
    show.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="as it stood on this day")
    find = frame.command(words, "find", _find, purpose="search by name, alias, code, pinyin or initials", acts=True)
    find.add_argument("text", metavar="TEXT")
    find.add_argument("--limit", type=int, default=20)
    read = frame.command(words, "read", _read, purpose="what an address means, and how sure that is", acts=True)
    read.add_argument("text", metavar="ADDRESS")
    read.add_argument("--within", metavar="PLACE")
    lay = frame.command(words, "lay-out", _lay_out, purpose="lay out buildings, units and doors of a community by a phrase", acts=True)
    lay.add_argument("community", metavar="PLACE")
    lay.add_argument("phrase")
    lay.add_argument("--compound", default="", help="the compound they belong to; founded if it is new")
    lay.add_argument("--preview", action="store_true", help="only say what it would come to")
    move = frame.command(words, "move", _move, purpose="put a division or a building under another parent, with all inside it", acts=True)
    move.add_argument("place", metavar="PLACE")
    move.add_argument("parent", metavar="NEW-PARENT")
    move.add_argument("--on", type=date.fromisoformat, metavar="DATE")
    move.add_argument("--ground", default="", help="the document it rests on")
    frame.command(words, "recount", _recount, purpose="count the doors of every building anew")
    frame.command(words, "respell", _respell, purpose="write all keys of the search anew")


def _everywhere(args: argparse.Namespace) -> access.Actor:
    """The actor, who must be allowed to change places in the whole country."""
    actor = frame.actor(args)
    if not contains(access.ranges(actor, Ability.PLACES_EDIT, reading=False), EVERYWHERE):
        raise Denied
    return actor


def _load(args: argparse.Namespace) -> int:
    actor = _everywhere(args)
    if args.files:
        reports = commands.load_divisions(args.files, args.on, by=actor.account_id)
    else:
        reports = commands.load_shipped(by=actor.account_id)
    lines = []
    for report in reports:
        if report.already_loaded:
            lines.append(_("{on}: already loaded, nothing changed.").format(on=report.on))
            continue
        lines.append(
            _(
                "{on}: {rows} rows; {added} new, {renamed} renamed, {recoded} recoded, {moved} moved, {carried} carried along, {ended} ended."
            ).format(
                on=report.on,
                rows=report.rows,
                added=report.added,
                renamed=report.renamed,
                recoded=report.recoded,
                moved=report.moved,
                carried=report.carried,
                ended=report.ended,
            ),
        )
        if report.date_assumed:
            lines.append("  " + _("The list does not say its day; it was taken as of today. Name it with --on."))
        lines += ["  " + _("Renamed, or another place? {code} {old} → {new}").format(code=c, old=o, new=n) for c, o, n in report.doubts]
    frame.emit(args, {"lists": reports}, "\n".join(lines))
    return frame.DONE


def _resolved(args: argparse.Namespace, text: str, ability: Ability) -> tuple[access.Actor, Place | None, Area | None]:
    actor = frame.actor(args)
    place, area = queries.told_apart(queries.resolve(text, getattr(args, "on", None)))
    if area is not None:
        reach = access.ranges(actor, ability)
        if not all(contains(reach, piece) for piece in queries.area_ranges(area.area_id) or [area.home.range]):
            raise PlaceNotFound(text=text)
    if place is not None:
        access.require(actor, ability, place)
    return actor, place, area


def _place(args: argparse.Namespace, text: str, ability: Ability) -> tuple[access.Actor, Place]:
    actor, place, _area = _resolved(args, text, ability)
    if place is None:
        raise frame.WrongUse("this needs a place, not an area")
    return actor, place


def _show(args: argparse.Namespace) -> int:
    _actor, place, area = _resolved(args, args.place, Ability.PLACES_SEE)
    if area is not None:
        shown = queries.area_sheet(area, args.on)
        frame.emit(args, shown, f"{shown.name} ({shown.kind}) {shown.home.name}: {shown.doors} / {shown.dwellings}")
    if place is not None:
        _show_place(args, queries.place_sheet(place, args.on))
    return frame.DONE


def _show_place(args: argparse.Namespace, sheet: PlaceSheet) -> None:
    answer = frame.plain_object(sheet)
    lo, hi = str(sheet.range.lo), str(sheet.range.hi)
    answer |= {"position": lo, "lo": lo, "hi": hi, "path": [*answer["path"]], "path_text": " ".join(step.name for step in sheet.path)}
    del answer["range"]
    for state in answer["names"]:
        state["lo"], state["hi"] = str(state["lo"]), str(state["hi"])
    frame.emit(args, answer, lambda: _sheet_text(answer))


def _sheet_text(answer: Mapping[str, Any]) -> str:
    lines = [
        f"{answer['path_text']} {answer['name']}".strip(),
        f"{answer['level']} · {answer['kind']} · {answer['code'] or ''} · [{answer['lo']}, {answer['hi']})",
    ]
    lines += [
        f"{state['since']} – {state['until'] or ''}: {state['name']} {state['code'] or ''} {state['lo']}" for state in answer["names"]
    ]
    return "\n".join(lines)


def _find(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    found = queries.find(args.text, access.ranges(actor, Ability.PLACES_SEE), limit=args.limit)
    answers = [
        {
            "id": one.place.id if one.place else one.area.id if one.area else None,
            "level": one.place.level if one.place else "area",
            "kind": one.place.kind if one.place else one.area.kind if one.area else None,
            "name": one.place.name if one.place else one.area.name if one.area else None,
            "code": one.place.code if one.place else None,
            "position": str(one.place.lo) if one.place else None,
            "path": list(one.path),
            "matched": one.matched,
            "why": one.why,
            "valid_to": one.place.valid_to if one.place else None,
        }
        for one in found
    ]
    lines = [
        f"{answer['code'] or answer['id']}\t{' '.join(one.path)} {answer['name']}\t{one.why}"
        for answer, one in zip(answers, found, strict=True)
    ]
    frame.emit(args, {"found": answers}, "\n".join(lines))
    return frame.DONE


def _read(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    within = _place(args, args.within, Ability.PLACES_SEE)[1] if args.within else None
    match = queries.parse_address(args.text, within)
    places = [
        place for place in ([match.place] if match.place else []) + list(match.alternatives) if access.may(actor, Ability.PLACES_SEE, place)
    ]
    answer = {
        "certainty": match.certainty,
        "why": frame.in_words(match.why),
        "place": _named(match.place) if match.place in places and match.place else None,
        "alternatives": [_named(place) for place in match.alternatives if place in places],
    }
    frame.emit(args, answer, f"{match.certainty}: {answer['why']}")
    return frame.DONE


def _named(place: Place) -> dict[str, object]:
    path = [above.name for above in queries.ancestors(place)]
    return {"id": place.id, "level": place.level, "name": place.name, "code": place.code, "position": str(place.lo), "path": path}


def _lay_out(args: argparse.Namespace) -> int:
    actor, community = _place(args, args.community, Ability.PLACES_EDIT)
    spec = commands.parse_layout(args.phrase)
    planned = commands.preview(spec)
    text = _("{buildings} buildings, {units} units, {doors} doors: {samples}").format(
        buildings=planned.buildings, units=planned.units, doors=planned.doors, samples=" ".join(planned.samples),
    )  # fmt: skip
    if args.preview:
        frame.emit(args, planned, text)
        return frame.DONE
    laid = commands.lay_out(community.place_id, spec, by=actor.account_id, compound=args.compound)
    frame.emit(args, {"buildings": laid.buildings, "units": laid.units, "doors": laid.doors, "shops": planned.shops}, text)
    return frame.DONE


def _move(args: argparse.Namespace) -> int:
    actor, place = _place(args, args.place, Ability.PLACES_EDIT)
    _same, parent = _place(args, args.parent, Ability.PLACES_EDIT)
    commands.move(place.place_id, parent.place_id, by=actor.account_id, on=args.on, ground=args.ground)
    moved = queries.place(place.place_id)
    frame.emit(
        args, {"id": moved.id, "position": str(moved.lo)}, _("{name} now stands in {parent}.").format(name=moved.name, parent=parent.name)
    )
    return frame.DONE


def _recount(args: argparse.Namespace) -> int:
    mended = commands.recount()
    frame.emit(args, {"mended": mended}, _("{count} buildings counted otherwise than before.").format(count=mended))
    return frame.DONE


def _respell(args: argparse.Namespace) -> int:
    count = commands.respell_all()
    frame.emit(args, {"places": count}, _("Keys of {count} places and areas written anew.").format(count=count))
    return frame.DONE
