"""`incident`, `measure`: opening and ending incidents, raising and lifting measures, and what holds where."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.doors.cli.rounds import moment_typed
from lianfang.ground.accounts import access
from lianfang.ground.incidents import commands, queries, types
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import AreaId, IncidentId, MeasureId, PlaceId
from lianfang.kernel.ranges import intersect


class Over(TypedDict):
    """What is named on the command line: a place or an area."""

    place: PlaceId | None
    area: AreaId | None


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "incident", purpose="incidents: opening, deciding, ending")
    opening = frame.command(words, "open", _open, purpose="open an incident or a drill", acts=True)
    opening.add_argument("name")
    opening.add_argument("--kind", required=True, choices=[kind.value for kind in types.IncidentKind])
    opening.add_argument("--level", required=True, choices=[level.value for level in types.ResponseLevel])
    opening.add_argument("--area", required=True, metavar="PLACE", help="code, position, UUID or area:NAME")
    opening.add_argument("--until", required=True, type=moment_typed, metavar="TIME", help="it lapses then unless it is renewed")
    opening.add_argument("--measure", action="append", default=[], metavar="KEY", help="raised over all of it; may be repeated")
    opening.add_argument("--rules", default="", metavar="ID", help="rule set (see: incident rules)")
    opening.add_argument("--drill", action="store_true", help="practice only, in a book of its own")
    _ground(opening)
    listing = frame.command(words, "list", _list, purpose="incidents and drills, those that run first", acts=True)
    listing.add_argument("--place", metavar="PLACE")
    shown = frame.command(words, "show", _show, purpose="an incident with its timeline and measures", acts=True)
    shown.add_argument("incident", type=UUID)
    renewing = frame.command(words, "renew", _renew, purpose="renew an incident until a later moment", acts=True)
    renewing.add_argument("incident", type=UUID)
    renewing.add_argument("--until", required=True, type=moment_typed, metavar="TIME")
    _ground(renewing)
    changing = frame.command(words, "change", _change, purpose="change level, phase or rule set", acts=True)
    changing.add_argument("incident", type=UUID)
    what = changing.add_mutually_exclusive_group(required=True)
    what.add_argument("--level", choices=[level.value for level in types.ResponseLevel])
    what.add_argument("--phase", choices=[phase.value for phase in types.Phase])
    what.add_argument("--rules", metavar="ID")
    _ground(changing)
    ending = frame.command(words, "end", _end, purpose="declare an incident over", acts=True)
    ending.add_argument("incident", type=UUID)
    ending.add_argument("--lift", action="store_true", help="lift its measures with it")
    _ground(ending)
    frame.command(words, "rules", _rules, purpose="the rule sets that are shipped; none is active by default")
    _register_measures(subparsers)


def _register_measures(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    words = frame.group(subparsers, "measure", purpose="measures: raising, lifting, what holds where")
    raising = frame.command(words, "raise", _raise, purpose="raise a measure over a place or an area", acts=True)
    raising.add_argument("incident", type=UUID)
    raising.add_argument("key")
    raising.add_argument("--area", required=True, metavar="PLACE")
    raising.add_argument("--until", required=True, type=moment_typed, metavar="TIME")
    raising.add_argument("--from", dest="begins", type=moment_typed, metavar="TIME", help="takes effect (default now)")
    raising.add_argument("--beyond", default="", help="why it goes beyond its rule set, where it does")
    _ground(raising)
    lifting = frame.command(words, "lift", _lift, purpose="lift a measure", acts=True)
    lifting.add_argument("measure", type=UUID)
    lifting.add_argument("--at", type=moment_typed, metavar="TIME", help="from when (default now)")
    lifting.add_argument("--superior", action="store_true", help="decided above the authority that raised it")
    _ground(lifting)
    held = frame.command(
        words, "in-force", _in_force, purpose="what holds in a place at a moment, the strictest of each respect", acts=True
    )
    held.add_argument("place")
    held.add_argument("--at", type=moment_typed, metavar="TIME")
    held.add_argument("--drill", type=UUID, metavar="INCIDENT")


def _ground(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--authority", required=True, help="who decided")
    parser.add_argument("--document", required=True, help="number of the document")
    parser.add_argument("--reason", default="")


def _told(args: argparse.Namespace) -> types.Ground:
    return types.Ground(args.authority, args.document, args.reason)


def _over(text: str) -> Over:
    place, area = places.told_apart(places.resolve(text))
    return {"place": place.place_id if place else None, "area": area.area_id if area else None}


def _open(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        over = _over(args.area)
        wished = types.Opening(
            args.name, types.IncidentKind(args.kind), types.ResponseLevel(args.level), args.until, _told(args), **over,
            measures=tuple(args.measure), rule_set=args.rules, drill=args.drill,
        )  # fmt: skip
        told = queries.incident(commands.open_incident(wished, by=actor))
    frame.emit(args, _plain(told), f"{told.incident_id} {told.name}")
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        ranges = frame.ranges_asked(args, actor)
        rows = [_plain(told) for told in queries.incidents_within(ranges)]
    text = "\n".join(f"{row['incident_id']} {row['name']} {row['running']}" for row in rows)
    frame.emit(args, {"incidents": rows}, text or _("There is no incident here"))
    return frame.DONE


def _show(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = seen(actor, args.incident)
        answer = _plain(told) | {"decisions": queries.decisions(told.incident_id), "measures": queries.measures_of(told.incident_id)}
        lines = [
            f"{clock.local(line.at):%Y-%m-%d %H:%M} {line.step} {line.ground.document}" for line in queries.decisions(told.incident_id)
        ]
    frame.emit(args, answer, "\n".join([f"{told.incident_id} {told.name}", *lines]))
    return frame.DONE


def _renew(args: argparse.Namespace) -> int:
    return _decided(args, lambda by: commands.renew_incident(IncidentId(args.incident), args.until, _told(args), by=by))


def _change(args: argparse.Namespace) -> int:
    incident, told = IncidentId(args.incident), _told(args)

    def change(by: access.Actor) -> None:
        if args.level:
            commands.change_level(incident, types.ResponseLevel(args.level), told, by=by)
        elif args.phase:
            commands.begin_phase(incident, types.Phase(args.phase), told, by=by)
        else:
            commands.choose_rules(incident, args.rules, told, by=by)

    return _decided(args, change)


def _end(args: argparse.Namespace) -> int:
    return _decided(args, lambda by: commands.end_incident(IncidentId(args.incident), _told(args), by=by, lift_measures=args.lift))


def _decided(args: argparse.Namespace, do: Callable[[access.Actor], None]) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        seen(actor, args.incident)
        do(actor)
        told = queries.incident(IncidentId(args.incident))
    frame.emit(args, _plain(told), f"{told.name}: {told.running(clock.now())}")
    return frame.DONE


def _rules(args: argparse.Namespace) -> int:
    found = list(rulesets.rule_sets().values())
    text = "\n".join(f"{one.id} {one.term} {one.first_day} – {one.last_day or ''}" for one in found)
    frame.emit(args, {"rule_sets": found, "measures": list(rulesets.measures().values())}, text)
    return frame.DONE


def _raise(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        seen(actor, args.incident)
        over = _over(args.area)
        wished = types.Raising(
            IncidentId(args.incident), args.key, args.until, _told(args), **over, begins_at=args.begins, beyond=args.beyond
        )
        told = queries.measure(commands.raise_measure(wished, by=actor))
    frame.emit(args, told, f"{told.measure_id} {told.meaning.term}")
    return frame.DONE


def _lift(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        measure = MeasureId(args.measure)
        seen(actor, queries.measure(measure).incident_id)
        commands.lift_measure(measure, _told(args), by=actor, at=args.at, superior=args.superior)
        told = queries.measure(measure)
    frame.emit(args, told, f"{told.meaning.term}: {clock.local(told.ends_at):%Y-%m-%d %H:%M}")
    return frame.DONE


def _in_force(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        place = frame.place_named(args.place)
        access.require(actor, "places.see", place)
        drill = IncidentId(args.drill) if args.drill else None
        found = queries.in_force(places.ranges_of(place), args.at, drill=drill)
        under = queries.doors_under(found)
    text = "\n".join(f"{one.holding.aspect} {one.holding.meaning.term} {one.dwellings}" for one in under)
    frame.emit(args, {"stretches": found, "doors": under}, text or _("No measure is in force."))
    return frame.DONE


def seen(actor: access.Actor, incident: UUID) -> types.IncidentSeen:
    """The incident, if any of its area lies where the actor sees places; else the same answer as if there were none."""
    told = queries.incident(IncidentId(incident))
    if not intersect(queries.incident_ranges(told), access.ranges(actor, "places.see")):
        raise types.IncidentNotFound
    return told


def _plain(told: types.IncidentSeen) -> dict[str, object]:
    found = frame.plain_object(told)
    return found | {"running": told.running(clock.now()).value}
