"""The certificate for serving phones: looked at before anything is started, and its key in the one form the server reads."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from lianfang.config.runtime.home import write_private
from lianfang.config.runtime.troubles import CertificateEnded, CertificateUnreadable, KeyOfAnother, NoSuchFile
from lianfang.kernel import clock


def usable(certificate: Path, key: Path, place: Path) -> tuple[Path, Path]:
    """The two files as the server can read them; the key is kept in `place`, where only its owner may read it.

    Raises NoSuchFile, CertificateUnreadable, CertificateEnded, KeyOfAnother.
    """
    for path in (certificate, key):
        if not path.is_file():
            raise NoSuchFile(path=path)
    try:
        read = x509.load_pem_x509_certificate(certificate.read_bytes())
    except ValueError:
        raise CertificateUnreadable(path=certificate) from None
    try:
        private = load_pem_private_key(key.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise CertificateUnreadable(path=key) from None
    if read.not_valid_after_utc < clock.now():
        raise CertificateEnded(path=certificate, day=clock.local(read.not_valid_after_utc).date())
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if read.public_key().public_bytes(*form) != private.public_key().public_bytes(*form):
        raise KeyOfAnother(path=key)
    kept = place / "tls.pem"
    write_private(kept, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
    return certificate, kept
