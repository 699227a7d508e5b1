"""How long the bulletin of a city of a million people takes: yesterday's and today's, whole and by part, as the city's command under the web role.

Goal: 5 s for each, with all its parts. The limit measured in the same run is one count of the same doors.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta

from django.db import connection

from bench.frame import Goal, Measured
from bench.place_pages import DATABASE, PEOPLE, found
from bench.simulation.ground import build
from bench.stage import stage
from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries
from lianfang.ground.places.models import Place
from lianfang.headquarters.bulletins import documents, subjects
from lianfang.headquarters.bulletins.composing import Content
from lianfang.headquarters.bulletins.definitions import definition
from lianfang.headquarters.bulletins.documents import Form
from lianfang.headquarters.bulletins.revising import whole
from lianfang.kernel import clock
from lianfang.kernel.figures import Period

GOAL_S = 5.0


def measure(runs: int) -> Measured:
    """Build the city (kept for the next time with LIANFANG_BENCH_KEEP=1) and compose its bulletins."""
    measured = Measured()
    with stage(DATABASE, keep=os.environ.get("LIANFANG_BENCH_KEEP") == "1") as (_, there):
        town = found() if there else build(PEOPLE)
        measured.notes.append(f"doors {town.doors}")
        reader = access.actor_of_login("city")
        measured.runs = [_one_run(reader, town.city) for _ in range(runs)]
    medians = measured.medians()
    measured.goals = [Goal(f"{name} s", medians[f"{name}_s"], GOAL_S) for name in ("yesterday", "today", "pdf")]
    return measured


def _one_run(reader: Actor, city: Place) -> dict[str, float]:
    today = clock.today()
    figures: dict[str, float] = {}
    made: Content = {}
    for name, day in (("yesterday", today - timedelta(days=1)), ("today", today)):
        began = time.monotonic()
        with access.scoped(reader):
            made = whole(definition("daily"), subjects.of_place(queries.place(city.place_id)), Period(day, day))
        figures[f"{name}_s"] = time.monotonic() - began
    began = time.monotonic()
    documents.made(Form.PDF, made, "zh")
    figures["pdf_s"] = time.monotonic() - began
    began = time.monotonic()
    with access.scoped(reader), connection.cursor() as cursor:
        cursor.execute("select count(*) from rounds_doorstate")
        cursor.fetchone()
    figures["one_count_s"] = time.monotonic() - began
    return figures
