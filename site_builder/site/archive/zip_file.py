"""A zip that is the same bytes for the same files, whatever the machine, its clock and its compressor."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from site_builder.disk import naming

__all__ = ["Zipped", "write_zip"]

# The first moment that a zip can tell. Source: APPNOTE.TXT 6.3.10, 4.4.6.
_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644


@dataclass(frozen=True)
class Zipped:
    """A zip that was written."""

    file: Path
    files: int
    size_bytes: int
    sha256: str


def write_zip(target: Path, entries: Iterable[tuple[str, bytes | Path]]) -> Zipped:
    """Writes (path in the zip, bytes or the file that holds them), sorted by path, in one step: a reader finds all of it or none.

    Stored and not compressed: two versions of zlib give two results, and pictures would not become smaller."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    unfinished = Path(name)
    try:
        with naming(target), os.fdopen(handle, "wb") as stream:
            count = _write(stream, sorted(entries, key=lambda entry: entry[0]))
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.chmod(0o644)
        digest, size = _digest(unfinished), unfinished.stat().st_size
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return Zipped(target, count, size, digest)


def _write(stream: IO[bytes], entries: list[tuple[str, bytes | Path]]) -> int:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for path, content in entries:
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system, entry.external_attr = 3, _MODE << 16
            archive.writestr(entry, content if isinstance(content, bytes) else content.read_bytes())
    return len(entries)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
