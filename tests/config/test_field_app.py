"""The field app: its own checks and tests, and what the built app weighs."""

from __future__ import annotations

import gzip
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.config.conftest import ROOT
from tools import bootstrap

field_app = bootstrap.field_app
FIRST_LOAD = 350_000  # bytes, packed: page, scripts and styles
CHECKS = {
    "eslint": ("node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."),
    "vue-tsc": ("node_modules/vue-tsc/bin/vue-tsc.js", "--noEmit"),
    "tests": ("--test", "tests/*.test.ts"),
}


@pytest.fixture(scope="module")
def shop() -> tuple[Path, field_app.Node]:
    """The sources with the packages that check them, where `./lianfang test` has put them, and the app built from them."""
    base = Path(os.environ.get("LIANFANG_WORKSHOP") or Path.home() / ".cache" / "lianfang-workshop")
    node = field_app.Node(bootstrap.ensure(field_app.LOCK, base))
    if not field_app.is_current():
        field_app.build(base, node, checks=True)
    return field_app.workshop(base, node, checks=True), node


@pytest.mark.slow
def test_the_app_is_clean_by_its_own_checks_and_its_tests_pass(shop: tuple[Path, field_app.Node]) -> None:
    place, node = shop

    def said(name: str) -> str:
        try:
            node(*CHECKS[name], cwd=place, log=place / "logs" / f"{name}.log")
        except field_app.Failed as failed:
            return f"{name}: {failed}"
        return ""

    with ThreadPoolExecutor(2) as threads:
        assert "".join(threads.map(said, CHECKS)) == ""


def test_the_first_load_is_small_and_the_worker_keeps_every_file_of_it(shop: tuple[Path, field_app.Node]) -> None:
    page = (field_app.BUILT / "index.html").read_bytes()
    linked = re.findall(r'(?:src|href)="/static/field/([^"]+)"', page.decode())
    packed = len(gzip.compress(page)) + sum(len(gzip.compress((field_app.BUILT / name).read_bytes())) for name in linked)
    assert 20_000 < packed < FIRST_LOAD
    worker = (field_app.BUILT / "worker.js").read_text()
    kept = {str(path.relative_to(field_app.BUILT)) for path in field_app.BUILT.rglob("*") if path.is_file() and path.suffix != ".gz"}
    assert [name for name in kept - {"index.html", "worker.js", "built.json"} if name not in worker] == []


def test_the_lock_of_the_app_names_no_address_and_a_hash_for_everything() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    packages = {name: told for name, told in lock["packages"].items() if name}
    assert [name for name, told in packages.items() if not told.get("integrity") or "resolved" in told] == []
    assert "registry" not in (ROOT / "frontend" / ".npmrc").read_text().replace("omit-lockfile-registry-resolved", "")
