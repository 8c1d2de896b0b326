"""How the files of a repository are at a moment, without reading them: whether what was checked then is still so."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath

from site_builder.ledger.history.git import tracked_files

__all__ = [
    "READ",
    "Snapshot",
    "State",
    "differing",
    "is_folder",
    "state_in",
    "state_of",
    "take_snapshot",
    "without_own",
]

# What the kernel says of a file. Any write changes the last of these, and nobody can set it back. Of a folder only the first three.
State = tuple[int, ...]
# Of each path below the root.
Snapshot = Mapping[str, State]

# Everything that a check reads lies below these and in the templates that mkdocs.yml names, or is kept in git.
READ = ("mkdocs.yml", "content", "issuers", "badges", "themes")
_SIGNED = "content/signed"
_LOCK = f"{_SIGNED}/.lock"


def take_snapshot(root: Path, tracked: Iterable[str]) -> Snapshot:
    """How all that a check reads is now. tracked: the files that git keeps."""
    found: dict[str, State] = {}
    top = os.fspath(root)
    for path in READ:
        _note(found, top, path)
    for path in tracked:
        # Of other places only the files: a build makes folders there.
        if path not in found and (state := state_of(f"{top}/{path}")) and not is_folder(f"{top}/{path}", state):
            found[path] = state
    return without_own(root, found)


def is_folder(path: str, state: State) -> bool:
    """Whether a path is a folder, or a link to one."""
    return stat.S_ISDIR(state[0]) or (stat.S_ISLNK(state[0]) and Path(path).is_dir())


def without_own(root: Path, found: Snapshot) -> Snapshot:
    """A snapshot without what `issue` makes before it looks whether something has changed: its lock, and the folder for it."""
    own = {_LOCK} if (root / _SIGNED).is_symlink() else {_LOCK, _SIGNED}
    return {path: state for path, state in found.items() if path not in own}


def differing(root: Path, before: Snapshot, *, now: Snapshot | None = None, but: Collection[str] = ()) -> set[str]:
    """The paths at which something is not as it was. now: another snapshot, None for one that is taken.

    but: files and folders that may differ, with all that lies in them."""
    after = take_snapshot(root, tracked_files(root)) if now is None else now
    if after == before:
        return set()
    # A folder that was made for one of them may be new as well.
    above = {parent.as_posix() for path in but for parent in PurePosixPath(path).parents}
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return {path for path in changed - above if not _lies_in(path, but)}


def _lies_in(path: str, places: Collection[str]) -> bool:
    return path in places or any(parent.as_posix() in places for parent in PurePosixPath(path).parents)


def _note(found: dict[str, State], top: str, path: str) -> None:
    """Notes a path below top, and all that lies in it if it is a folder, hidden files included. A link is not followed."""
    state = state_of(f"{top}/{path}")
    if state:
        found[path] = state
    if state and stat.S_ISDIR(state[0]):
        for name in _names_in(f"{top}/{path}"):
            _note(found, top, f"{path}/{name}")


def _names_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries]
    except OSError:
        return []  # a check refuses what it may not read


def state_of(path: str) -> State:
    """What is told of a file or a link; of a folder only that it is one, since what lies in it is listed. () for nothing."""
    try:
        found = os.lstat(path)
    except OSError:
        return ()
    return state_in(found)


def state_in(found: os.stat_result) -> State:
    """What a snapshot notes of what the kernel says."""
    if stat.S_ISDIR(found.st_mode):
        return (found.st_mode, found.st_dev, found.st_ino)
    return (found.st_mode, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
