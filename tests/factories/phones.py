"""A phone for tests: joins over HTTP and seals records as the app does, with nothing of the server's own code for opening them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts import queries as accounts
from lianfang.kernel.ids import AccountId

SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)


def told(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_pair() -> tuple[ec.EllipticCurvePrivateKey, str]:
    """A key pair and its public point as it is sent."""
    pair = ec.generate_private_key(ec.SECP256R1())
    return pair, told(pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def digits_of(account_id: AccountId) -> str:
    return accounts.phone_of(account_id)[-4:]


@dataclass
class Phone:
    """One phone that has joined."""

    pair: ec.EllipticCurvePrivateKey
    joined: Mapping[str, Any]
    http: Client
    seq: int = 0
    setup: tuple[bytes, AESGCM] | None = field(default=None)

    @property
    def id(self) -> UUID:
        return UUID(self.joined["device"])

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(f"/field/api/{path}", headers={"authorization": f"Bearer {self.joined['credential']}", **headers})

    def post(self, path: str, body: object = None) -> Any:
        return self.http.post(
            f"/field/api/{path}", json.dumps(body or {}), content_type="application/json",
            headers={"authorization": f"Bearer {self.joined['credential']}"},
        )  # fmt: skip

    def unlock(self) -> None:
        """Set up anew, as at each unlock."""
        server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), read(self.joined["server_key"]))
        info = b"lianfang field 1 " + str(self.id).encode()
        enc, context = SUITE.create_sender_context(
            KEMKey.from_pyca_cryptography_key(server), info=info, sks=KEMKey.from_pyca_cryptography_key(self.pair)
        )
        self.setup = (enc, AESGCM(context.export(b"records", 32)))

    def seal(self, *records: Mapping[str, object], numbered: bool = True) -> dict[str, Any]:
        """A parcel of records, each with the device and its next counter put in unless they are numbered already."""
        if self.setup is None:
            self.unlock()
        assert self.setup is not None
        enc, cipher = self.setup
        boxes = []
        for one in records:
            self.seq += 1
            inside = {**one, "device": str(self.id), "device_seq": self.seq} if numbered else dict(one)
            nonce = os.urandom(12)
            box = nonce + cipher.encrypt(nonce, json.dumps(inside).encode(), str(one["id"]).encode())
            boxes.append({"id": str(one["id"]), "seq": self.seq, "box": told(box)})
        return {"device": str(self.id), "enc": told(enc), "key_id": self.joined["server_key_id"], "records": boxes}


def join(account_id: AccountId, *, name: str = "示例手机", language: str = "zh") -> Phone:
    """A phone of an account, joined by a link as a person does."""
    link = commands.invite_phone(account_id, by=access.local_administrator())
    pair, key = new_pair()
    http = Client(headers={"accept-language": language})
    body = {"token": link.token, "digits": digits_of(account_id), "device": {"name": name, "public_key": key}}
    answer = http.post("/field/api/join", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return Phone(pair, answer.json(), http)
