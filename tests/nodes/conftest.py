"""Three installations side by side: two cities and the province over them, each with a server of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from lianfang.config.runtime import binaries, database, secrets
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.roles import make_database
from lianfang.kernel.roles import OWNER
from tests.config.conftest import open_place
from tests.nodes import town
from tests.nodes.machines import Machine
from tests.settings import SERVER

_FILLED_BY_MIGRATIONS = ("django_migrations", "django_content_type", "auth_permission")


@dataclass
class Scene:
    """The machines, and what stands at them; `doors` of each city by its letter."""

    province: Machine
    cities: dict[str, Machine]
    doors: dict[str, list[str]] = field(default_factory=dict)

    def add(self, letter: str) -> None:
        """Have the figures of a city come up."""
        opened = self.cities[letter].told("node", "open", town.CITIES[letter])
        at = f"{opened['host']}:{opened['port']}"
        self.province.told("node", "add", opened["code"], "--at", at, LIANFANG_NODE_PASSWORD=opened["password"])

    def tell(self, letter: str) -> None:
        """A city counts and tells; not waited for."""
        self.cities[letter].told("report", "--once")


def _schema(place: Path) -> tuple[Path, ...]:
    """The migrated tables of the test database, as files for psql: quicker than migrating once more."""
    dump = binaries.find(place, None) / "pg_dump"
    name = connection.settings_dict["NAME"]
    environment = {"PGPASSWORD": SERVER.password}
    to = ["-h", SERVER.host, "-p", str(SERVER.port), "-U", SERVER.user, "-d", str(name)]
    files = (place / "schema.sql", place / "rows.sql")
    rows = [f"--table={table}" for table in _FILLED_BY_MIGRATIONS]
    for file, which in zip(files, (["--schema-only"], ["--data-only", *rows]), strict=True):
        subprocess.run([dump, *to, *which, "-f", file], env=environment, check=True, timeout=60)
    return files


def _base(place: Path) -> Machine:
    """An installation with the official divisions of both cities, stopped."""
    machine = Machine(place / "base")
    home = Home(machine.home)
    home.make()
    secrets.make_keys(home.secrets)
    engine, _started = database.ensure_running(home, small=True)
    database.ensure_roles(engine)
    with database.connected(engine.server(OWNER, "postgres")) as owner:
        make_database(owner, "lianfang")
    psql = binaries.find(place, None) / "psql"
    whole = engine.administrator
    for file in _schema(place):
        to = ["-h", whole.host, "-p", str(whole.port), "-U", whole.user, "-d", "lianfang", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(file)]
        subprocess.run([psql, *to], env={"PGPASSWORD": whole.password}, check=True, timeout=60, stdout=subprocess.DEVNULL)
    machine.command("setup", "--demo", "none", "--no-divisions")
    town.lists(machine)
    machine.command("down")
    machine.end()
    return machine


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with open_place() as place:
        machines: list[Machine] = []
        try:
            with django_db_blocker.unblock():
                base = _base(place)
            machines.append(base)
            made = Scene(base.copied("province"), {"a": base.copied("a"), "b": base.copied("b")})
            machines += [made.province, *made.cities.values()]
            town.reader(made.province)
            for number, (letter, communities) in enumerate(town.COMMUNITIES.items()):
                name, order = town.CANARIES[2 * number], 9911 + 10 * number
                made.doors[letter] = town.people(made.cities[letter], communities, name, order)
                town.visit(made.cities[letter], made.doors[letter][:5])
                made.add(letter)
                made.tell(letter)
            yield made
        finally:
            for machine in machines:
                machine.end()
