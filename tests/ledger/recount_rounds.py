"""A plain recount of rounds and arrivals, in Python, from the rows of the book: it shares nothing with the folds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from tests.ledger.recount import CHINA, SETTLED, Address, held, standing, table


def _reach() -> dict[UUID, tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
    """What each round takes in and leaves out, in numbers, of today and before."""
    numbers = defaultdict(list)
    for place in table("places_place"):
        numbers[place["id"]].append((place["lo"], place["hi"]))
    for past in table("places_placepast"):
        numbers[past["place_id"]].append((past["lo"], past["hi"]))
    found: dict[UUID, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = defaultdict(lambda: ([], []))
    for member in table("rounds_member"):
        found[member["round_id"]][member["excluded"]].extend(numbers[member["place_id"]])
    return found


def _evening(moment: datetime) -> datetime:
    here = moment.astimezone(CHINA)
    evening = here.replace(hour=19, minute=30, second=0, microsecond=0)
    return evening if evening > here else evening + timedelta(days=1)


def _next_try(outcome: str, visit: Mapping[str, Any]) -> datetime:
    if said := visit["payload"].get("next_try_at"):
        return datetime.fromisoformat(said)
    hours = {"lit": 2, "check": 4, "refused": 24}.get(outcome)
    planned = visit["when"] + timedelta(hours=hours) if hours else _evening(visit["when"])
    return planned if 8 <= planned.astimezone(CHINA).hour <= 20 else _evening(planned)


class _Household(NamedTuple):
    """One on the list of a door: its first day, when it was entered, its last, and who belongs to it."""

    id: UUID
    since: date
    entered: datetime
    until: date | None
    people: set[UUID]

    def was_there(self, moment: datetime) -> bool:
        """Whether it was on the list already."""
        day = moment.astimezone(CHINA).date()
        return self.since < day or (self.since == day and self.entered <= moment)


def _listed(place: UUID) -> list[_Household]:
    """The households that were ever on the list of a door."""
    people = defaultdict(set)
    for row in table("people_residence"):
        people[row["household_id"]].add(row["person_id"])
    return [
        _Household(
            row["id"], row["valid_from"], datetime.fromtimestamp((row["id"].int >> 80) / 1000, CHINA), row["valid_to"], people[row["id"]]
        )
        for row in table("people_household")
        if row["door_id"] == place
    ]


def _somebody_came(listed: list[_Household], visits: list[Mapping[str, Any]], said_at: datetime, outcome: str, last: date) -> bool:
    """Whether a household is on the list that no visit was to, and that came since the door was spoken for.

    The first list of a door where people were met names those very people.
    """
    said_on = said_at.astimezone(CHINA).date()
    had_list = any(one.was_there(said_at) and (one.until is None or one.until > said_on) for one in listed)
    if not had_list and outcome not in {"vacant", "moved", "shut"}:
        return False
    return any(
        one.since <= last and (one.until is None or one.until > last) and not one.was_there(said_at)
        for one in listed
        if not any(visit["payload"].get("household") == str(one.id) or visit["subject"] in one.people for visit in visits)
    )


def _door(visits: list[Mapping[str, Any]], listed: list[_Household], ends_at: datetime) -> dict[str, Any]:
    """How a door stands after these visits of one round, the earliest first."""
    whole, named, most = None, {}, defaultdict(int)
    for visit in visits:
        household = visit["payload"].get("household")
        most[household] = max(most[household], visit["payload"]["people_seen"])
        if household is None:
            whole, named = visit, {}
        else:
            named.pop(household, None)
            named[household] = visit  # the last said comes last
    speaking = list(named.values())
    left_out = bool(named) and len(named) < speaking[-1]["payload"]["households"]
    if whole is not None and (not named or left_out):
        speaking.append(whole)
    said_at = (whole if whole in speaking else max(named.values(), key=lambda visit: (visit["when"], visit["id"].bytes)))["when"]
    vain = [visit for visit in speaking if visit["payload"]["outcome"] not in SETTLED]
    latest = max(vain or speaking, key=lambda visit: (visit["when"], visit["id"].bytes))
    last = (ends_at - timedelta(microseconds=1)).astimezone(CHINA).date()
    came = _somebody_came(listed, visits, said_at, latest["payload"]["outcome"], last)
    settled = not vain and not (left_out and whole is None) and not came
    tries = 0
    for visit in visits:
        tries = 0 if visit["payload"]["outcome"] in SETTLED else tries + 1
    outcome = latest["payload"]["outcome"] if settled or vain else "household"
    return {
        "standing": outcome, "settled": settled, "effective_at": latest["when"], "record": latest["id"], "last_at": visits[-1]["when"],
        "tries": tries, "visits": len(visits), "people_seen": max(most.pop(None, 0), sum(most.values())),
        "people_times": sum(visit["payload"]["people_seen"] for visit in visits), "next_at": None if settled else _next_try(outcome, latest),
    }  # fmt: skip


def round_doors(addresses: Mapping[UUID, Address]) -> dict[Any, Any]:
    """What rounds_rounddoor must hold."""
    visits = sorted((row for row in standing() if row["kind"] == "visit"), key=lambda row: (row["when"], row["id"].bytes))
    reach, found = _reach(), {}
    for told in table("rounds_round"):
        taken, left = reach[told["id"]]
        doors = defaultdict(list)
        for visit in visits:
            mine = visit["payload"].get("round") in {None, str(told["id"])} and visit["stream"] == told["stream"]
            inside = any(lo <= visit["position"] < hi for lo, hi in taken) and not any(lo <= visit["position"] < hi for lo, hi in left)
            if mine and inside and told["opens_at"] <= visit["when"] < told["ends_at"]:
                doors[visit["place"]].append(visit)
        for place, theirs in doors.items():
            found[told["id"], place] = {"position": addresses[place].number, **_door(theirs, _listed(place), told["ends_at"])}
    return found


def round_tallies(addresses: Mapping[UUID, Address]) -> dict[Any, Any]:
    """What rounds_roundtally must hold."""
    summed: dict[Any, Counter[str]] = defaultdict(Counter)
    for (told, place), door in round_doors(addresses).items():
        where = addresses[place]
        counted = summed[told, where.building, door["standing"], where.building_lo, where.building_span, door["settled"]]
        counted.update(doors=1, **{name: door[name] for name in ("visits", "people_seen", "people_times")})
    names = ("doors", "visits", "people_seen", "people_times")
    return {
        key[:3]: {"position": key[3], "span": key[4], "settled": key[5], **{name: counted[name] for name in names}}
        for key, counted in summed.items()
    }


def arrivals(addresses: Mapping[UUID, Address]) -> dict[Any, Any]:
    """What rounds_arrival must hold."""
    found = {}
    for row in standing():
        if row["kind"] != "arrival":
            continue
        said = row["payload"]
        came = date.fromisoformat(said["arrived_on"])
        found[row["id"]] = {
            "stream": row["stream"], "book": row["book"], "place": row["place"], "position": addresses[row["place"]].number,
            "subject": row["subject"], "arrived_on": came, "follow_until": came + timedelta(days=said["days"]) if said["days"] else None,
            "origin": said["from_code"] or said["from_country"], "means": said["means"], "rule": said["rule"],
        }  # fmt: skip
    return found


def differences(addresses: Mapping[UUID, Address]) -> dict[str, Any]:
    """Tables that do not say what the recount says; empty when all do."""
    pairs = {
        "rounddoor": (round_doors(addresses), held("rounds_rounddoor", "round", "place")),
        "roundtally": (round_tallies(addresses), held("rounds_roundtally", "round", "building", "standing")),
        "arrival": (arrivals(addresses), held("rounds_arrival", "record")),
    }
    return {name: {"expected": right, "held": there} for name, (right, there) in pairs.items() if right != there}
