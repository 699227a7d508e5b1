"""A phone as the app is one: it joins by a link and seals what it records. Imports nothing of the product."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

BATCH = 50  # records of a call, as the app sends them
_SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
_CURVE, _OK = ec.SECP256R1(), 200


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(slots=True)
class Phone:
    """One phone that has joined and was unlocked once: a set-up of HPKE, and the cipher for the records under it."""

    device: str
    head: str
    cipher: AESGCM
    seq: int = 0

    def call(self, records: Sequence[tuple[str, str]]) -> bytes:
        """The body of a delivery of records, each an id and the rest of its JSON after the id."""
        boxes = ",".join(self._box(record, rest) for record, rest in records)
        return f'{{"parcels":[{self.head}"records":[{boxes}]}}]}}'.encode()

    def _box(self, record: str, rest: str) -> str:
        self.seq += 1
        inside = f'{{"id":"{record}","device":"{self.device}","device_seq":{self.seq},{rest}'
        nonce = os.urandom(12)
        box = _text(nonce + self.cipher.encrypt(nonce, inside.encode(), record.encode()))
        return f'{{"id":"{record}","seq":{self.seq},"box":"{box}"}}'


def join(post: Callable[[str, str], tuple[int, bytes]], token: str, digits: str) -> Phone:
    """Join by the link that the secretary handed over, and unlock once. `post` sends JSON to a path: status and body of the answer."""
    pair = ec.generate_private_key(_CURVE)
    key = _text(pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    body = json.dumps({"token": token, "digits": digits, "device": {"name": "示例手机", "public_key": key}})
    status, answer = post("/field/api/join", body)
    if status != _OK:
        raise RuntimeError(f"the phone could not join: {status} {answer!r}")
    told = json.loads(answer)
    device = told["device"]
    server = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _bytes(told["server_key"]))
    enc, context = _SUITE.create_sender_context(
        KEMKey.from_pyca_cryptography_key(server), info=f"lianfang field 1 {device}".encode(), sks=KEMKey.from_pyca_cryptography_key(pair)
    )
    head = f'{{"device":"{device}","enc":"{_text(enc)}","key_id":"{told["server_key_id"]}",'
    return Phone(device, head, AESGCM(context.export(b"records", 32)))
