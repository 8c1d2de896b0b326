"""Where what was verified is remembered: in this user's own folder for such things, and nowhere that anybody else could write.

What is remembered spares a check, so whoever could write it could have a forged file pass. Sources: XDG Base Directory Specification,
XDG_CACHE_HOME; Apple, File System Programming Guide, Library/Caches."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["is_ours_alone", "lies_in_repository", "made_folder", "usual_folder"]

_NAME = "laurels"
_OTHERS_MAY_WRITE = 0o022


def usual_folder(environment: Mapping[str, str], *, platform: str = sys.platform) -> Path | None:
    """The folder of this user: ~/.cache/laurels, on macOS ~/Library/Caches/laurels; None where there is no home.

    XDG_CACHE_HOME, where it is set, takes the place of ~/.cache on both."""
    home = environment.get("HOME", "")
    caches = environment.get("XDG_CACHE_HOME", "")
    # A path that is not absolute is to be passed over.
    if caches.startswith("/"):
        return Path(caches) / _NAME
    if not home.startswith("/"):
        return None
    return Path(home) / ("Library/Caches" if platform == "darwin" else ".cache") / _NAME


def lies_in_repository(folder: Path, root: Path) -> bool:
    """Whether a folder lies in the site's, or in the git repository around it: a pull request or a build could write there."""
    top = root.resolve()
    kept = next((above for above in (top, *top.parents) if os.path.lexists(above / ".git")), top)
    place = folder.resolve()
    return place.is_relative_to(top) or place.is_relative_to(kept)


def made_folder(folder: Path) -> Path | None:
    """The folder, made if it is not there; None where it cannot be, or where anybody but this user could write in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if is_ours_alone(folder) else None
    except OSError:
        return None


def is_ours_alone(folder: Path) -> bool:
    """Whether a folder is this user's and no link, and nobody else can write in it or put another one in its place.

    Above it there may be folders of the system, and those that all may write in but take nothing out of, such as /tmp."""
    try:
        own = folder.lstat()
        if not stat.S_ISDIR(own.st_mode) or own.st_uid != os.geteuid() or own.st_mode & _OTHERS_MAY_WRITE:
            return False
        return all(map(_is_safe_above, folder.resolve(strict=True).parents))
    except OSError:
        return False


def _is_safe_above(folder: Path) -> bool:
    found = folder.stat()
    is_shared = bool(found.st_mode & _OTHERS_MAY_WRITE) and not found.st_mode & stat.S_ISVTX
    return found.st_uid in (0, os.geteuid()) and not is_shared
