"""Sealed parcels through the intake's own door: whoever carries them, however often, whatever was done to them on the way."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from django.conf import settings as django_settings

from lianfang.ground.accounts import commands, queries
from lianfang.kernel import clock
from lianfang.kernel.ids import DeviceId, new_id
from lianfang.kernel.sealing import Keyring, keyring
from lianfang.ledger.intake import deciding
from lianfang.ledger.intake.sealed import SealedParcel, take_parcels
from lianfang.ledger.queries import waiting
from lianfang.ledger.types import TooMany
from tests.factories.cast import Cast
from tests.factories.phones import Phone, join, new_pair, read, told
from tests.ledger.recount import table
from tests.ledger.sending import record
from tests.ledger.test_server import Served, process, served

__all__ = ["process", "served"]


def deliver(served: Served, *parcels: Mapping[str, Any]) -> list[str]:
    """The verdicts in the order sent, each as "word" or "word code"."""
    answer = served.client.post("/intake/sealed", json={"parcels": parcels})
    assert answer.status_code == 200, answer.text
    verdicts = answer.json()["verdicts"]
    assert [one["id"] for one in verdicts] == [box["id"] for parcel in parcels for box in parcel["records"]]
    return [f"{one['verdict']} {one.get('code', '')}".strip() for one in verdicts]


def here(*parcels: Mapping[str, Any]) -> list[str]:
    """The same without the process around it."""
    delivered = take_parcels(msgspec.convert(parcels, list[SealedParcel]), received_at=clock.now())
    return [f"{one.word.value} {one.code}".strip() for one in delivered.verdicts]


@pytest.fixture
def phone(town: Cast) -> Phone:
    return join(town.account("grid.a"))


def test_delivered_by_anybody_any_number_of_times_in_any_order(served: Served, town: Cast, phone: Phone) -> None:
    made = [record(town.a_door.id) for _ in range(6)]
    first = phone.seal(*made[:3], record(town.b_door.id), record(town.a_door.id) | {"kind": "knock"})
    phone.unlock()
    second = phone.seal(*made[3:])
    assert deliver(served, second) == ["kept"] * 3
    # A colleague's phone carries both, the older last and shuffled, one box twice in one call.
    shuffled = {**first, "records": random.Random(7).sample(first["records"], 5)}
    again = {**second, "records": [*second["records"], second["records"][0]]}
    assert sorted(deliver(served, again, shuffled, first)) == sorted(
        ["repeated"] * 4 + ["kept"] * 3 + ["repeated"] * 3 + ["quarantined outside_grant"] * 2 + ["refused unknown_kind"] * 2
    )
    kept = table("ledger_record")
    assert {str(row["id"]) for row in kept} == {one["id"] for one in made}
    assert {row["actor"] for row in kept} == {town.account("grid.a")}
    assert {row["device"] for row in kept} == {phone.id}
    assert sorted(row["device_seq"] for row in kept) == [1, 2, 3, 6, 7, 8]


def test_what_was_forged_altered_or_moved_is_refused_by_itself(served: Served, town: Cast, phone: Phone) -> None:
    other = join(town.account("secretary.a"), name="另一部")
    good, one = record(town.a_door.id), record(town.a_door.id)
    honest = phone.seal(good)
    swapped = phone.seal(one)
    swapped["records"][0]["id"] = str(new_id())
    flipped = phone.seal(one)
    raw = bytearray(read(flipped["records"][0]["box"]))
    raw[-1] ^= 1
    flipped["records"][0]["box"] = told(bytes(raw))
    forger = Phone(new_pair()[0], phone.joined, phone.http)
    as_other = {**phone.seal(one), "device": str(other.id)}
    of_others = record(town.a_door.id, actor=town.account("secretary.a"))
    inside = phone.seal(
        of_others, {**one, "device": str(other.id), "device_seq": 90}, {**one, "device": str(phone.id), "device_seq": 1}, numbered=False
    )
    inside["records"][0] = phone.seal(of_others)["records"][0]
    inside["records"].append(phone.seal({"id": str(new_id()), "note": "王示例"}, numbered=False)["records"][0])
    unknown = {**phone.seal(one), "device": str(new_id())}
    nonsense = {**phone.seal(one), "device": "no device"}
    keyless = {**phone.seal(one), "key_id": "f99"}
    pointless = {**phone.seal(one), "enc": "AAAA"}
    unreadable = {**phone.seal(one), "enc": "!"}
    broken = {**honest, "records": [{**honest["records"][0], "box": "…"}, {**honest["records"][0], "box": "AAAA"}]}
    parcels = (swapped, flipped, forger.seal(one), as_other, inside, unknown, nonsense, keyless, pointless, unreadable, broken, honest)
    told_wrong = [
        *["refused seal_broken"] * 4, "refused another_author", *["refused not_the_record"] * 3, *["refused unknown_device"] * 2,
        "refused key_unknown", *["refused seal_broken"] * 4,
    ]  # fmt: skip
    assert deliver(served, *parcels) == [*told_wrong, "kept"]
    assert here(*parcels) == [*told_wrong, "repeated"]
    assert here({**honest, "records": []}) == here() == []
    assert here(phone.seal({**one, "mood": "王示例"}, {**one, "id": str(one["id"]).upper()})) == ["refused unreadable", "kept"]
    for too_many in ([honest] * 65, [{**honest, "records": honest["records"] * 5001}]):
        with pytest.raises(TooMany):
            here(*too_many)
    assert {str(kept["id"]) for kept in table("ledger_record")} == {good["id"], one["id"]}
    assert deliver(served, phone.seal({**good, "payload": {"outcome": "vacant"}})) == ["refused same_id_other_content"]


def test_from_a_device_that_was_cut_off_everything_waits_for_the_secretary(served: Served, town: Cast, phone: Phone) -> None:
    before, after = record(town.a_door.id), record(town.a_door.id)
    sent = phone.seal(before)
    assert deliver(served, sent) == ["kept"]
    commands.cut_off(DeviceId(phone.id), by=town.secretary, stolen=True)
    late = phone.seal(after)
    answer = served.client.post("/intake/sealed", json={"parcels": [late]}).json()
    assert (answer["cut"], answer["verdicts"][0]["code"]) == ("stolen", "from_cut_device")
    assert deliver(served, late, sent) == here(late, sent) == ["quarantined from_cut_device", "repeated"]
    assert here(phone.seal(record(town.a_door.id))) == ["quarantined from_cut_device"]
    with town.as_web(town.secretary):
        waits = next(one for one in waiting([town.a.range]) if str(one.id) == after["id"])
    assert (waits.author, str(waits.id)) == (town.account("grid.a"), after["id"])
    with town.as_web(town.grid_worker):
        assert len(waiting([town.a_building.range])) == 2
    deciding.release(waits.id, by=town.secretary)
    assert deliver(served, late) == here(late) == ["repeated"]
    assert len(table("ledger_record")) == 2


def test_a_phone_whose_login_was_carried_over_delivers_as_always(served: Served, town: Cast, phone: Phone) -> None:
    waiting_there = phone.seal(record(town.a_door.id))
    code = phone.post("handover").json()["code"]
    body = {
        "code": code,
        "digits": queries.phone_of(town.account("grid.a"))[-4:],
        "device": {"name": "浏览器", "public_key": new_pair()[1]},
    }
    assert phone.http.post("/field/api/join", json.dumps(body), content_type="application/json").status_code == 200
    answer = served.client.post("/intake/sealed", json={"parcels": [waiting_there]}).json()
    assert (answer["cut"], answer["verdicts"][0]["verdict"]) == ("deliver", "kept")


def test_calls_that_are_refused_whole(served: Served, town: Cast, phone: Phone) -> None:
    for body, status, code in (
        (b"{", 400, "not_json"),
        (b'{"records": []}', 400, "not_json"),
        (json.dumps({"parcels": [phone.seal()] * 65}).encode(), 413, "too_many"),
        (json.dumps({"parcels": [{**phone.seal(), "records": [{"id": "x", "seq": 1, "box": ""}] * 5001}]}).encode(), 413, "too_many"),
        (b" " * (8 * 2**20 + 1), 413, "body_too_large"),
    ):
        answer = served.client.post("/intake/sealed", content=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert served.client.get("/intake/sealed").status_code == 405
    assert served.client.post("/intake/sealed", json={"parcels": []}).json()["verdicts"] == []
    allowed = served.client.options("/intake/sealed", headers={"origin": "https://desk.example"})
    assert allowed.headers["access-control-allow-origin"] == "https://desk.example"


def test_the_key_is_renewed_while_phones_hold_parcels_sealed_to_the_one_before(served: Served, town: Cast, phone: Phone) -> None:
    held = keyring()
    old = phone.seal(record(town.a_door.id))
    try:
        held.with_new_field_key().write(django_settings.LIANFANG_KEYRING)
        newer = join(town.account("secretary.a"))
        assert newer.joined["server_key_id"] == "f2"
        assert phone.get("poll").json()["server_key"] == newer.joined["server_key"] != phone.joined["server_key"]
        assert deliver(served, old, newer.seal(record(town.a_door.id))) == ["kept", "kept"]
    finally:
        held.write(django_settings.LIANFANG_KEYRING)
    assert Keyring.read(django_settings.LIANFANG_KEYRING).field.current == "f1"
