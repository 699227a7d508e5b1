"""Reads of playbooks."""

from lianfang.headquarters.playbooks.queries.plans import holders, plan, plans, version_row, versions
from lianfang.headquarters.playbooks.queries.runs import found, in_hand, made, refused, run, run_of, runs, runs_of_plan, stood_down
from lianfang.headquarters.playbooks.queries.sites import sites

__all__ = [
    "found",
    "holders",
    "in_hand",
    "made",
    "plan",
    "plans",
    "refused",
    "run",
    "run_of",
    "runs",
    "runs_of_plan",
    "sites",
    "stood_down",
    "version_row",
    "versions",
]
