"""Files of the site that stands which the next one has too: linked and not written again.

Such a file keeps its time, so that what copies a site to a host finds only what changed. Until the old site goes away, both have the
same file on the disk: nothing may ever be written into it in place."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path, PurePosixPath

__all__ = ["Unchanged"]


class Unchanged:
    """The files of a site that stands. The folder is held open, so that another one which takes its place is never taken for it."""

    def __init__(self, site: Path) -> None:
        self._folder: int | None = None
        with suppress(FileNotFoundError):
            self._folder = os.open(site, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        self._mode = stat.S_IFREG | 0o644  # the rights that every file of a site gets
        self._folders: dict[PurePosixPath, bool] = {PurePosixPath(): self._folder is not None}

    def link(self, path: str, raw: bytes, target: Path) -> bool:
        """Makes target the file at path when that holds exactly raw; False when it does not, or the system links no files.

        Raises FileExistsError when target exists."""
        if not self._holds(PurePosixPath(path), raw):
            return False
        try:
            os.link(path, target, src_dir_fd=self._folder, follow_symlinks=False)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):
            return False
        return True

    def link_tree(self, folder: Path) -> None:
        """Links those files below folder that stand in the site with the same bytes; the others stay as they are."""
        beside = folder / ".unchanged"
        for file in sorted(folder.rglob("*")) if self._folder is not None else []:
            if file.is_symlink() or not file.is_file():
                continue
            if self.link(file.relative_to(folder).as_posix(), file.read_bytes(), beside):
                beside.replace(file)

    def close(self) -> None:
        """Lets go of the folder."""
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None

    def _holds(self, path: PurePosixPath, raw: bytes) -> bool:
        if not self._is_folder(path.parent):
            return False
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self._folder)
        except OSError:
            return False
        with os.fdopen(descriptor, "rb") as stream:
            found = os.fstat(descriptor)
            # A file that has another name as well may be written to by whoever gave it that name.
            plain = found.st_mode == self._mode and found.st_nlink == 1
            return plain and found.st_size == len(raw) and stream.read() == raw

    def _is_folder(self, path: PurePosixPath) -> bool:
        """Whether path, and all above it, are real folders of the site: what a link leads to is somebody else's."""
        if path not in self._folders:
            self._folders[path] = self._is_folder(path.parent) and self._is_real(path)
        return self._folders[path]

    def _is_real(self, path: PurePosixPath) -> bool:
        try:
            return stat.S_ISDIR(os.stat(path, dir_fd=self._folder, follow_symlinks=False).st_mode)
        except OSError:
            return False
