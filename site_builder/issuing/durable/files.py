"""Writing so that a crash, a full disk or two runs at once leave nothing half done."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.disk import refused
from site_builder.errors import Error
from site_builder.ledger.store.award_json import SIGNED
from site_builder.records.formats.regular_files import list_folder
from site_builder.syncing import sync_folder, write_synced

__all__ = [
    "award_folders",
    "explain_os_errors",
    "locked",
    "remove",
    "sweep",
    "temporary_of",
    "write_file",
]


@contextmanager
def explain_os_errors() -> Iterator[None]:
    """Turns what the disk refuses (full, read-only) into a sentence."""
    try:
        yield
    except OSError as error:
        what = f"a file could not be written ({refused(error)})"
        raise Error(f"{what}. Mend that and run 'laurels issue' again: it completes what was begun") from error


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Holds the one lock of a repository's signed files, or says who else does."""
    folder = root / SIGNED
    folder.mkdir(parents=True, exist_ok=True)
    # O_NOFOLLOW, and nothing is cut off: a repository may bring a link of this name to any of its reader's files.
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(folder / ".lock", flags, 0o644)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise  # the disk, or the folder, and not what lies there
        raise Error(f"{SIGNED}/.lock cannot be opened: {error.strerror}; delete it") from error
    with os.fdopen(descriptor, "r+b", buffering=0) as lock:
        try:
            # The kernel lets go of it when the process dies, however it dies.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Error("another 'laurels issue' is at work here; wait until it has ended") from None
        yield


# What a killed run leaves: an award's folder, a file of a changed award, a picture or a status list, each under a hidden name.
_LEFT = re.compile(
    r"content/signed/[^./][^/]*/(?:\.tmp-[^/]*|[^./][^/]*/\.[^/]*\.tmp)|(?:issuers|badges)/[^./][^/]*/[^./][^/]*/\.[^/]*\.tmp"
)


def sweep(root: Path, paths: Iterable[str]) -> None:
    """Removes what a killed run left half-written. paths: all that lies below root, as a snapshot names it; none leads through a link."""
    # Most paths have no hidden part at all: a tenth of the time.
    remove(root / path for path in paths if "/." in path and _LEFT.fullmatch(path))


def award_folders(root: Path) -> Iterator[Path]:
    """The folder of each award that was signed."""
    for issuer in _folders(root, SIGNED):
        for award in _folders(root, issuer):
            yield root / award


def _folders(root: Path, folder: str) -> Iterator[str]:
    """The folders in a folder below root. Never a link or a hidden one: a repository may bring those, and they lead anywhere."""
    return (f"{folder}/{name}" for name, is_folder in list_folder(root, folder, []) if is_folder)


def remove(paths: Iterable[Path]) -> None:
    """Removes files, links and whole folders, whichever they are."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def temporary_of(path: Path) -> Path:
    """Where a file lies until it is whole. Hidden names are read by nobody and ignored by git."""
    return path.with_name(f".{path.name}.tmp")


def write_file(path: Path, raw: bytes) -> None:
    """Writes a file whole or not at all."""
    temporary = temporary_of(path)
    temporary.unlink(missing_ok=True)
    try:
        write_synced(temporary, raw)
        temporary.rename(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
