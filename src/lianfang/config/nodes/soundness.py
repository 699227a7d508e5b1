"""What `doctor` asks about figures that go up, and those that come up. It reads as owner and asks no other machine."""

from __future__ import annotations

from typing import Any

from django.db import connection

from lianfang.config.nodes.subscribing import named
from lianfang.config.nodes.window import DATABASE, LOGIN, code_of
from lianfang.config.runtime.home import Home
from lianfang.headquarters.upward import queries as upward
from lianfang.kernel import clock
from lianfang.kernel.soundness import Finding

_KEPT = 2**30
"""Bytes of log held back for a node above from which on somebody should look."""


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _finding(check: str, wrong: list[str], fine: str, mend: str) -> Finding:
    return Finding(check, not wrong, ", ".join(wrong) if wrong else fine, mend if wrong else "")


def going_up() -> Finding:
    """Where a window stands: the log can be sent on, the slots stand and are read, and the login of the window enters the window only."""
    if not code_of(Home.here()):
        return Finding("nodes.going_up", ok=True, found="nothing goes up from here")
    [(level,)] = _rows("select current_setting('wal_level')", [])
    wrong = [] if level == "logical" else [f"wal_level={level}"]
    slots = _rows(
        "select slot_name, active, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint, "
        "coalesce(invalidation_reason, case when wal_status = 'lost' then wal_status end, '') "
        "from pg_replication_slots where database = %s and not temporary order by 1",
        [DATABASE],
    )
    wrong += [f"{name} is lost: {why}" for name, _active, _kept, why in slots if why]
    wrong += [
        f"{name} is not read and holds back {kept // 2**20} MB"
        for name, active, kept, why in slots
        if not why and not active and kept > _KEPT
    ]
    open_to_it = _rows(
        "select datname from pg_database where datallowconn and not datistemplate and datname not in (%s, 'postgres') "
        "and has_database_privilege((select oid from pg_roles where rolname = %s), oid, 'connect')",
        [DATABASE, LOGIN],
    )
    wrong += [f"{LOGIN} may enter {name}" for (name,) in open_to_it]
    return _finding("nodes.going_up", wrong, f"{len(slots)} read from the window", "./lianfang node open CODE sets it right")


def coming_up() -> Finding:
    """Where figures come up: every subscription works, and what it brings is not old."""
    nodes = upward.nodes()
    states = {
        str(name): (enabled, working, int(unready))
        for name, enabled, working, unready in _rows(
            "select s.subname, s.subenabled, w.pid is not null, (select count(*) from pg_subscription_rel r where r.srsubid = s.oid "
            "and r.srsubstate <> 'r') from pg_subscription s left join pg_stat_subscription w on w.subid = s.oid and w.worker_type = 'apply' "
            "where starts_with(s.subname, %s)",
            [named("")],
        )
    }
    wrong = [f"no subscription to {one.code}" for one in nodes if named(one.code) not in states]
    wrong += [f"{name} does not work" for name, (enabled, working, _unready) in states.items() if not (enabled and working)]
    old = [one.node.code for one in upward.standings(nodes, clock.today()) if one.old(clock.now())]
    wrong += [f"figures of {code} are old" for code in old]
    return _finding("nodes.coming_up", wrong, f"{len(nodes)} nodes tell", "./lianfang node check")


CHECKS = {"nodes.going_up": lambda: [going_up()], "nodes.coming_up": lambda: [coming_up()]}
"""The checks by name."""
