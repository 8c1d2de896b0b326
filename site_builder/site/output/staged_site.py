"""Writing a site: into a new folder beside the old one, and swapped in whole when it is complete."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.disk import naming, refused
from site_builder.errors import Error
from site_builder.site.output.atomic_exchange import exchange
from site_builder.site.output.hardlinks import Unchanged
from site_builder.syncing import sync_all

__all__ = ["LastGood", "StagedSite", "make_readable", "not_built", "write_files"]

# What every site of ours has: a folder without it is somebody else's.
_MARK = "assets/laurels.css"
_OURS = ("content", "issuers", "badges", "themes", ".git")
# How the folders of a build end that lie beside the site: nobody else's folder has such a name, so that one may be removed.
_BUILD = ".laurels"


def write_files(folder: Path, files: Iterable[tuple[str, bytes]], *, unchanged: Unchanged | None = None) -> None:
    """Writes files below a folder. A path that would lead out of it is an error.

    unchanged: files that need not be written, since they stand elsewhere with the same bytes."""
    root = folder.resolve()
    made: set[Path] = set()
    for path, raw in files:
        target = root / path
        if not Path(os.path.normpath(target)).is_relative_to(root) or ".." in path.split("/"):
            raise Error(f"{path!r} would be written outside of the site")
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        if not _is_there(target, raw) and not (unchanged and unchanged.link(path, raw, target)):
            # Never into a file that is there: it may be a file of the old site as well.
            with naming(target), target.open("xb") as stream:
                stream.write(raw)


def make_readable(folder: Path) -> None:
    """Lets everybody read what lies in a folder, since a web server does: whatever rights this process gives to new files."""
    for path, _, names in os.walk(folder):
        _give(Path(path), stat.S_IFDIR | 0o755)
        for name in names:
            _give(Path(path, name), stat.S_IFREG | 0o644)


def _give(path: Path, mode: int) -> None:
    """Sets the rights of a file or folder; a link is neither."""
    found = path.lstat().st_mode
    if found != mode and stat.S_IFMT(found) == stat.S_IFMT(mode):
        path.chmod(stat.S_IMODE(mode))


def _is_there(target: Path, raw: bytes) -> bool:
    """Whether a file with these bytes lies there; another one that does is taken away."""
    if not os.path.lexists(target):
        return False
    if target.is_file() and not target.is_symlink() and target.read_bytes() == raw:
        return True
    target.unlink()
    return False


def not_built(error: OSError) -> str:
    """What the disk refused (full, read-only) while a site was built, in a sentence."""
    return (
        f"the site could not be built ({refused(error)}); what stands in its place is whole. Mend that and build again"
    )


class StagedSite:
    """A site that is being built: a folder of its own, which takes the old site's place in one step or goes away.

    The folder is locked while its builder lives: a second build waits for the first, so that the site never goes back to what an older
    state of the records gave, and what a killed build left can be told and removed. Raises Error for a place that holds anything but a
    site of ours. waiting: called once, when another build is at work."""

    def __init__(self, site: Path, *, root: Path, waiting: Callable[[], None] = lambda: None) -> None:
        _refuse_place(site, root)
        self.site = site
        site.parent.mkdir(parents=True, exist_ok=True)
        self.folder, self._lock = _take_turn(site, waiting)
        self._unchanged = Unchanged(site)

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Adds files. What already lies here, and what is the same in the old site, is linked to the old one and not written."""
        self._unchanged.link_tree(self.folder)
        write_files(self.folder, files, unchanged=self._unchanged)

    def swap_in(self) -> None:
        """Puts this complete generation in the place of the site; the old one is gone after."""
        make_readable(self.folder)
        # The disk has the new files before they are the site's: else, after a power cut, it might have none of both.
        sync_all(self.folder)
        with _locked(self.site.parent) as parent:
            old = _put_in_place(self.folder, self.site)
            with naming(self.site.parent):
                os.fsync(parent)
        self._let_go()
        shutil.rmtree(old, ignore_errors=True)

    def discard(self) -> None:
        """Removes this generation; the old site stays."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._let_go()

    def _let_go(self) -> None:
        self._unchanged.close()
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
    if site.is_symlink():
        raise Error(
            f"{site} is a link, and every build puts a new folder in its place: delete the link, and have the web server's folder be a "
            "link to this one, or copy the site there after each build"
        )
    if root.is_relative_to(site) or any(site.is_relative_to(folder) for folder in inside):
        raise Error(f"site_dir may not be {site}: the site is replaced whole at every build; leave the setting out")
    if site.exists() and (not site.is_dir() or (any(site.iterdir()) and not (site / _MARK).is_file())):
        raise Error(f"{site} holds other files, which a build would delete: empty it, or choose another site_dir")


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    """Holds a lock on a folder for the moment of a swap."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _put_in_place(new: Path, site: Path) -> Path:
    """Makes new the site; where the old one, if any, lies after.

    In one step where the system has it, else in two: a build that is killed between them is mended by the next one."""
    if not site.exists():
        new.rename(site)
        return new
    if exchange(new, site):
        return new
    old = new.with_name(f"{site.name}.old-{new.name.removeprefix(f'{site.name}.new-')}")
    site.rename(old)
    try:
        new.rename(site)
    except OSError:
        old.rename(site)
        raise
    return old


def _take_turn(site: Path, waiting: Callable[[], None]) -> tuple[Path, int]:
    """A new folder beside the site, and the descriptor that locks it, when no other build is at work."""
    waits = False
    while True:
        with _locked(site.parent):
            busy = _mend(site)
            if busy is None:
                folder = Path(tempfile.mkdtemp(prefix=f"{site.name}.new-", suffix=_BUILD, dir=site.parent))
                folder.chmod(0o755)
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                fcntl.flock(lock, fcntl.LOCK_EX)
                return folder, lock
        if not waits:
            waiting()
        waits = True
        try:
            fcntl.flock(busy, fcntl.LOCK_EX)
        finally:
            os.close(busy)


def _beside(site: Path, kind: str) -> list[Path]:
    """The folders that builds of this site made beside it. kind: new or old.

    The site's name is a stranger's, in whose mkdocs.yml it may be "*"; what else lies here is anybody's."""
    name = re.compile(rf"{re.escape(site.name)}\.{kind}-[a-z0-9_]{{8}}{re.escape(_BUILD)}")
    found = (path for path in site.parent.iterdir() if name.fullmatch(path.name))
    return sorted(path for path in found if path.is_dir() and not path.is_symlink())


def _mend(site: Path) -> int | None:
    """Puts back an old site that a build was killed in the middle of replacing, and removes what killed builds left.

    The descriptor of the folder of a build that is at work, if any."""
    for old in _beside(site, "old"):
        if site.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(site)
    busy = None
    for leftover in _beside(site, "new"):
        descriptor = os.open(leftover, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(leftover, ignore_errors=True)
        except BlockingIOError:
            if busy is None:
                busy, descriptor = descriptor, -1
        finally:
            if descriptor >= 0:
                os.close(descriptor)
    return busy
