"""How the files of a repository are at a moment, without reading them: whether what was checked then is still so."""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from site_builder.ledger.history.git import tracked_files
from site_builder.ledger.store.award_json import SIGNED

__all__ = ["Snapshot", "differing", "take_snapshot"]

# Of each path below the root what the kernel says of it. Any write changes the last of these, and nobody can set it back.
Snapshot = Mapping[str, tuple[int, ...]]

# Everything that a check reads lies below these, or is kept in git.
_READ = ("mkdocs.yml", "content", "issuers", "badges")
_LOCK = f"{SIGNED}/.lock"


def take_snapshot(root: Path, tracked: Iterable[str]) -> Snapshot:
    """How all that a check reads is now. tracked: the files that git keeps."""
    found = {path: _state_of(root / path) for path in _below(root, _READ)}
    # Of other places only the files: a build makes folders there.
    found |= {path: _state_of(root / path) for path in tracked if path not in found and not (root / path).is_dir()}
    # `issue` takes its lock before it looks whether something has changed, and makes the folder for it.
    own = {_LOCK} if (root / SIGNED).is_symlink() else {_LOCK, SIGNED}
    return {path: state for path, state in found.items() if state and path not in own}


def differing(root: Path, before: Snapshot, *, now: Snapshot | None = None, but: Collection[str] = ()) -> set[str]:
    """The paths at which something is not as it was. now: another snapshot, None for one that is taken.

    but: files and folders that may differ, with all that lies in them."""
    after = take_snapshot(root, tracked_files(root)) if now is None else now
    # A folder that was made for one of them may be new as well.
    above = {parent.as_posix() for path in but for parent in PurePosixPath(path).parents}
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return {path for path in changed - above if not _lies_in(path, but)}


def _lies_in(path: str, places: Collection[str]) -> bool:
    return path in places or any(parent.as_posix() in places for parent in PurePosixPath(path).parents)


def _below(root: Path, paths: Iterable[str]) -> Iterator[str]:
    """Each of the paths, and all that lies in those that are folders, hidden files included. A link is not followed."""
    for path in paths:
        yield path
        place = root / path
        if place.is_dir() and not place.is_symlink():
            yield from _below(root, (f"{path}/{name}" for name in _names_in(place)))


def _names_in(folder: Path) -> list[str]:
    try:
        return [place.name for place in folder.iterdir()]
    except OSError:
        return []  # a check refuses what it may not read


def _state_of(path: Path) -> tuple[int, ...]:
    """What is told of a file or a link; of a folder only that it is one, since what lies in it is listed. () for nothing."""
    try:
        found = path.lstat()
    except OSError:
        return ()
    if stat.S_ISDIR(found.st_mode):
        return (found.st_mode, found.st_dev, found.st_ino)
    return (found.st_mode, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
