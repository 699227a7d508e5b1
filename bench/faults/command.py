"""`./lianfang faults [--runs N] [--seed S]`: so many runs, one scenario each, in a home of their own that goes afterwards."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bench import apart
from lianfang.config.runtime.progress import say

FOLDED_WITHIN = 60.0
_AT_ONCE = 60  # runs on one town: what is recounted grows with them


def faults(runs: int, seed: int, only: Sequence[str] = ()) -> dict[str, Any]:
    """Run them in processes of their own, each with a home of its own; what was found."""
    found: list[dict[str, Any]] = []
    for first in range(0, runs, _AT_ONCE):
        words = ["--runs", str(min(_AT_ONCE, runs - first)), "--first", str(first), "--seed", str(seed)]
        found += _town(words + [word for name in only for word in ("--only", name)])
    wrong = [run for run in found if run["wrong"]]
    return {
        "runs": sum(not run["skipped"] for run in found), "skipped": sum(bool(run["skipped"]) for run in found), "seed": seed,
        "lost": sum(run["lost"] for run in found), "twice": sum(run["twice"] for run in found), "wrong": len(wrong), "each": found,
    }  # fmt: skip


def _town(words: Sequence[str]) -> list[dict[str, Any]]:
    printed = apart.lines_of("bench.faults.command", words, "faults", {"LIANFANG_LANGUAGE": "en"})
    return [json.loads(line) for line in printed] or [
        {
            "run": 0, "scenario": "", "seconds": 0, "skipped": "", "wrong": ["the town could not be built"],
            "lost": 0, "twice": 0, "sent": 0, "answered": 0,
        }
    ]  # fmt: skip


def main() -> None:
    """One town and the runs on it; a JSON line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int)
    parser.add_argument("--first", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--only", action="append")
    args = parser.parse_args()
    import django

    django.setup()
    from bench.faults import world as worlds
    from bench.faults.scenarios import LAST, SCENARIOS
    from lianfang.config.runtime.home import Home

    names = args.only or list(SCENARIOS)
    world = worlds.build(Home.here())
    world.up()
    try:
        runs = [(number, names[number % len(names)]) for number in range(args.first, args.first + args.runs)]
        # Those that change what the town stands on come last, so that it is changed once.
        for number, name in sorted(runs, key=lambda run: run[1] == LAST):
            sys.stdout.write(json.dumps(_run(world, name, number, args.seed), ensure_ascii=False) + "\n")
            sys.stdout.flush()
            if world.program is None or world.program.poll() is not None:
                world.up()
    finally:
        world.end()


def _run(world: Any, name: str, number: int, seed: int) -> dict[str, Any]:
    from bench.faults import recount
    from bench.faults.scenarios import SCENARIOS, NotHere

    began, wrong, skipped = time.monotonic(), [], ""
    say(f"  {number} {name} …")
    try:
        SCENARIOS[name](world, random.Random(f"{seed} {number}"))
        if not recount.wait_until_folded(world.url, FOLDED_WITHIN):
            wrong.append("not folded within a minute")
    except NotHere as why:
        skipped = str(why)
    except Exception as failed:  # noqa: BLE001 - a run that fails is a finding, and the others still run
        wrong.append(f"{type(failed).__name__}: {failed}")
    found = recount.Recount()
    try:
        found = recount.recount(world.url, world.told.sent, world.told.answered)
    except Exception as failed:  # noqa: BLE001 - the same
        wrong.append(f"no recount: {type(failed).__name__}: {failed}")
    wrong += [f"{what}: {len(which)} ({which[0]})" for what, which in asdict(found).items() if which]
    seconds = round(time.monotonic() - began, 1)
    say(f"    {'✗ ' + '; '.join(wrong) if wrong else '– ' + skipped if skipped else '✓'} {seconds} s")
    return {
        "run": number, "scenario": name, "seconds": seconds, "skipped": skipped, "wrong": wrong, "lost": len(found.lost), "twice": len(found.twice),
        "sent": len(world.told.sent), "answered": len(world.told.answered),
    }  # fmt: skip


if __name__ == "__main__":
    main()
