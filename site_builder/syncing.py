"""Waiting until the disk has new files: for each one, or once for all of them.

Sources: Linux man-pages 6.03, sync(2) and statfs(2); Linux 5.8, fs/sync.c (syncfs) and include/linux/fs.h (f_sb_err)."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from site_builder.disk import named

if TYPE_CHECKING:
    import ctypes

__all__ = ["FEWEST_FOR_ONE_WAIT", "NewFiles", "sync_all", "sync_folder", "write_synced"]

_Place = str | os.PathLike[str]

# One wait for all also waits for what other programs wrote to the same disk, so a few files are waited for by themselves.
# Measured on ext4, 3 files of 4 KB each: 2.3 ms for each wait, 25 ms for all of 1,000 folders.
FEWEST_FOR_ONE_WAIT = 16

# The file systems whose syncfs is known to write all that fsync would, and to report what could not be written: ext2 to ext4, XFS,
# Btrfs, F2FS, tmpfs. Not overlayfs, which keeps the errors of the file system below it to itself; nor FUSE, NFS or 9P, whose
# servers may not be asked. Source: statfs(2).
_KNOWN = {0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x01021994}
# A sandbox, or an odd file system, that has no such call.
_NO_SUCH_CALL = {errno.ENOSYS, errno.EPERM, errno.EOPNOTSUPP}
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class NewFiles:
    """New files below a folder, of one file system, and the wait until the disk has them. count: how many folders of them will come.

    Made before the first is written: syncfs reports each file that could not be written since its descriptor was opened (Linux 5.8 and
    later). Where that is not certain, and for a few, each file is waited for as it is written: `together` says which."""

    def __init__(self, folder: str, *, count: int) -> None:
        self._folder = folder
        self._descriptor = os.open(folder, _FOLDER)
        self._written: list[str] = []
        self.together = count >= FEWEST_FOR_ONE_WAIT and _is_certain(self._descriptor)

    def __enter__(self) -> NewFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._descriptor)

    def write(self, path: str, raw: bytes) -> None:
        """Writes a file that is not there yet."""
        _write(path, raw, wait=not self.together)
        if self.together:
            self._written.append(path)

    def wait(self, folders: Iterable[str]) -> None:
        """Waits until the disk has all that was written. folders: those that were made for it. Raises OSError for what it has not."""
        if not (self.together and self._has_all()):
            for path in self._written:
                _sync(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            for folder in folders:
                _sync(folder, _FOLDER)
        self._written.clear()

    def _has_all(self) -> bool:
        """Whether one wait did it; False where there is no such call."""
        number = _syncfs(self._descriptor)
        if number and number not in _NO_SUCH_CALL:
            raise OSError(number, os.strerror(number), self._folder)
        return not number


def write_synced(path: _Place, raw: bytes) -> None:
    """Writes a new file and waits until the disk has it."""
    _write(path, raw, wait=True)


def _write(path: _Place, raw: bytes, *, wait: bool) -> None:
    with _opened(path, _NEW) as descriptor:
        rest = memoryview(raw)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if wait:
            # By this descriptor and no other: before Linux 4.13 another one might not be told what failed.
            os.fsync(descriptor)


@contextmanager
def _opened(path: _Place, flags: int) -> Iterator[int]:
    """The descriptor of an open file; what is refused of it names the file."""
    descriptor = os.open(path, flags, 0o666)
    try:
        yield descriptor
    except OSError as error:
        named(error, Path(path))
        raise
    finally:
        os.close(descriptor)


def sync_folder(folder: _Place) -> None:
    """Waits until the disk has the names in a folder."""
    _sync(folder, _FOLDER)


def _sync(path: _Place, flags: int) -> None:
    with _opened(path, flags) as descriptor:
        os.fsync(descriptor)


def sync_all(folder: Path) -> None:
    """Waits until the disk has every file of the folder's file system: one call, where a wait for each file would take minutes."""
    descriptor = os.open(folder, _FOLDER)
    try:
        number = _syncfs(descriptor)
        if number == errno.ENOSYS:
            os.sync()
        elif number:
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)


def _syncfs(descriptor: int) -> int:
    """0 once the disk has the whole file system, else the number of what was refused; ENOSYS where there is no such call."""
    import ctypes

    call = getattr(_library(), "syncfs", None)
    if call is None:
        return errno.ENOSYS
    ctypes.set_errno(0)
    return 0 if call(descriptor) == 0 else ctypes.get_errno()


def _is_certain(descriptor: int) -> bool:
    """Whether syncfs waits for all that was written here, and says so when some of it was lost."""
    return sys.platform == "linux" and _version() >= (5, 8) and _kind(descriptor) in _KNOWN


@cache
def _version() -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _kind(descriptor: int) -> int:
    """The number of a file system's kind; 0 where it cannot be told. Source: statfs(2), f_type: the first word of struct statfs."""
    import ctypes

    call, buffer = getattr(_library(), "fstatfs", None), ctypes.create_string_buffer(256)
    # On other machines than these the word may have another width.
    if call is None or os.uname().machine not in ("x86_64", "aarch64") or call(descriptor, buffer) != 0:
        return 0
    return int.from_bytes(buffer.raw[: ctypes.sizeof(ctypes.c_long)], sys.byteorder)


@cache
def _library() -> ctypes.CDLL:
    """The C library that this process runs with."""
    import ctypes

    return ctypes.CDLL(None, use_errno=True)
