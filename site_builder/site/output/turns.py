"""Whose turn it is to build a site: one build at a time, each in a folder of its own beside the site.

A folder `<site>.new-<8 letters>.laurels` holds the site that is being made, in its folder `site`. When the site that stands is to be
changed in place, the folder is renamed to `.edit-…` once it holds all that the change consists of (see `journal`); a folder `.old-…` is
the old site where two folders cannot change places in one step. All three are mended by whoever builds next."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.site.output.journal import finish_change
from site_builder.site.output.noted_files import FOLDER

__all__ = ["STAGED", "interrupted", "locked", "sibling", "take_turn"]

# How the folders of a build end that lie beside the site: nobody else's folder has such a name, so that one may be removed.
_BUILD = ".laurels"
# In a build's folder, what will be the site.
STAGED = "site"


def take_turn(site: Path, waiting: Callable[[], None]) -> tuple[Path, int]:
    """A new folder beside the site, and the descriptor that locks it, when no other build is at work.

    What killed builds left is mended first. waiting: called once, when another build is at work."""
    waits = False
    while True:
        with locked(site.parent):
            busy = _mend(site)
            if busy is None:
                folder = Path(tempfile.mkdtemp(prefix=f"{site.name}.new-", suffix=_BUILD, dir=site.parent))
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                fcntl.flock(lock, fcntl.LOCK_EX)
                os.mkdir(folder / STAGED, 0o755)
                os.chmod(folder / STAGED, stat.S_IMODE(FOLDER))
                return folder, lock
        if not waits:
            waiting()
        waits = True
        try:
            fcntl.flock(busy, fcntl.LOCK_EX)
        finally:
            os.close(busy)


def interrupted(site: Path) -> bool:
    """Whether a build of this site is at work, or one was killed: the next one has something to mend."""
    try:
        return any(_beside(site, kind) for kind in ("new", "edit", "old"))
    except OSError:
        return True


def sibling(folder: Path, site: Path, kind: str) -> Path:
    """Another name for the folder of a build. kind: edit or old."""
    return folder.with_name(f"{site.name}.{kind}-{folder.name.removeprefix(f'{site.name}.new-')}")


@contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Holds a lock on a folder for the moment of a swap."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _beside(site: Path, kind: str) -> list[Path]:
    """The folders that builds of this site made beside it. kind: new, edit or old.

    The site's name is a stranger's, in whose mkdocs.yml it may be "*"; what else lies here is anybody's."""
    name = re.compile(rf"{re.escape(site.name)}\.{kind}-[a-z0-9_]{{8}}{re.escape(_BUILD)}")
    found = (path for path in site.parent.iterdir() if name.fullmatch(path.name))
    return sorted(path for path in found if path.is_dir() and not path.is_symlink())


def _mend(site: Path) -> int | None:
    """Puts back an old site that a build was killed in the middle of replacing, finishes a change that was begun, and removes the rest.

    The descriptor of the folder of a build that is at work, if any."""
    for old in _beside(site, "old"):
        if site.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(site)
    busy = None
    for leftover in [*_beside(site, "edit"), *_beside(site, "new")]:
        descriptor = os.open(leftover, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            finish_change(leftover, site)
            shutil.rmtree(leftover, ignore_errors=True)
        except BlockingIOError:
            if busy is None:
                busy, descriptor = descriptor, -1
        finally:
            if descriptor >= 0:
                os.close(descriptor)
    return busy
