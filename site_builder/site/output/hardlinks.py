"""Files of the site that stands which the next one has too: linked, or left in place, and not written again.

Such a file keeps its time, so that what copies a site to a host finds only what changed. Until the old site goes away, both have the
same file on the disk: nothing may ever be written into it in place."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from site_builder.site.output.noted_files import FILE

__all__ = ["Unchanged"]

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Unchanged:
    """The files of a site that stands. The folder is held open, so that another one which takes its place is never taken for it."""

    def __init__(self, site: Path) -> None:
        self.folder: int | None = None
        with suppress(FileNotFoundError):
            self.folder = os.open(site, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        self._folders: dict[str, bool] = {"": self.folder is not None}

    def holds(self, path: str, raw: bytes) -> bool:
        """Whether the file at path is as a build would write it: with exactly these bytes, and everybody may read it."""
        folder = path.rpartition("/")[0]
        if not (self._folders[folder] if folder in self._folders else self._is_folder(folder)):
            return False
        try:
            descriptor = os.open(path, _READ, dir_fd=self.folder)
        except OSError:
            return False
        try:
            found = os.fstat(descriptor)
            # A file that has another name as well may be written to by whoever gave it that name.
            plain = found.st_mode == FILE and found.st_nlink == 1 and found.st_size == len(raw)
            return plain and _read_all(descriptor, len(raw)) == raw
        finally:
            os.close(descriptor)

    def link(self, path: str, target: str) -> bool:
        """Makes target the file at path; False when that is none as a build would write it, or the system links no files.

        Raises FileExistsError when target exists."""
        folder = path.rpartition("/")[0]
        if not (self._folders[folder] if folder in self._folders else self._is_folder(folder)):
            return False
        try:
            os.link(path, target, src_dir_fd=self.folder, follow_symlinks=False)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):
            return False
        found = os.lstat(target)
        # What has more than these two names may be written to by whoever gave it another.
        if found.st_mode == FILE and found.st_nlink == 2:
            return True
        os.unlink(target)
        return False

    def read(self, path: str) -> bytes:
        """The bytes of the file at path. Raises OSError."""
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | _READ, dir_fd=self.folder)) as stream:
            return stream.read()

    def close(self) -> None:
        """Lets go of the folder."""
        if self.folder is not None:
            os.close(self.folder)
            self.folder = None

    def _is_folder(self, path: str) -> bool:
        """Whether path, and all above it, are real folders of the site: what a link leads to is somebody else's."""
        if path not in self._folders:
            self._folders[path] = self._is_folder(path.rpartition("/")[0]) and self._is_real(path)
        return self._folders[path]

    def _is_real(self, path: str) -> bool:
        try:
            return stat.S_ISDIR(os.stat(path, dir_fd=self.folder, follow_symlinks=False).st_mode)
        except OSError:
            return False


def _read_all(descriptor: int, size: int) -> bytes:
    """So many bytes, and one more where there are more."""
    raw = os.read(descriptor, size + 1)
    while len(raw) < size and (more := os.read(descriptor, size + 1 - len(raw))):
        raw += more
    return raw
