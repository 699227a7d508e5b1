"""`./lianfang faults`: five faults on a real program under load, and nothing answered is lost, nothing counted twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.config.conftest import ROOT


def test_five_faults_lose_nothing_and_count_nothing_twice() -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIANFANG_", "DATABASE_URL", "DJANGO_"))}
    environment = {**kept, "LIANFANG_LANGUAGE": "en", "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    command = [sys.executable, "-m", "lianfang.config.main", "faults", "--runs", "5", "--json"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    found = json.loads(done.stdout)
    assert [run for run in found["each"] if run["wrong"]] == [], done.stderr
    assert (found["runs"], found["lost"], found["twice"]) == (5, 0, 0)
    assert found["each"][-1]["answered"] >= 4 * 240
