"""`./lianfang story emergency [--days N] [--scale S]`: the story in a home of its own, every byte of which is looked through; the home goes afterwards."""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import apart
from lianfang.config.runtime.progress import say

SHORTEST = 5
_NOT_DATA = ("static", "venv", "postgresql", "python", "node")


def story(days: int, scale: float, seed: int) -> dict[str, Any]:
    """Tell it in a process of its own; what there was, what was done, how long each part took, and what was wrong."""
    words = ["--days", str(days), "--scale", str(scale), "--seed", str(seed)]
    printed = apart.lines_of("bench.emergency.command", words, "story")
    told: dict[str, Any] = json.loads(printed[-1]) if printed else {"wrong": ["the story broke off"]}
    return told


def main() -> None:
    """The story in the home of the environment; one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int)
    parser.add_argument("--scale", type=float)
    parser.add_argument("--seed", type=int)
    args = parser.parse_args()
    import django

    django.setup()
    from lianfang.config.runtime import database
    from lianfang.config.runtime.home import Home

    try:
        told = _told(args.days, args.scale, args.seed)
    finally:
        cluster = database.engine(Home.here()).cluster
        if cluster is not None:
            cluster.stop()
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


def _told(days: int, scale: float, seed: int) -> dict[str, Any]:
    from bench.emergency.story import Below, Story
    from bench.emergency.town import PUBLISHED, prepared, settled
    from bench.frame import machine
    from bench.simulation.published import ASSUMPTIONS
    from lianfang.config.runtime import doctor, erasing, installation
    from lianfang.config.runtime.backups import making
    from lianfang.config.runtime.home import Home
    from lianfang.kernel import clock

    home, chance = Home.here(), random.Random(seed)
    began = clock.day_bounds(clock.today() - timedelta(days=days))[0]
    peace = time.monotonic()
    installation.set_up(home, "none", divisions=False)
    with clock.frozen(began - timedelta(days=1)):
        made = settled(scale, seed=seed, say=say)
        ready = time.monotonic()
        town = prepared(made, scale, chance)
    seconds = {"settled": round(ready - peace, 1), "plan, pool and offices": round(time.monotonic() - ready, 1)}
    say(f"{made.count()} {seconds}")
    below = Below(erasing.machine(home), lambda: making.make(home) and None, lambda words: looked(home.path, words))
    told = Story(town, days, scale, began, below, chance, say).tell()
    told.wrong += [f"doctor: {one.check}" for one in doctor.examine() if not one.ok]
    return {
        "synthetic": True, "town": made.top.name, "scale": scale, "days": days, "seed": seed, "machine": machine(), "assumptions": list(ASSUMPTIONS),
        "ground": made.count(), "pool": town.pool, "published_share": {name: round(count * scale) for name, count in PUBLISHED.items()},
        "counts": told.counts, "seconds": seconds | told.seconds, "bytes": sum(path.stat().st_size for path in _files(home.path)),
        "wrong": [f"{what} ({times}x)" for what, times in Counter(told.wrong).items()],
    }  # fmt: skip


def _files(home: Path) -> list[Path]:
    """All files of a home that are not programs."""
    found = []
    for folder, below, names in os.walk(home):
        if Path(folder) == home:
            below[:] = [name for name in below if not name.startswith(_NOT_DATA)]
        found += [path for name in names if (path := Path(folder, name)).is_file() and not path.is_symlink()]
    return found


def looked(home: Path, words: Sequence[str]) -> Mapping[str, int]:
    """Each word that lies in some file, and in how many; not the product's own search. A few words stand for all: every file is read for each."""
    found: Counter[str] = Counter()
    chosen = [word.encode() for word in words[:: max(1, len(words) // 12)]]
    for path in _files(home):
        try:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                found.update(word.decode() for word in chosen if content.find(word) >= 0)
        except (FileNotFoundError, ValueError):  # gone meanwhile, or empty
            continue
    return found


if __name__ == "__main__":
    main()
