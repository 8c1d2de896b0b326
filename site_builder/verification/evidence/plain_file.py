"""Reading a plain file below a folder at once: neither it nor a folder above it is a link, so that nothing leads out.

A path object looks at each step of a path by itself, which takes ten times as long. What is not plain is left to it (site_folder.py).
Where a folder's list has said already that a name is a file, it is not asked again: that halves the time once more."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

__all__ = ["PlainFiles"]

# No step begins with a dot: none leads upwards.
_PLAIN = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*", re.ASCII)
_MOST_FOLDERS = 1_024
# What is longer is asked for its size first, so that its bytes have a place. Nothing waits for what was put there since the list.
_SHORT_BYTES, _AT_ONCE = 65_536, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class PlainFiles:
    """The plain files below a folder."""

    is_used = True
    """Whether they are read at once; tests look at both ways."""

    def __init__(self, folder: Path) -> None:
        self._root = f"{folder}/"
        # Folders that are no links, and lie in such ones.
        self._folders: set[str] = {""}
        # Of the folder that was looked into last, its path and the files in it that are no links.
        self._listed = ""
        self._names: set[str] = set()

    def look_into(self, folder: str) -> dict[str, bool]:
        """Whether there is a file, also behind a link, by each name in a folder (with a slash at its end). Raises OSError."""
        there, names = {}, set()
        with os.scandir(self._root + folder) as entries:
            for entry in entries:
                if entry.is_symlink():
                    there[entry.name] = Path(entry.path).is_file()
                elif entry.is_file(follow_symlinks=False):
                    there[entry.name] = True
                    names.add(entry.name)
                else:
                    there[entry.name] = False
        self._listed, self._names = folder, names
        return there

    def read(self, path: str, *, most: int) -> bytes | None:
        """The bytes of a file of at most so many; None for what is none, or not plain: that says nothing about it."""
        if not self.is_used or not _PLAIN.fullmatch(path):
            return None
        end = path.rfind("/") + 1
        folder = path[:end]
        try:
            if folder not in self._folders and not self._is_plain(folder):
                return None
            if folder == self._listed and path[end:] in self._names:
                short = self._read_short(path)
                if short is not None and len(short) <= most:
                    return short
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

    def _read_short(self, path: str) -> bytes | None:
        """The bytes of a file that a list has named; None for what is longer, or empty, as a pipe is that has come since."""
        opened = os.open(self._root + path, _AT_ONCE)
        try:
            raw = os.read(opened, _SHORT_BYTES)
            return raw if raw and not os.read(opened, 1) else None
        finally:
            os.close(opened)

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
