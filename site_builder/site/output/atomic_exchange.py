"""What the standard library does not offer of file systems: two folders that change places in one step.

Sources: Linux man-pages 6.03, rename(2); macOS, renamex_np(2)."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

__all__ = ["exchange"]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2
# The kernel or the file system has no such call, or a sandbox does not know it; the plain rename will say what is really wrong.
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EPERM, errno.EXDEV}


def exchange(one: Path, other: Path) -> bool:
    """Lets two folders of one file system change places in one step; False where the system cannot do that, and nothing changed.

    Raises OSError for anything else that is wrong."""
    call = _exchange_call()
    if call is None:
        return False
    ctypes.set_errno(0)
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


@cache
def _library() -> ctypes.CDLL:
    """The C library that this process runs with."""
    return ctypes.CDLL(None, use_errno=True)


@cache
def _exchange_call() -> Callable[[bytes, bytes], int] | None:
    """The system's own exchange of two paths: 0, or -1 with errno. None where its C library has none."""
    if sys.platform == "darwin":
        swap = getattr(_library(), "renamex_np", None)
        return swap and (lambda one, other: int(swap(one, other, ctypes.c_uint(_RENAME_SWAP))))
    rename = getattr(_library(), "renameat2", None)
    return rename and (
        lambda one, other: int(rename(_AT_FDCWD, one, _AT_FDCWD, other, ctypes.c_uint(_RENAME_EXCHANGE)))
    )
