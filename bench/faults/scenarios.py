"""What is done to the program while phones send. Each is a function of the world and a seeded chance; the first five are what CI runs."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import psycopg

from bench.faults import disks
from bench.faults.disks import SmallDisk
from bench.faults.phones import Evening
from bench.faults.world import World
from lianfang.config.runtime import database, installation
from lianfang.kernel.roles import FOLDER

_JUMPS = (172_800, -3_600, -172_800)
ANSWERED_WITHIN = 60.0  # seconds: the work of dead processes is taken up within a minute

Scenario = Callable[[World, random.Random], None]


class NotHere(Exception):
    """This cannot be tried on this machine: why."""


def _killing(part: str) -> Scenario:
    def kill(world: World, chance: random.Random) -> None:
        evening = world.evening(chance)
        evening.begin()
        for _ in range(2):
            time.sleep(chance.random() * 0.6)
            world.kill(part)
        _finish(world, evening)

    return kill


def _finish(world: World, evening: Evening) -> None:
    """Everything is answered within a minute, and the program is whole again."""
    if not evening.end(ANSWERED_WITHIN):
        raise TimeoutError("phones were not answered within a minute")
    world.wait(world.serves, ANSWERED_WITHIN, "the program did not serve again within a minute")


def thrice(world: World, chance: random.Random) -> None:
    """Every batch three times, in shuffled order, from two devices."""
    evening = world.evening(chance, thrice=True)
    evening.begin()
    _finish(world, evening)


def restored(world: World, chance: random.Random) -> None:
    """A backup under load; then the server is lost and a new one made from the backup and its log."""
    evening = world.evening(chance)
    evening.begin()
    _must(world.command("backup", "--json"))
    _finish(world, evening)
    after = world.evening(chance)
    after.begin()
    _finish(world, after)
    world.down()
    _must(world.command("restore", "latest", "--replace", "--json"))
    world.up()


def _must(done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode:
        raise RuntimeError((done.stdout + done.stderr).decode()[-500:])


def broken_off(world: World, chance: random.Random) -> None:
    """Intake and server die and phones give up too: what was not answered is absent or whole."""
    evening = world.evening(chance)
    evening.begin()
    time.sleep(chance.random() * 0.4)
    world.kill(chance.choice(("intake", "postgres")))
    evening.end(0.0)
    world.wait(world.serves, ANSWERED_WITHIN, "the program did not serve again within a minute")


def dropped(world: World, chance: random.Random) -> None:
    """The line is dropped between commit and answer, one time in two."""
    evening = world.evening(chance, cuts=0.5)
    evening.begin()
    _finish(world, evening)


def clocks(world: World, chance: random.Random) -> None:
    """Clocks of phones that jump by up to two days, between batches too."""
    for _ in range(2):
        evening = world.evening(chance, clock_off=172_800.0)
        evening.begin()
        _finish(world, evening)


def servers_clock(world: World, chance: random.Random) -> None:
    """The clock of the machine that serves is set: days forward and back, again and again while phones, whose clocks are right, send."""
    if world.clock is None:
        raise NotHere("there is no C compiler to make a clock that can be set")
    try:
        for seconds in chance.sample(_JUMPS, len(_JUMPS)):
            evening = world.evening(chance)
            evening.begin()
            time.sleep(chance.random() * 0.3)
            world.clock.jump(seconds)
            world.must_be_off(seconds)
            _finish(world, evening)
    finally:
        world.clock.jump(0)
    world.wait(world.serves, ANSWERED_WITHIN, "the program did not serve any more when its clock was right again")


def two_folders(world: World, chance: random.Random) -> None:
    """A second folder by mistake, and the first one killed while both are there."""
    url = database.engine(world.home).server(FOLDER, installation.REAL).url()
    environment = {**os.environ, "LIANFANG_DATABASE": url}
    program = "import django; django.setup(); from lianfang.config.runtime.folder import run; run()"
    evening = world.evening(chance)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as second:
        try:
            evening.begin()
            time.sleep(1 + chance.random())
            world.kill("folder")
            _finish(world, evening)
        finally:
            second.kill()


def strangers_transaction(world: World, chance: random.Random) -> None:
    """Somebody's transaction stays open in another database of the server: folding waits, nothing else does, and nothing is passed over."""
    elsewhere = replace(world.cluster.server(), name="postgres").url()
    with psycopg.connect(elsewhere, connect_timeout=5) as stranger:
        stranger.execute("create table if not exists stranger (n int)")
        stranger.execute("insert into stranger values (1)")
        evening = world.evening(chance)
        evening.begin()
        _finish(world, evening)
        time.sleep(chance.random())
        stranger.rollback()


def migration(world: World, chance: random.Random) -> None:
    """An upgrade under load: tables are altered and held for a second, `setup` runs, the rules are folded again."""
    evening = world.evening(chance)
    evening.begin()
    with psycopg.connect(world.url, connect_timeout=5) as owner:
        owner.execute("alter table ledger_record add column faults_probe integer")
        time.sleep(1.0)
    world.ask("update ledger_cursor set definition = 'of an older version' where name = 'rounds.visit_tally'")
    _must(world.command("setup"))
    world.ask("alter table ledger_record drop column faults_probe")
    _finish(world, evening)


def disk_full(world: World, chance: random.Random) -> None:
    """The disk of the database is full for a second or two, then there is room again. Root only: it is a small disk in memory."""
    disk = world.small_disk or _on_a_small_disk(world)
    evening = world.evening(chance)
    evening.begin()
    time.sleep(chance.random() * 0.3)
    before = world.told.refused
    with disk.full():
        other = world.evening(chance)
        other.begin()
        world.wait(lambda: world.told.refused > before, ANSWERED_WITHIN, "nobody felt that the disk was full")
        time.sleep(chance.random())
    _finish(world, evening)
    _finish(world, other)


def _on_a_small_disk(world: World) -> SmallDisk:
    """The database goes on on a disk whose size can be set, for all runs from here on."""
    if os.geteuid():
        raise NotHere("only root can make a small disk")
    world.down()
    world.small_disk = disks.moved(world.cluster.place)
    world.up()
    if world.small_disk is None:
        raise NotHere("no disk in memory may be mounted here")
    return world.small_disk


def supervisor_killed(world: World, chance: random.Random) -> None:
    """`up` itself is killed: what it left behind is ended, and it is started again."""
    evening = world.evening(chance)
    evening.begin()
    time.sleep(chance.random() * 0.5)
    if world.program is not None:
        world.program.kill()
        world.program.wait(timeout=30)
    evening.end(0.0)
    world.command("down")
    world.up()


LAST = "disk full"
SCENARIOS: dict[str, Scenario] = {
    "postgres killed": _killing("postgres"),
    "intake killed": _killing("intake"),
    "folder killed": _killing("folder"),
    "thrice from two devices": thrice,
    "broken off": broken_off,
    "restored from a backup": restored,
    "line dropped": dropped,
    "web killed": _killing("web"),
    "two folders": two_folders,
    "stranger's transaction": strangers_transaction,
    "migration under load": migration,
    "clocks jump": clocks,
    "server's clock jumps": servers_clock,
    "supervisor killed": supervisor_killed,
    LAST: disk_full,
}
