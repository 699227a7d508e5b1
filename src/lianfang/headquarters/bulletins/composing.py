"""Composing a bulletin: every number of it computed from the records, for one place and period, as the reader may see.

What comes out is the form in which a bulletin is kept, sent and shown: plain JSON values, in both languages. It names places and counts,
never a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lianfang.headquarters.bulletins import reading, rounds, wording
from lianfang.headquarters.bulletins.definitions import Definition, Line, Section
from lianfang.headquarters.bulletins.types import Subject
from lianfang.headquarters.upward import queries as upward
from lianfang.headquarters.upward.types import Standing
from lianfang.kernel import clock
from lianfang.kernel.figures import Figure, Period, declared
from lianfang.ledger import folding
from lianfang.ledger.folding import cursors
from lianfang.ledger.folding.cursors import Mark
from lianfang.ledger.queries import folded_until

FORM = "lianfang.bulletin/1"
_TRIES = 3
Content = dict[str, Any]


def compose(definition: Definition, subject: Subject, period: Period) -> Content:
    """The bulletin as it stands now. Read again where records were folded meanwhile, so that all of it is of one mark."""
    for _ in range(_TRIES):
        before = mark()
        content = _composed(definition, subject, period)
        if mark() == before:
            break
    return content | {"cursor": {"xact": str(before.xact), "seq": before.seq}}


def mark() -> Mark:
    """Up to where every table that figures are read from is folded."""
    return min((cursor.mark for cursor in cursors.read(sources())), default=cursors.ZERO)


def sources() -> set[str]:
    """The projections that figures are read from."""
    return {told.source for told in declared().values()} & set(folding.registered())


def _composed(definition: Definition, subject: Subject, period: Period) -> Content:
    running = rounds.names(subject.ranges, period)
    told = [section for section in definition.sections if running or section.of != "rounds"]
    keys = list(dict.fromkeys(_keys(definition, told)))
    [whole] = reading.values(keys, [subject.ranges], period)
    nodes = upward.standings(upward.meeting(subject.ranges), period.last, keys)
    stands = min([folded_until(), *(one.as_of for one in nodes if one.as_of)])
    sections = [
        {
            "key": section.key,
            "title": wording.both(section.title, **({"names": "、".join(running)} if section.of == "rounds" else {})),
            "lines": [row for line in section.lines for row in _lines(line)],
        }
        for section in told
    ]
    title = definition.title if period.first == period.last else definition.title_of_days
    return {
        "form": FORM,
        "definition": {"key": definition.key, "version": definition.version},
        "title": wording.both(title, place=subject.name),
        "place": {
            "id": str(subject.id), "place_id": str(subject.place_id), "area_id": str(subject.area_id) if subject.area_id else None,
            "level": subject.level, "name": subject.name, "code": subject.code, "path": list(subject.path),
        },
        "period": {"first": period.first.isoformat(), "last": period.last.isoformat()},
        "as_of": stands.isoformat(),
        "words": [wording.both(sentence) for sentence in definition.words],
        "figures": {key: cell(figure) for key, figure in whole.items()},
        "rounds": running,
        "sections": sections,
        "parts": _parts(definition, subject, period, whole),
        "revisions": [],
        **({"nodes": [_node(one) for one in nodes]} if nodes else {}),
    }  # fmt: skip


def _node(standing: Standing) -> Content:
    """Since when the figures of a node below stand that are summed up here."""
    return {
        "code": standing.node.code,
        "name": standing.node.name,
        "as_of": standing.as_of.isoformat() if standing.as_of else None,
        "old": standing.old(clock.now()),
        "unknown": [wording.both(reading.declaration(key).name) for key in sorted(standing.unknown)],
    }


def _keys(definition: Definition, sections: Sequence[Section]) -> Iterator[str]:
    """Every figure that the whole needs: of lines with their parts, of sentences, and of columns."""
    for section in sections:
        for line in section.lines:
            yield from (key for key in (line.during, line.standing) if key)
            if line.parts:
                yield from reading.declaration(line.standing).parts
    for sentence in definition.words:
        yield from (key for what, key in wording.segments(sentence) if what != "text")
    yield from definition.columns


def cell(figure: Figure) -> Content:
    """A number with everything needed to read it: unit, what it is out of, whether it counts events, as of when."""
    return {
        "figure": figure.key,
        "name": wording.both(reading.declaration(figure.key).name),
        "value": figure.value,
        "unit": figure.unit.value,
        "events": reading.declaration(figure.key).events,
        "denominator": figure.denominator,
        "denominator_figure": reading.declaration(figure.key).denominator,
        "as_of": figure.as_of.isoformat(),
    }


def _lines(line: Line) -> Iterator[Content]:
    main = reading.declaration(line.standing or line.during)
    yield {
        "name": wording.both(line.name or main.name),
        "depth": 0,
        "during": line.during or None,
        "standing": line.standing or None,
    }
    if line.parts:
        for key in main.parts:
            yield {"name": wording.both(reading.declaration(key).name), "depth": 1, "during": None, "standing": key}


def _parts(definition: Definition, subject: Subject, period: Period, whole: Mapping[str, Figure]) -> Content:
    """A row for each part of the place; what lies in none of them has a row of its own, so that every column adds up."""
    columns = [key for key in definition.columns if subject.parts]
    found = reading.values(columns, [part.ranges for part in subject.parts], period) if columns else []
    rows = [
        {"place_id": str(part.place_id), "name": part.name, "code": part.code, "values": [figures[key].value for key in columns]}
        for part, figures in zip(subject.parts, found, strict=True)
    ]
    rest = [whole[key].value - sum(figures[key].value for figures in found) for key in columns]
    if any(rest):
        rows.append({"place_id": None, "name": None, "code": None, "values": rest})
    return {
        "level": subject.part_level,
        "columns": [{"figure": key, "name": wording.both(reading.declaration(key).name), "unit": whole[key].unit.value} for key in columns],
        "rows": rows,
        "sum": [whole[key].value for key in columns],
    }


def values_of(content: Mapping[str, Any]) -> dict[str, int]:
    """The figures of a bulletin by key."""
    return {key: int(told["value"]) for key, told in content["figures"].items()}


def dated(keys: Sequence[str]) -> list[str]:
    """The figures that tell of their period: registers as they are now are not revised, they have moved on."""
    known = declared()
    return [key for key in keys if key in known and known[key].dated]
