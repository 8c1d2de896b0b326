"""How the files of a site are on the disk, without reading them: whether each is still the one that a build left there.

Of a file its inode, size and times are noted. Whatever writes to a file, replaces it or gives it another name changes the last of these,
the time of change, which nobody can set; whatever adds a file to a folder or takes one away changes that of the folder. Source: Linux
man-pages 6.03, inode(7)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["FILE", "FOLDER", "Listing", "Noted", "list_site", "note_site"]

# The rights that everything in a site gets: a web server reads it.
FILE, FOLDER = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755

# Of a folder: its inode and two times, the names of the folders in it, those of its files, and of each of these its inode, size and two
# times. The times are nanoseconds: of the last write, and of the last change.
Noted = list[Any]


@dataclass
class Listing:
    """What is in a site. files: the names in each folder, by its path, "" for the root. as_noted: the folders in which nothing differs.

    is_odd: something is there that no build of ours leaves, such as a link."""

    files: dict[str, list[str]] = field(default_factory=dict)
    as_noted: set[str] = field(default_factory=set)
    is_odd: bool = False


def list_site(site: str, noted: Mapping[str, Noted]) -> Listing:
    """The files of a site, held against what was noted of it. Raises OSError where it can't be read."""
    found = Listing()
    waiting = [""]
    while waiting:
        path = waiting.pop()
        place = f"{site}/{path}" if path else site
        facts, known = os.lstat(place), noted.get(path)
        same = (
            known is not None
            and facts.st_mode == FOLDER
            and known[:3] == [facts.st_ino, facts.st_mtime_ns, facts.st_ctime_ns]
        )
        if known is not None and same:
            # The same names are in it: what is made, renamed or removed there changes the folder's own time.
            folders, names, flat = known[3:]
            if _all_plain(place, names) == flat:
                found.as_noted.add(path)
        else:
            folders, names, odd = _names_in(place)
            # A folder with nothing in it, or with rights that no build gives, is somebody else's work.
            found.is_odd |= odd or facts.st_mode != FOLDER or not (folders or names)
        found.files[path] = names
        waiting += [f"{path}/{name}" if path else name for name in folders]
    return found


def note_site(site: str, *, same: Mapping[str, Noted] | None = None, stale: Iterable[str] = ()) -> dict[str, Noted]:
    """How every file of a site is. A folder with anything in it that a build of ours does not leave so is left out.

    same: what is still so of the folders that are not stale."""
    found: dict[str, Noted] = {}
    old = {} if same is None else {path: noted for path, noted in same.items() if path not in set(stale)}
    waiting = [""]
    while waiting:
        path = waiting.pop()
        if path in old:
            found[path] = old[path]
            waiting += [f"{path}/{name}" if path else name for name in old[path][3]]
            continue
        place = f"{site}/{path}" if path else site
        # Before its names: one that comes after changes this.
        facts = os.lstat(place)
        folders, names, odd = _names_in(place)
        flat = _all_plain(place, names)
        if not odd and flat is not None and facts.st_mode == FOLDER:
            found[path] = [facts.st_ino, facts.st_mtime_ns, facts.st_ctime_ns, folders, names, flat]
        waiting += [f"{path}/{name}" if path else name for name in folders]
    return found


def _names_in(place: str) -> tuple[list[str], list[str], bool]:
    """The folders and the files in a folder, and whether there is anything else."""
    folders, names, odd = [], [], False
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                names.append(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                odd = True
    return sorted(folders), sorted(names), odd


def _all_plain(place: str, names: Iterable[str]) -> list[int] | None:
    """What is noted of files in a folder; None if one has other rights, a second name, or is no file."""
    lstat = os.lstat
    flat: list[int] = []
    for name in names:
        try:
            facts = lstat(f"{place}/{name}")
        except FileNotFoundError:
            return None
        if facts.st_mode != FILE or facts.st_nlink != 1:
            return None
        flat += (facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
    return flat
