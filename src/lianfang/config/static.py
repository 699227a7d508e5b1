"""Static files as they are served: collected under names that hold a hash of their content, compressed, and kept by browsers for ever.

`up` collects them before it serves, in well under a second, and again only when one of them has changed. Without that (the tests, a
developer's own server) they are served out of the packages under their plain names.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_STAMP = "collected.txt"


class Files(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Names with a hash; a name that was never collected stays as it is, so that a page is shown all the same."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The name under which a file lies."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name


def collect(into: Path) -> bool:
    """Bring the files of all packages there, hashed and compressed; false when what lies there is what there is."""
    found = dict(sorted(_found()))
    stamp = _stamp(found)
    told = into / _STAMP
    if told.is_file() and told.read_text() == stamp:
        return False
    fresh = into.with_name(f"{into.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, source in found.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    storage = Files(location=fresh, base_url=settings.STATIC_URL)
    for _name, _hashed, done in storage.post_process({name: (cast("Storage", storage), name) for name in found}):
        if isinstance(done, Exception):
            raise done
    (fresh / _STAMP).write_text(stamp)
    shutil.rmtree(into, ignore_errors=True)
    fresh.rename(into)
    return True


def _found() -> Iterator[tuple[str, Path]]:
    """Each file once by its name; the first package that has it holds."""
    names: set[str] = set()
    for finder in get_finders():
        for name, storage in finder.list([]):
            if name not in names:
                names.add(name)
                yield name, Path(storage.path(name))


def _stamp(found: dict[str, Path]) -> str:
    """What lies in the packages: names, sizes and times of change."""
    digest = hashlib.sha256()
    for name, source in found.items():
        seen = source.stat()
        digest.update(f"{name}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()
