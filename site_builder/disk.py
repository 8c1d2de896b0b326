"""Writing to a disk that may refuse: full, read-only, closed to this account. What was refused is said with its place."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["named", "naming", "refused", "write_all_new", "write_new"]

# What is the matter with a whole disk, and not with one file or folder.
_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Has what is refused while a file is open, which the system does not name, name this file or folder."""
    try:
        yield
    except OSError as error:
        named(error, path)
        raise


def named(error: OSError, path: Path) -> OSError:
    """The error, which names this file or folder unless it names one."""
    if error.filename is None:
        error.filename = str(path)
    return error


def refused(error: OSError) -> str:
    """What the system refused, and where: ``No space left on device: site/index.html, on the disk mounted at /srv``."""
    # Of a file that takes another's place the second name is the one that people know.
    place = error.filename2 or error.filename
    words = error.strerror or str(error)
    if place is None or isinstance(place, int):
        return words
    path = os.fsdecode(place)
    disk = f", on the disk mounted at {_mount_point(Path(path))}" if error.errno in _OF_THE_DISK else ""
    return f"{words}: {path}{disk}"


def _mount_point(path: Path) -> Path:
    """Where the disk of a file, which need not be there, is mounted."""
    place = Path(os.path.realpath(path))
    return next(above for above in (place, *place.parents) if above.is_mount() or above == above.parent)


def write_new(path: Path, raw: bytes) -> None:
    """Writes a new file, or leaves none: half a record would be in the way of the whole one. Raises FileExistsError."""
    with naming(path):
        stream = path.open("xb")
        try:
            with stream:
                stream.write(raw)
        except OSError:
            path.unlink(missing_ok=True)
            raise


def write_all_new(files: Mapping[Path, bytes]) -> None:
    """Writes new files with the folders that they need, or leaves none of both. Raises FileExistsError."""
    made: list[Path] = []
    try:
        for path, raw in files.items():
            above = [folder for folder in path.parents if not folder.exists()]
            made += reversed(above)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_new(path, raw)
            made.append(path)
    except OSError:
        for path in reversed(made):
            # Somebody else may have put something into a folder meanwhile.
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise
