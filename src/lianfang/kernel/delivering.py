"""Opening what phones have sealed for the server: HPKE (RFC 9180) in its authenticated mode.

A phone sets up once at each unlock, with its own unextractable key, and seals each record by itself under the exported secret.
Whoever carries the parcel can neither read nor forge; the phone itself cannot open what it sealed.
Suite: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. The server's keys have names, so that they can be renewed while
phones still hold parcels sealed to the one before.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey, PyHPKEError

from lianfang.kernel.errors import Refused

_CURVE = ec.SECP256R1()
_SCALAR = 32
_NONCE = 12
_SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
_PARCELS_REMEMBERED = 4096


class KeyUnreadable(Refused):
    """This is not the public key of a device."""


class ParcelBroken(Refused):
    """The parcel does not open: it was sealed with another key, altered, or moved."""


def text_of(raw: bytes) -> str:
    """Bytes as they are written in JSON: base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """The bytes behind base64url without padding. Raises ParcelBroken."""
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ParcelBroken from None


def public_key(raw: bytes) -> ec.EllipticCurvePublicKey:
    """The public key in a raw point of 65 bytes. Raises KeyUnreadable for anything else."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, raw)
    except ValueError:
        raise KeyUnreadable from None


@dataclass(frozen=True, slots=True)
class DeliveryKeys:
    """The server's keys for parcels, by name: the current one is told to phones, the others still open what was sealed before."""

    current: str
    scalars: dict[str, bytes]

    @classmethod
    def generate(cls) -> DeliveryKeys:
        """New keys: one."""
        return cls("f1", {"f1": _new_scalar()})

    def renewed(self) -> DeliveryKeys:
        """The same with one more, which is now the current one."""
        name = f"f{max(int(held[1:]) for held in self.scalars) + 1}"
        return DeliveryKeys(name, {**self.scalars, name: _new_scalar()})

    @property
    def public(self) -> bytes:
        """The raw point of the current key."""
        return _point(self.scalars[self.current])


def _new_scalar() -> bytes:
    return ec.generate_private_key(_CURVE).private_numbers().private_value.to_bytes(_SCALAR, "big")


@lru_cache(maxsize=16)
def _private(scalar: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(scalar, "big"), _CURVE)


def _point(scalar: bytes) -> bytes:
    return _private(scalar).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@lru_cache(maxsize=_PARCELS_REMEMBERED)
def parcel(device: UUID, device_key: bytes, enc: bytes, scalar: bytes) -> Parcel:
    """What opens the records of one set-up of a device; remembered, since a phone sends many times between two unlocks.

    Raises ParcelBroken where the set-up is none.
    """
    try:
        context = _SUITE.create_recipient_context(
            enc,
            KEMKey.from_pyca_cryptography_key(_private(scalar)),
            info=f"lianfang field 1 {device}".encode(),
            pks=KEMKey.from_pyca_cryptography_key(public_key(device_key)),
        )
        return Parcel(AESGCM(context.export(b"records", 32)))
    except (PyHPKEError, ValueError):
        raise ParcelBroken from None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One set-up, ready to open records."""

    cipher: AESGCM

    def open(self, box: bytes, record: str) -> bytes:
        """The record in a box, which must have been sealed under this record's id. Raises ParcelBroken."""
        try:
            return self.cipher.decrypt(box[:_NONCE], box[_NONCE:], record.encode())
        except (InvalidTag, ValueError):
            raise ParcelBroken from None
