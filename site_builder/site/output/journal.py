"""Changing a site in place: what is to be moved where and what goes, written down before the first of it is done.

A build that is killed in the middle leaves its folder with the journal, and the next build does what is left of it. The files of
credentials come first and pages last, and what goes goes after: a page never states what the files beside it do not say yet."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from site_builder.site.output.noted_files import FOLDER
from site_builder.syncing import sync_all

__all__ = ["Change", "apply_change", "finish_change", "folders_above", "in_order", "write_journal"]

_JOURNAL = "journal"
_FORMAT = "laurels change 1"
_MAX_BYTES = 1 << 28
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class Change:
    """What is done to a site. moves: paths of files that take their places, in this order; removals: paths of files that go, after.

    staged: the folder that the files come from, in which they have the same paths."""

    staged: Path
    moves: Sequence[str]
    removals: Sequence[str]


def in_order(paths: Sequence[str]) -> list[str]:
    """Paths in the order in which they take their places: signed files and lists, then pictures and scripts, then pages."""
    return sorted(paths, key=lambda path: (path.endswith(".html") + (not path.endswith(".json")), path))


def write_journal(folder: Path, change: Change, site: Path) -> None:
    """Writes a change down in a build's folder, and waits for the disk. It counts once the folder is named as that of a change."""
    facts = [_FORMAT, _identity(site), list(change.moves), list(change.removals)]
    raw = json.dumps(facts, separators=(",", ":")).encode("ascii")
    descriptor = os.open(folder / _JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(hashlib.sha256(raw).hexdigest().encode("ascii") + b"\n" + raw)
        stream.flush()
        os.fsync(descriptor)


def finish_change(folder: Path, site: Path) -> None:
    """Does what is left of a change that a build was killed in the middle of. Nothing where the folder holds none of this site.

    The build that follows compares every file: what can't be finished here is made by it."""
    change = _read_journal(folder, site) if ".edit-" in folder.name else None
    if change is not None:
        # ValueError: a name that no file can have.
        with suppress(OSError, ValueError):
            apply_change(change, site)


def apply_change(change: Change, site: Path) -> None:
    """Moves and removes files, and waits for the disk. What was done of it before is passed over.

    Raises OSError for what the disk refuses, and for a folder of the site that is a link; ValueError for a path that is none."""
    if not all(map(_is_path, [*change.moves, *change.removals])):
        raise ValueError("a change names a place outside of the site")
    root = os.open(site, _FOLDER)
    try:
        _move(change, root)
        for path in change.removals:
            with suppress(FileNotFoundError), _folder_of(root, path) as (folder, name):
                os.unlink(name, dir_fd=folder)
        for path in folders_above(change.removals):
            with suppress(OSError), _folder_of(root, path) as (folder, name):
                os.rmdir(name, dir_fd=folder)  # unless something is in it
    finally:
        os.close(root)
    # The journal goes when the disk has all of it.
    sync_all(site)


def _move(change: Change, root: int) -> None:
    """Moves files to below root. On no side a link is followed: a pull request may bring a folder that looks like a build's."""
    staged = os.open(change.staged, _FOLDER)
    try:
        for path in change.moves:
            with (
                suppress(FileNotFoundError),
                _folder_of(staged, path) as (here, name),
                _folder_of(root, path, make=True) as (there, _),
            ):
                os.rename(name, name, src_dir_fd=here, dst_dir_fd=there)
    finally:
        os.close(staged)


def folders_above(paths: Sequence[str]) -> list[str]:
    """The folders of these files, the inner ones first."""
    found = {"/".join(parts[:depth]) for path in paths for parts in [path.split("/")] for depth in range(1, len(parts))}
    return sorted(found, key=lambda path: (-path.count("/"), path))


@contextmanager
def _folder_of(root: int, path: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
    """The descriptor of a path's folder, and its name there. No link is followed."""
    *above, name = path.split("/")
    folder = os.dup(root)
    try:
        for part in above:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, 0o755, dir_fd=folder)
                    os.chmod(part, stat.S_IMODE(FOLDER), dir_fd=folder)
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield folder, name
    finally:
        os.close(folder)


def _read_journal(folder: Path, site: Path) -> Change | None:
    """The change that a build's folder holds, if it is whole and of this very site."""
    try:
        with open(folder / _JOURNAL, "rb", opener=_no_link) as stream:
            digest, _, raw = stream.read(_MAX_BYTES).partition(b"\n")
        if digest.decode("ascii", "replace") != hashlib.sha256(raw).hexdigest():
            return None
        form, identity, moves, removals = json.loads(raw)
        if form != _FORMAT or identity != _identity(site):
            return None
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return Change(folder / "site", moves, removals)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _is_path(path: object) -> bool:
    """Whether this is a path of a file below the site's root."""
    return isinstance(path, str) and "\0" not in path and not {"", ".", ".."} & set(path.split("/"))


def _identity(site: Path) -> list[int]:
    """What tells this folder from every other one."""
    found = os.stat(site, follow_symlinks=False)
    return [found.st_dev, found.st_ino]
