"""A photo from the phone to the desk and out again: only where the form asks, sealed, shown with a reason, gone with its book."""

from __future__ import annotations

import argparse
import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from lianfang.doors.cli import keys
from lianfang.ground.places import queries as places
from lianfang.kernel import clock, erasers, filed
from lianfang.kernel.ids import RecordId
from lianfang.kernel.sealing import keyring
from lianfang.ledger.intake import deciding
from lianfang.ledger.intake.sealed import SealedParcel, SealedRecord, take_parcels
from lianfang.ledger.models import PhotoLook
from lianfang.ledger.queries.history import root_of
from tests.doors.conftest import Desk, words_of
from tests.doors.field.test_lines import deliver
from tests.factories.cast import Cast
from tests.factories.phones import join
from tests.factories.pictures import PLACE, answered, jpeg, segment
from tests.ledger.sending import correction, record

PICTURE = jpeg(960, 1280, fill=900)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.LIANFANG_FILES = tmp_path / "files"
    keyring().write(tmp_path / "keyring.json")
    settings.LIANFANG_KEYRING = tmp_path / "keyring.json"
    return tmp_path / "files"


def test_a_photo_is_kept_sealed_shown_with_a_reason_and_erased_with_its_book(
    desk_of: Callable[[str], Desk], cast: Cast, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = join(cast.account("grid.a"))
    made = record(cast.a_door.id, **answered(PICTURE))
    assert deliver(phone.seal(made)) == ["kept"]
    [file] = folder.glob("*/*")
    assert PICTURE[20:120] not in file.read_bytes()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    phone.seq -= 1
    assert deliver(phone.seal(made)) == ["repeated"]
    # The desk of the place sees that there is one; looking takes a reason and is noted.
    secretary = desk_of("secretary.a")
    told = words_of(secretary.get("place", cast.a_door.id))
    assert "照片：阀门照片（不拍人）" in told
    assert made["payload"]["answers"]["valve"] not in told
    shown = secretary.post("photo", made["id"], "valve", reason="rescue")
    assert b64encode(PICTURE).decode() in shown.content.decode()
    assert "有生命危险" in words_of(shown)
    [look] = PhotoLook.objects.all()
    assert (look.account_id, str(look.record_id), look.question, look.reason) == (
        cast.secretary.account_id, made["id"], "valve", "rescue",
    )  # fmt: skip
    assert secretary.post("photo", made["id"], "valve", reason="", words=" ").status_code == 409
    assert secretary.post("photo", made["id"], "inside", reason="rescue").status_code == 404
    assert desk_of("secretary.b").post("photo", made["id"], "valve", reason="rescue").status_code == 404
    assert PhotoLook.objects.count() == 1
    # It follows the keys, and goes with its book.
    root = root_of(RecordId(UUID(str(made["id"]))))
    assert _keys(capsys, "rotate")["rows"]["files"] == 1
    assert filed.keys_in_use() == {"k2": 1}
    assert _keys(capsys, "rotate", "--resume")["rows"] == {}
    assert filed.read(root.book, file.name) == PICTURE
    assert erasers.erasers()["photos"](root.book) == 1
    assert (list(folder.glob("*")), filed.read(root.book, file.name)) == ([], None)
    assert secretary.post("photo", made["id"], "valve", reason="rescue").status_code == 404
    assert erasers.erasers()["photos"](root.book) == 0


def _keys(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    keys.register(parser.add_subparsers())
    args = parser.parse_args(["keys", *words, "--json"])
    assert args.run(args) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_what_nobody_asked_for_is_missing_or_tells_more_is_refused_and_nothing_is_written(cast: Cast, folder: Path) -> None:
    phone = join(cast.account("grid.a"))
    plain = answered(PICTURE)
    without: dict[str, Any] = {"payload": plain["payload"]}
    unasked: dict[str, Any] = {"payload": {"outcome": "seen"}, "envelope": plain["envelope"]}
    elsewhere: dict[str, Any] = {**plain, "payload": {"outcome": "seen", "form": "gas/1"}}
    another: dict[str, Any] = {**plain, "envelope": answered(jpeg(fill=7))["envelope"]}
    tried = [
        without, unasked, elsewhere, another, answered(jpeg(heads=segment(0xE1, PLACE))), answered(b"no picture"),
        answered(jpeg(1281, 100)), answered(jpeg(fill=400_000)), answered(jpeg(fill=2**20)),
    ]  # fmt: skip
    parcel = phone.seal(*(record(cast.a_door.id, **one) for one in tried))
    read = [SealedParcel(parcel["device"], parcel["enc"], parcel["key_id"], [SealedRecord(**box) for box in parcel["records"]])]
    verdicts = take_parcels(read, received_at=clock.now()).verdicts
    assert [one.why.code for one in verdicts if one.why] == [
        "photo_missing", "photo_not_asked", "photo_not_asked", "photo_missing", "tells_more", "not_a_picture",
        "photo_too_large", "photo_too_large", "unreadable",
    ]  # fmt: skip
    assert not folder.exists()
    # A correction says again what the form was answered, and brings no photo of its own.
    made = record(cast.a_door.id, **plain)
    assert deliver(phone.seal(made)) == ["kept"]
    assert deliver(phone.seal(correction(made, to={**plain["payload"], "people_seen": 2}))) == ["kept"]
    assert deliver(phone.seal(correction(made, to=plain["payload"], envelope=plain["envelope"]))) == ["refused"]
    assert len(list(folder.glob("*/*"))) == 1


def test_a_photo_that_waits_lies_in_the_record_and_is_filed_when_it_is_released(cast: Cast, folder: Path) -> None:
    phone = join(cast.account("grid.a"))
    made = record(places.doors_of(cast.b_building)[0].id, **answered(PICTURE))
    assert deliver(phone.seal(made)) == ["quarantined"]
    assert not folder.exists()
    deciding.release(RecordId(UUID(str(made["id"]))), by=cast.outsider)
    [file] = folder.glob("*/*")
    assert file.name == f"{made['id']}.valve"
    with pytest.raises(ValueError, match="name"):
        filed.put(1, "../keyring", b"")
