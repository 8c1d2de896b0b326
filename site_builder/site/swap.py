"""Writing a site: into a new folder beside the old one, and swapped in whole when it is complete."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.errors import Error

__all__ = ["Generation", "LastGood", "write_files"]

# What every site of ours has: a folder without it is somebody else's.
_MARK = "assets/laurels.css"
_OURS = ("content", "issuers", "badges", "themes", ".git")


def write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Writes files below a folder. A path that would lead out of it is an error."""
    root = folder.resolve()
    made: set[Path] = set()
    for path, raw in files:
        target = root / path
        if not Path(os.path.normpath(target)).is_relative_to(root) or ".." in path.split("/"):
            raise Error(f"{path!r} would be written outside of the site")
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(raw)


class Generation:
    """A site that is being built: a folder of its own, which takes the old site's place in one step or goes away.

    The folder is locked while its builder lives, so that two builds at once leave each other alone and what a killed one left
    can be told and removed. Raises Error for a place that holds anything but a site of ours."""

    def __init__(self, site: Path, *, root: Path) -> None:
        _refuse_place(site, root)
        self.site = site
        site.parent.mkdir(parents=True, exist_ok=True)
        with _locked(site.parent):
            _mend(site)
            self.folder = Path(tempfile.mkdtemp(prefix=f"{site.name}.new-", dir=site.parent))
            self.folder.chmod(0o755)
            self._lock = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def swap_in(self) -> None:
        """Puts this complete generation in the place of the site; the old one is gone after."""
        old = self.folder.with_name(self.folder.name.replace(".new-", ".old-"))
        with _locked(self.site.parent):
            if self.site.exists():
                self.site.rename(old)
            self.folder.rename(self.site)
        os.close(self._lock)
        shutil.rmtree(old, ignore_errors=True)

    def discard(self) -> None:
        """Removes this generation; the old site stays."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


class LastGood:
    """The last good state of a folder that is built in place: set aside for a build, and put back when that one fails."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._aside: Path | None = None

    def set_aside(self, folder: Path) -> None:
        """Moves the folder's content out of the way of a build. The first time there is none."""
        if folder.is_dir() and any(folder.iterdir()):
            self.forget()
            self._folder = folder
            self._aside = folder.with_name(f"{folder.name}.good")
            folder.rename(self._aside)

    def put_back(self) -> None:
        """Puts it back, in the place of what a failed build left."""
        if self._folder and self._aside:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._aside.rename(self._folder)
            self._aside = None

    def forget(self) -> None:
        """Removes it, since a better one is there."""
        if self._aside:
            shutil.rmtree(self._aside, ignore_errors=True)
            self._aside = None


def _refuse_place(site: Path, root: Path) -> None:
    inside = [root / name for name in _OURS]
    if site.is_symlink() or root.is_relative_to(site) or any(site.is_relative_to(folder) for folder in inside):
        raise Error(f"site_dir may not be {site}: the site is replaced whole at every build; leave the setting out")
    if site.exists() and (not site.is_dir() or (any(site.iterdir()) and not (site / _MARK).is_file())):
        raise Error(f"{site} holds other files, which a build would delete: empty it, or choose another site_dir")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Holds a lock on a folder for the moment of a swap."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _mend(site: Path) -> None:
    """Puts back an old site that a build was killed in the middle of replacing, and removes what killed builds left."""
    for old in sorted(site.parent.glob(f"{site.name}.old-*")):
        if site.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(site)
    for leftover in site.parent.glob(f"{site.name}.new-*"):
        descriptor = os.open(leftover, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(leftover, ignore_errors=True)
        except BlockingIOError:
            pass  # its builder is at work
        finally:
            os.close(descriptor)
