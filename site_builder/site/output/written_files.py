"""Writing the files of a site, and their rights."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from site_builder.disk import named
from site_builder.errors import Error
from site_builder.site.output.noted_files import FILE, FOLDER

__all__ = ["make_folder", "make_readable", "write_files", "write_one"]

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Writes files below a folder. A path that would lead out of it is an error."""
    root, made = os.path.realpath(folder), set[str]()
    for path, raw in files:
        write_one(root, path, raw, made)


def write_one(root: str, path: str, raw: bytes, made: set[str]) -> None:
    """Writes a file below root, a real path. made: folders that are known to be there. Everybody may read the file.

    Of a thousand credentials this is called seven thousand times: it asks the system for nothing that it need not know."""
    folder, _, name = path.rpartition("/")
    place = f"{root}/{folder}" if folder else root
    if place not in made:
        if path.startswith("/") or {"", ".", ".."} & set(path.split("/")):
            raise Error(f"{path!r} would be written outside of the site")
        make_folder(place, made)
    elif name in ("", ".", ".."):
        raise Error(f"{path!r} would be written outside of the site")
    target = f"{place}/{name}"
    try:
        try:
            descriptor = os.open(target, _NEW, 0o644)
        except FileExistsError:
            if _is_there(target, raw):
                return
            # Never into a file that is there: it may be a file of the old site as well.
            os.unlink(target)
            descriptor = os.open(target, _NEW, 0o644)
        try:
            written = os.write(descriptor, raw)
            while written < len(raw):
                written += os.write(descriptor, raw[written:])
            if os.fstat(descriptor).st_mode != FILE:
                os.fchmod(descriptor, 0o644)
        finally:
            os.close(descriptor)
    except OSError as error:
        named(error, Path(target))
        raise


def make_folder(place: str, made: set[str]) -> None:
    """Makes a folder, and those above it that are missing. made: folders that are known to be there; it is one of them after."""
    if place in made:
        return
    try:
        os.mkdir(place, 0o755)
    except FileNotFoundError:
        make_folder(os.path.dirname(place), made)
        os.mkdir(place, 0o755)
    except FileExistsError:
        if not os.path.isdir(place):
            raise
    if os.lstat(place).st_mode != FOLDER:
        _give(place, FOLDER)
    made.add(place)


def make_readable(folder: Path) -> None:
    """Lets everybody read what lies in a folder, since a web server does: whatever rights this process gives to new files."""
    for place, _, names in os.walk(folder):
        _give(place, FOLDER)
        for name in names:
            _give(f"{place}/{name}", FILE)


def _give(place: str, mode: int) -> None:
    """Sets the rights of a file or folder; a link is neither."""
    found = os.lstat(place).st_mode
    if found != mode and stat.S_IFMT(found) == stat.S_IFMT(mode):
        os.chmod(place, stat.S_IMODE(mode))


def _is_there(target: str, raw: bytes) -> bool:
    """Whether a file with these bytes lies there."""
    if os.path.islink(target) or not os.path.isfile(target):
        return False
    with open(target, "rb") as stream:
        return stream.read() == raw
