"""Files of this user alone: read only if nobody else can have written them, and written whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

__all__ = ["own_key", "read_private", "write_private"]

_KEY_BYTES = 32


def own_key(folder: Path) -> bytes | None:
    """The user's random key in a folder, drawn when there is none yet: 32 bytes. None where it cannot be read or kept."""
    file = folder / "key"
    if not os.path.lexists(file):
        write_private(file, os.urandom(_KEY_BYTES), is_new=True)
    key = read_private(file, max_bytes=_KEY_BYTES)
    return key if key is not None and len(key) == _KEY_BYTES else None


def read_private(file: Path, *, max_bytes: int) -> bytes | None:
    """The bytes of a file that is this user's and that nobody else may read or write; None of any other, and of none."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        is_private = found.st_uid == os.geteuid() and not found.st_mode & 0o077 and found.st_nlink == 1
        if not stat.S_ISREG(found.st_mode) or not is_private or found.st_size > max_bytes:
            return None
        return os.read(descriptor, max_bytes)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def write_private(file: Path, raw: bytes, *, is_new: bool = False) -> None:
    """Writes a file for this user alone, whole or not at all. Of two that do so at once one is kept; of a new one the first."""
    beside = file.with_name(f".{file.name}-{os.getpid()}.tmp")
    with suppress(OSError):
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(raw)
            if is_new:
                file.hardlink_to(beside)
            else:
                beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
