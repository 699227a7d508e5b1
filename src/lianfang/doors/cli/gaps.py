"""`gaps`: who answers for the doors of a place, and for which doors nobody does."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame, posts
from lianfang.ground.accounts import access, queries
from lianfang.ground.accounts.chain_types import Flaw
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level, PlaceNotFound
from lianfang.kernel.ranges import contains

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.accounts.chain_types import FlawGroup
    from lianfang.kernel.ranges import Range

_SHOWN = 1000


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = frame.command(subparsers, "gaps", _gaps, purpose="for which doors of a place nobody answers, or several people", acts=True)
    command.add_argument("place", metavar="PLACE", help="code, position, UUID or area:NAME")
    command.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="as it stood at the end of this day")
    command.add_argument("--doors", action="store_true", help="also list every door with a gap or an overlap")


def _gaps(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    ranges, deep = _where(actor, args.place, args.on)
    below = [] if deep else queries.coverage_by_community(ranges, args.on)
    counted = queries.coverage(ranges, args.on) if deep else queries.together(below)
    groups = queries.flaw_groups(ranges, args.on) if deep else []
    answer = {
        "doors": counted.doors,
        "covered": counted.covered,
        "gaps": counted.gaps,
        "overlaps": counted.overlaps,
        "links": {link.role.value: {"expected": link.expected, "gaps": link.gaps, "overlaps": link.overlaps} for link in counted.links},
        "gap_groups": [_as_object(group) for group in groups if group.flaw is Flaw.GAP],
        "overlap_groups": [_as_object(group) for group in groups if group.flaw is Flaw.OVERLAP],
    }
    if deep:
        answer["compounds_without_sponsor"] = [
            {"area": area.area_id, "name": area.name} for area, there in organisations.compounds_sponsored(ranges, args.on) if not there
        ]
    else:
        answer["communities"] = [
            {
                "place": one.place_id, "name": one.name, "street": one.street, "doors": one.coverage.doors,
                "covered": one.coverage.covered, "gaps": one.coverage.gaps, "overlaps": one.coverage.overlaps,
            }
            for one in below
        ]  # fmt: skip
    if args.doors:
        answer["door_list"] = [
            {"place": door.place_id, "name": door.name, "position": str(door.position), "gaps": door.gaps, "overlaps": door.overlaps}
            for door in queries.flawed_doors(ranges, args.on, limit=_SHOWN)
        ]
    lines = [_("{covered} of {doors} doors have a whole chain; {gaps} have a gap, {overlaps} an overlap.").format(
        covered=counted.covered, doors=counted.doors, gaps=counted.gaps, overlaps=counted.overlaps,
    )]  # fmt: skip
    frame.emit(args, answer, "\n".join([*lines, *(_line(group) for group in groups)]))
    return frame.DONE


def _where(actor: Actor, text: str, on: date | None) -> tuple[Sequence[Range], bool]:
    """The positions of a place or area on the day, within sight; and whether it is small enough for gaps by unit and building."""
    place, area = places.told_apart(places.resolve(text, on))
    if area is not None:
        reach = access.ranges(actor, Ability.PLACES_SEE)
        if not all(contains(reach, piece) for piece in places.area_ranges(area.area_id) or [area.home.range]):
            raise PlaceNotFound(text=text)
        return places.area_ranges(area.area_id, on), True
    if place is None:  # `resolve` finds one or raises
        raise PlaceNotFound(text=text)
    access.require(actor, Ability.PLACES_SEE, place)
    if on is None:
        return places.ranges_of(place), place.at_level.depth >= Level.STREET.depth
    state = places.state_on(place, on)
    return [state.range] if state else [], place.at_level.depth >= Level.STREET.depth


def _as_object(group: FlawGroup) -> dict[str, object]:
    return {
        "role": group.role,
        "place": group.place_id,
        "area": group.area_id,
        "name": group.within + group.name,
        "doors": group.doors,
        "out_of": group.out_of,
        **({"holders": group.holders} if group.flaw is Flaw.OVERLAP else {}),
    }


def _line(group: FlawGroup) -> str:
    facts = {"where": group.within + group.name, "doors": group.doors, "role": posts.role(group.role)}
    if group.flaw is Flaw.GAP:
        return _("{where}: {doors} doors have no {role}").format(**facts)
    return _("{where}: {doors} doors have several: {role} {names}").format(names=", ".join(group.holders), **facts)
