"""A certificate that will not do is refused before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from lianfang.config.runtime.certificates import usable
from lianfang.config.runtime.troubles import CertificateEnded, CertificateUnreadable, KeyOfAnother, NoSuchFile
from lianfang.kernel.clock import frozen, now
from tests.config.test_commands import own_certificate


def test_a_good_pair_is_kept_with_its_key_closed(tmp_path: Path) -> None:
    certificate, key = usable(*own_certificate(tmp_path), tmp_path)
    assert key.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert (certificate.name, key.stat().st_mode & 0o777) == ("cert.pem", 0o600)


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path)
    with pytest.raises(NoSuchFile):
        usable(certificate, tmp_path / "nowhere.pem", tmp_path)
    with pytest.raises(CertificateUnreadable):
        usable(key, key, tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(KeyOfAnother):
        usable(certificate, own_certificate(other)[1], tmp_path)
    with frozen(now().replace(year=now().year + 1)), pytest.raises(CertificateEnded):
        usable(certificate, key, tmp_path)
