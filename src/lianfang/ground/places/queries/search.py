"""Finding places and areas by what people type: names, aliases, former names, codes, positions, pinyin, initials, and nearly so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import connection

from lianfang.ground.places.models import Area, Place
from lianfang.ground.places.queries.addresses import parse_addresses
from lianfang.ground.places.queries.reach import area_ranges_each
from lianfang.ground.places.queries.search_keys import LAST, MOST_KEYS, Hit, Reach, coded, keyed, nearly, positioned
from lianfang.ground.places.rules.names import plain, stem
from lianfang.ground.places.rules.similar import Likeness, likeness
from lianfang.ground.places.types import DIVISIONS, Certainty, Found, Level
from lianfang.kernel.ids import AreaId
from lianfang.kernel.ranges import Range

CODE_DIGITS, POSITION_DIGITS = 12, 19
SHORTEST_CODE = 4
SHORTEST_LIKE = 2
LONGEST = 100  # characters of a text that are looked at
SHORTEST_ADDRESS = 5  # characters, if they are no numbers
BRIEF_LETTERS = {1: 2, 2: 5}  # one or two letters begin thousands of keys of a nation: there only short ones are meant
BRIEF_CHARACTER = 3

# How well a spelling fits, by the kind of its key: the whole key, or only its beginning.
_WHOLE = {"code": 0, "name": 1, "alias": 2, "stem": 3, "former": 5, "pinyin": 6, "initials": 8, "inside": 9}
_BEGINNING = {"code": 0, "name": 4, "alias": 4, "stem": 4, "former": 7, "pinyin": 10, "initials": 12, "inside": 11}
_ADDRESS = 5
_LIKE = {Likeness.SAME: 13, Likeness.HEARD: 14, Likeness.ONE_OFF: 15, Likeness.WEAK: 16}

_PATHS = """
with recursive up(of, id, depth) as (
    select id, parent_id, 1 from places_place where id = any(%s)
    union all
    select up.of, p.parent_id, up.depth + 1 from up join places_place p on p.id = up.id
)
select up.of, array_agg(p.name order by up.depth desc) from up join places_place p on p.id = up.id group by up.of
"""


def find(text: str, within: Sequence[Range], limit: int = 20) -> list[Found]:
    """Places and areas that a text may mean, best first, only such as meet the ranges; ended ones last.

    A text of digits is a code, its beginning, or a position; else it is the beginning of a name, an alias, a former name, of pinyin or
    its initials, or of a later part of a name. Where nothing is called so, names that are nearly so. `path` holds the names
    above, from the province, which tell places of one name apart.
    """
    printable = "".join(char for char in text[:LONGEST] if char.isprintable())
    wanted = re.sub(r"['’·\-]", "", plain(printable)).replace("ü", "v")
    if not wanted or not within:
        return []
    reach = Reach(within)
    hits = (
        _numbered(wanted, reach)
        or _begun(wanted, reach)
        or [*_called(wanted, reach), *_like(wanted, reach)]
        or _addressed(printable, reach)
    )
    chosen: dict[UUID | None, Hit] = {}
    for hit in sorted(hits, key=Hit.order):
        if reach.meets(hit.range):
            chosen.setdefault(hit.place_id or hit.area_id, hit)
    return _found(_of_areas(list(chosen.values()), reach)[:limit])


def _numbered(wanted: str, reach: Reach) -> list[Hit]:
    """By code, its beginning, or position."""
    if not (wanted.isascii() and wanted.isdigit() and SHORTEST_CODE <= len(wanted) <= POSITION_DIGITS):
        return []
    return coded(wanted, reach) if len(wanted) <= CODE_DIGITS else positioned(int(wanted))


def _begun(wanted: str, reach: Reach) -> list[Hit]:
    """By the beginning of a key."""
    longest = BRIEF_LETTERS.get(len(wanted)) if wanted.isascii() else BRIEF_CHARACTER if len(wanted) == 1 else None
    brief = f"length(k.key) <= {longest}" if longest else "true"
    hits = keyed("k.key >= %(first)s and k.key < %(last)s", {"first": wanted, "last": wanted + LAST}, reach, brief=brief)
    return [replace(hit, rank=(_WHOLE if hit.key == wanted else _BEGINNING)[hit.kind]) for hit in hits]


def _called(wanted: str, reach: Reach) -> list[Hit]:
    """By the name without the word for its kind, whatever word was typed: 和平村 for 和平村委会."""
    stems = {level: stem(wanted, level) for level in DIVISIONS}
    hits = keyed("k.key = any(%(stems)s) and k.kind in ('stem', 'name', 'alias')", {"stems": list(stems.values())}, reach)
    return [replace(hit, rank=_WHOLE[hit.kind]) for hit in hits if hit.level is not None and stems.get(hit.level) == hit.key]


def _addressed(text: str, reach: Reach) -> list[Hit]:
    """By an address: "梅河口 和平村", "3-2-501" of whoever answers for one community."""
    if len(plain(text)) < SHORTEST_ADDRESS and not any(char.isdigit() for char in text):
        return []
    [match] = parse_addresses([text], _outermost(reach), misspelt=False)
    ranks = {Certainty.EXACT: _ADDRESS, Certainty.LIKELY: _ADDRESS + 1}
    places = [match.place] if match.place and match.certainty in ranks else match.alternatives
    rank = ranks.get(match.certainty, _ADDRESS + 2)
    return [Hit(place.pk, None, "address", text, place.at_level, place.range, ended=False, rank=rank) for place in places]


def _outermost(reach: Reach) -> Place | None:
    """The smallest place that holds all the ranges, None for the nation."""
    lo, hi = reach.ranges[0].lo, reach.ranges[-1].hi
    holding = Place.objects.filter(pk__in=reach.holding, lo__lte=lo, hi__gte=hi).exclude(level=Level.DOOR)
    return holding.order_by("-lo", "hi").first()


def _like(wanted: str, reach: Reach) -> list[Hit]:
    """By names that are nearly so, among those that begin alike, go on alike or sound alike."""
    if len(wanted) < SHORTEST_LIKE or any(char.isdigit() for char in wanted) or wanted.isascii():
        return []
    condition, values = nearly(wanted)
    hits = keyed(condition, values, reach, most=3 * MOST_KEYS)
    names = _names_of(hits)
    alike: list[Hit] = []
    for hit in hits:
        name = names.get(hit.place_id or hit.area_id, hit.key)
        how = likeness(wanted, name, level=hit.level if hit.level in DIVISIONS else None)
        if how is not None:
            alike.append(replace(hit, kind="similar", key=name, rank=_LIKE[how]))
    return alike


def _names_of(hits: Iterable[Hit]) -> dict[UUID | None, str]:
    """The names of places and areas of which only a part or the sound is known."""
    partly = [hit for hit in hits if hit.kind in {"pinyin", "inside"}]
    places = Place.objects.filter(pk__in={hit.place_id for hit in partly if hit.place_id}).values_list("id", "name")
    areas = Area.objects.filter(pk__in={hit.area_id for hit in partly if hit.area_id}).values_list("id", "name")
    return {key: plain(name) for key, name in [*places, *areas]}


def _of_areas(hits: list[Hit], reach: Reach) -> list[Hit]:
    """Without the areas that lie elsewhere than their home: what they take in has to meet the ranges."""
    areas = [AreaId(hit.area_id) for hit in hits if hit.area_id]
    pieces = area_ranges_each(areas) if areas else {}
    return [hit for hit in hits if hit.area_id is None or any(reach.meets(piece) for piece in pieces.get(AreaId(hit.area_id), ()))]


def _found(hits: Sequence[Hit]) -> list[Found]:
    places = Place.objects.in_bulk([hit.place_id for hit in hits if hit.place_id])
    areas = {area.id: area for area in Area.objects.filter(pk__in=[hit.area_id for hit in hits if hit.area_id]).select_related("home")}
    paths = paths_of([*places, *(area.home_id for area in areas.values())])
    found: list[Found] = []
    for hit in hits:
        if hit.place_id:
            found.append(Found(places[hit.place_id], None, paths.get(hit.place_id, ()), hit.key, hit.kind))
        elif hit.area_id:
            home = areas[hit.area_id].home
            found.append(Found(None, areas[hit.area_id], (*paths.get(home.id, ()), home.name), hit.key, hit.kind))
    return found


def paths_of(place_ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The names above each of some places, from the province down."""
    with connection.cursor() as cursor:
        cursor.execute(_PATHS, [list(place_ids)])
        return {place_id: tuple(names) for place_id, names in cursor.fetchall()}
