"""The sealed files of books (photos), which lie beside the database: they go along with a base backup, and come back with it."""

from __future__ import annotations

import os
import tarfile
import threading
from contextlib import suppress
from pathlib import Path

from lianfang.config.runtime.backups import folder, keys, streams
from lianfang.config.runtime.home import Home

_NAME = f"files{folder.SEALED}"


def seal(home: Home, name: str, key: bytes) -> None:
    """Seal all files that are there now; one that goes meanwhile is left out."""
    reads, writes = os.pipe()
    packing = threading.Thread(target=_pack, args=(_place(home), writes), daemon=True)
    packing.start()
    with os.fdopen(reads, "rb") as packed, folder.writing(folder.place(home) / name / _NAME) as sealed:
        streams.seal(packed, sealed, key, f"{name}/files")
    packing.join(timeout=60)


def bring_back(home: Home, name: str) -> None:
    """Put back what is missing of the files of a backup; what is there already stays."""
    sealed_files = folder.place(home) / name / _NAME
    if not sealed_files.exists():
        return
    with sealed_files.open("rb") as sealed:
        pieces = streams.Pieces(streams.unseal(sealed, keys.of(home, name), f"{name}/files"))
        with tarfile.open(mode="r|", fileobj=pieces) as packed:  # type: ignore[call-overload]  # what can be read is a file here
            packed.extraction_filter = lambda member, _path: member  # each piece was proved to be what we packed
            for member in packed:
                if not (_place(home) / member.name).exists():
                    packed.extract(member, _place(home))
        while pieces.read(2**20):
            pass  # to the end, so that one cut short is found


def _place(home: Home) -> Path:
    return home.path / "files"


def _pack(place: Path, writes: int) -> None:
    with suppress(BrokenPipeError), os.fdopen(writes, "wb") as pipe, tarfile.open(mode="w|", fileobj=pipe) as packed:
        for path in sorted(place.rglob("*")) if place.is_dir() else []:
            with suppress(FileNotFoundError):
                packed.add(path, path.relative_to(place), recursive=False)
