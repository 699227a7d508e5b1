"""What the benchmarks of the ledger share: a visit as it is sent, an intake that is ready, and the raw COPY to compare with."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from lianfang.config.runtime.serving import Address
from lianfang.kernel import clock
from lianfang.kernel.ids import new_id

PATIENCE = 120.0


def visit(door: object, chance: random.Random) -> dict[str, Any]:
    """A visit within the last day."""
    at = clock.now() - timedelta(seconds=chance.randint(1, 86_400))
    payload = {"outcome": chance.choice(("seen", "dark", "phone"))}
    return {"id": str(new_id(at)), "kind": "visit", "version": 1, "place": str(door), "occurred_at": at.isoformat(), "payload": payload}


def visit_bodies(doors: Sequence[object], calls: int, size: int, chance: random.Random) -> Iterator[bytes]:
    """Bodies of calls as phones send them: visits within the last day at these doors."""
    now, day = clock.now(), timedelta(days=1)
    for _ in range(calls):
        lines = []
        for _ in range(size):
            at = now - chance.random() * day
            lines.append(
                f'{{"id":"{new_id(at)}","kind":"visit","version":2,"place":"{chance.choice(doors)}","occurred_at":"{at.isoformat()}",'
                f'"channel":"seen","payload":{{"outcome":"seen","people_seen":{chance.randint(1, 4)}}}}}'
            )
        yield f'{{"records":[{",".join(lines)}]}}'.encode()


def wait_for_intake(address: Address) -> None:
    """Wait until the intake beside the pages answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            asked = http.client.HTTPConnection(address.host, address.port + 1, timeout=5)
            asked.request("GET", "/intake/health")
            if asked.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the intake did not become ready")


def send(connected: http.client.HTTPConnection, records: Sequence[dict[str, Any]], token: str) -> None:
    """Send records as a device and see that all are kept."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connected.request("POST", "/intake/records", json.dumps({"records": records}), headers)
    answer = json.loads(connected.getresponse().read())
    if answer.get("kept") != len(records):
        raise RuntimeError(f"not all kept: {answer.get('code') or answer['verdicts'][:1]}")


def raw_copy(heap: Sequence[dict[str, Any]]) -> float:
    """Seconds for a COPY of as many rows of the same width into a bare table: what the database could take if nothing were asked."""
    with connection.cursor() as cursor:
        cursor.execute("create table if not exists bench_raw (id uuid, kind text, place uuid, at timestamptz, payload jsonb)")
        began = time.perf_counter()
        with cursor.copy("copy bench_raw from stdin") as copy:
            for record in heap:
                copy.write_row((record["id"], "visit", record["place"], record["occurred_at"], json.dumps(record["payload"])))
        took = time.perf_counter() - began
        cursor.execute("drop table bench_raw")
    return took
