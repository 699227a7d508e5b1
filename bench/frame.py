"""What every benchmark shares: how a result looks, and a database of its own."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """A promise with its number: `value` must stay at or under (or over) `goal`."""

    name: str
    value: float
    goal: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the promise holds in this run."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal


@dataclass(slots=True)
class Measured:
    """The answer of a benchmark: each run's figures, their medians, and the goals."""

    runs: list[dict[str, float]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def medians(self) -> dict[str, float]:
        """The median of each figure over the runs that have it."""
        names = {name for run in self.runs for name in run}
        return {name: round(statistics.median(run[name] for run in self.runs if name in run), 4) for name in sorted(names)}

    def form(self) -> dict[str, Any]:
        """The form that `--json` prints."""
        return {
            "machine": machine(),
            "runs": self.runs,
            "medians": self.medians(),
            "goals": [{"name": goal.name, "value": round(goal.value, 4), "goal": goal.goal, "met": goal.met} for goal in self.goals],
            "notes": self.notes,
        }


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    memory = next((int(line.split()[1]) for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal")), 0)
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**20, 1),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def percentile(values: Iterable[float], share: float) -> float:
    """The value under which the share of all values lies (0.99: p99), by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
