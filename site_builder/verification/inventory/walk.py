"""Everything below a folder, by name: files, and what is none. Nothing is passed over, and no link is followed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

__all__ = ["Found", "walk"]


class Found(NamedTuple):
    """What lies at a path below a folder. flaw: why it is no file that can be read, as the end of a sentence; "" for a file.

    is_link: whether it is a link, wherever that leads. size: in bytes, -1 for what is no file."""

    path: str
    flaw: str = ""
    is_link: bool = False
    size: int = -1


def walk(folder: Path) -> list[Found]:
    """All that lies below a folder, hidden files included, by path. Folders are named only when they cannot be read."""
    found: list[Found] = []
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(folder / below) as entries:
                for entry in entries:
                    path = below + entry.name
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{path}/")
                    else:
                        found.append(_found(entry, path))
        except OSError:
            found.append(Found(below.rstrip("/") or ".", "a folder that cannot be read"))
    return sorted(found, key=lambda item: item.path)


def _found(entry: os.DirEntry[str], path: str) -> Found:
    if entry.is_symlink():
        return Found(path, "a link, which is not followed", is_link=True)
    looked = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(looked.st_mode):
        return Found(path, "no file, but a device or a pipe")
    return Found(path, "" if os.access(entry.path, os.R_OK) else "a file that cannot be read", size=looked.st_size)
