"""What stands in a home, and how it is made: roles, database, tables, official divisions, and the demonstration.

A home may hold several databases, the real one and demonstrations, each of its own; HOME/installation.json says which one
commands mean, and how its cast signs in. Every step may be repeated and does only what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import connection
from django.utils.translation import gettext as _

from lianfang.config.runtime import database, migrating, roles, secrets
from lianfang.config.runtime.database import Engine
from lianfang.config.runtime.home import Home, read_form, write_form
from lianfang.config.runtime.progress import step
from lianfang.config.runtime.troubles import NoSuchDemonstration, NothingSetUp
from lianfang.doors.cli.demo import demonstrations
from lianfang.ground.places import commands as places
from lianfang.kernel.roles import OWNER
from lianfang.ledger.folding import fold_here, rebuilding

REAL = "lianfang"
DEFAULT_DEMONSTRATION = "yinhe"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


@dataclass(frozen=True, slots=True)
class Installation:
    """One database of a home. `cast` are the lines that say how to sign in to a demonstration, with `{origin}` for the address."""

    database: str
    demonstration: str | None = None
    cast: Sequence[str] = field(default=())

    def cast_at(self, origin: str) -> list[str]:
        """The lines for pages that are served at an address."""
        return [line.replace("{origin}", origin) for line in self.cast]


def current(home: Home) -> Installation | None:
    """The one that commands mean; none in an empty home."""
    form = read_form(home.path / "installation.json")
    name = form.get("current")
    return _read(name, form["databases"][name]) if name else None


def _read(name: str, form: dict[str, object]) -> Installation:
    demonstration, cast = form.get("demonstration"), form.get("cast")
    return Installation(name, str(demonstration) if demonstration else None, [str(line) for line in cast] if isinstance(cast, list) else [])


def _remembered(home: Home, name: str) -> Installation | None:
    form = read_form(home.path / "installation.json")
    held = form.get("databases", {}).get(name)
    return _read(name, held) if held is not None else None


def _remember(home: Home, made: Installation) -> None:
    form = read_form(home.path / "installation.json")
    held = {**form.get("databases", {}), made.database: {"demonstration": made.demonstration, "cast": list(made.cast)}}
    write_form(home.path / "installation.json", {"current": made.database, "databases": held})


def wanted(home: Home, demonstration: str | None) -> Installation:
    """What is meant: a named demonstration, "none" for the real one, and if nothing is said what the home holds."""
    if demonstration is None:
        return current(home) or Installation(f"{REAL}_demo_{DEFAULT_DEMONSTRATION}", DEFAULT_DEMONSTRATION)
    if demonstration == "none":
        return _remembered(home, _real_name(home)) or Installation(_real_name(home))
    known = demonstrations()
    if demonstration not in known or not _NAME.fullmatch(demonstration):
        raise NoSuchDemonstration(name=demonstration, known=", ".join(sorted(known)) or "—")
    return Installation(f"{REAL}_demo_{demonstration}", demonstration)


def _real_name(home: Home) -> str:
    found = database.engine(home)
    return (found.administrator.name if found.cluster is None else "") or REAL


def set_up(home: Home, demonstration: str | None = None, *, divisions: bool = True) -> tuple[Installation, bool]:
    """Make whatever is missing; the installation, and whether the server had to be started. Leaves the server running.

    A new database gets the official lists that are shipped, unless `divisions` is false: for those who load their own. Later
    lists are loaded when the administrator says so, since they move places. Where a newer version folds by other rules, what was
    folded by the older ones is folded again.
    """
    home.make()
    secrets.make_keys(home.secrets)
    with step(_("Database server")):
        engine, started = database.ensure_running(home)
    with home.alone("setup"):
        target = wanted(home, demonstration)
        known = _remembered(home, target.database)
        with step(_("Roles and database")):
            made = _make_database(engine, target, whole=known is not None)
        database.enter(engine.server(OWNER, target.database))
        with step(_("Tables")):
            migrate()
        if renewed := rebuilding.folded_by_other_rules():
            with step(_("Figures by the rules of this version")):
                rebuilding.rebuild(renewed)
        if known is None or made:
            known = _fill(target, divisions=divisions)
        _remember(home, known)
    return current(home) or target, started


def _fill(target: Installation, *, divisions: bool) -> Installation:
    """What a new database holds from the start; the installation with the cast of its demonstration."""
    if divisions or target.demonstration:
        with step(_("Official divisions")):
            places.load_shipped()
    if not target.demonstration:
        return target
    with step(_("Demonstration town")):
        cast = demonstrations()[target.demonstration]()
        fold_here()
    return replace(target, cast=cast)


def _make_database(engine: Engine, target: Installation, *, whole: bool) -> bool:
    """Have the roles and the database; whether the database is new."""
    database.ensure_roles(engine)
    with database.connected(engine.server(OWNER, database.lobby(engine))) as server:
        database.must_fit(server)
        if target.demonstration and not whole:
            roles.drop_database(server, target.database)  # left behind by an attempt that did not end
        made = roles.make_database(server, target.database)
    if not made and engine.cluster is None and not whole:
        with database.connected(replace(engine.administrator, name=target.database)) as existing:
            roles.let_owner_in(existing)
    return made


def migrate() -> None:
    """Bring the tables to what this code needs, as owner, with the extension before and the common rights after."""
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists btree_gist")
    migrating.migrate()
    connection.ensure_connection()
    roles.grant_common(connection.connection)


def enter(home: Home) -> Installation:
    """Have the server of this home answer and point Django to its database, as owner. Refuses an empty home."""
    found = current(home)
    if found is None:
        raise NothingSetUp(home=home.path)
    engine, _started = database.ensure_running(home)
    with database.connected(engine.server(OWNER, found.database)) as opened:
        database.must_fit(opened)
    database.enter(engine.server(OWNER, found.database))
    return found
