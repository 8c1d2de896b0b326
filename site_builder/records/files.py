"""Reading a stranger's files: regular files only, of bounded size, never through a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from site_builder.errors import Problem

__all__ = ["list_folder", "read_regular_file"]


def list_folder(root: Path, folder: str, problems: list[Problem]) -> Iterator[tuple[str, bool]]:
    """(name, is folder) of what lies in a folder below root, sorted; hidden names are passed over, links are problems."""
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        mode = entry.stat(follow_symlinks=False).st_mode
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            problems.append(_link_problem(f"{folder}/{entry.name}"))
        else:
            yield entry.name, stat.S_ISDIR(mode)


def read_regular_file(root: Path, file: str, problems: list[Problem], *, max_bytes: int) -> bytes | None:
    """The bytes of a file below root; None when it does not exist, or when it is a problem (which is then added)."""
    try:
        # O_NONBLOCK: a FIFO must not hang the build.
        descriptor = os.open(root / file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError:
        problems.append(_link_problem(file))
        return None
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            problems.append(_link_problem(file))
            return None
        raw = stream.read(max_bytes + 1)
    if len(raw) > max_bytes:
        what = f"this file is larger than {max_bytes // 1024:,} KiB"
        problems.append(Problem(file, 0, "FIL003", what, "make it smaller, or split it"))
        return None
    return raw


def _link_problem(file: str) -> Problem:
    what = "this is a link or a device, not a file; it could publish something from another place"
    return Problem(file, 0, "FIL002", what, "put the file itself here")
