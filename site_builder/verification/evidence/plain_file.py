"""Reading a plain file below a folder at once: neither it nor a folder above it is a link, so that nothing leads out.

A path object looks at each step of a path by itself, which takes ten times as long. What is not plain is left to it (site_folder.py)."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

__all__ = ["PlainFiles"]

# No step begins with a dot: none leads upwards.
_PLAIN = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*", re.ASCII)
_MOST_FOLDERS = 1_024


class PlainFiles:
    """The plain files below a folder."""

    is_used = True
    """Whether they are read at once; tests look at both ways."""

    def __init__(self, folder: Path) -> None:
        self._root = f"{folder}/"
        # Folders that are no links, and lie in such ones.
        self._folders: set[str] = {""}

    def read(self, path: str, *, most: int) -> bytes | None:
        """The bytes of a file of at most so many; None for what is none, or not plain: that says nothing about it."""
        if not self.is_used or not _PLAIN.fullmatch(path):
            return None
        folder = path[: path.rfind("/") + 1]
        try:
            if folder not in self._folders and not self._is_plain(folder):
                return None
            looked = os.lstat(self._root + path)
            # A device or a pipe is not even opened.
            if not stat.S_ISREG(looked.st_mode) or looked.st_size > most:
                return None
            opened = os.open(self._root + path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                raw = os.read(opened, looked.st_size + 1)
            finally:
                os.close(opened)
        except OSError:
            return None
        return raw if len(raw) == looked.st_size else None

    def _is_plain(self, folder: str) -> bool:
        """Whether a folder (with a slash at its end) is no link, nor any above it."""
        above = folder[: folder.rfind("/", 0, -1) + 1]
        if above not in self._folders and not self._is_plain(above):
            return False
        if not stat.S_ISDIR(os.lstat(self._root + folder[:-1]).st_mode):
            return False
        if len(self._folders) >= _MOST_FOLDERS:
            self._folders = {""}
        self._folders.add(folder)
        return True
