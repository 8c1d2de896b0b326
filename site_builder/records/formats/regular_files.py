"""Reading a stranger's files: regular files only, of bounded size, never through a link."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from site_builder.errors import Error, Problem

__all__ = ["files_below", "list_folder", "read_regular_file"]


def list_folder(
    root: Path, folder: str, problems: list[Problem], *, hidden: bool = False
) -> Iterator[tuple[str, bool]]:
    """(name, is folder) of what lies in a folder below root, sorted; links are problems.

    hidden: with names that begin with a dot; without this they are passed over, links among them."""
    try:
        descriptor = _open_below(root, folder, os.O_DIRECTORY)
    except FileNotFoundError:
        return
    except _NotHere as error:
        problems.append(error.problem)
        return
    try:
        with os.scandir(descriptor) as entries:
            # By what the folder itself says: to ask for each file's state takes ten times as long.
            kinds = sorted(
                (entry.name, entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False))
                for entry in entries
            )
    finally:
        os.close(descriptor)
    for name, is_folder, is_regular in kinds:
        if name.startswith(".") and (not hidden or _is_lock(root / folder / name)):
            continue
        if is_folder or is_regular:
            yield name, is_folder
        else:
            problems.append(_link_problem(f"{folder}/{name}"))


def _is_lock(path: Path) -> bool:
    """Whether this is what Emacs puts beside a file that is open: a link that leads nowhere."""
    return path.name.startswith(".#") and path.is_symlink() and not path.exists()


def files_below(root: Path, folder: str, problems: list[Problem]) -> Iterator[str]:
    """The path of each regular file in a folder and in those within it, hidden ones among them; links are problems."""
    for name, is_folder in list_folder(root, folder, problems, hidden=True):
        path = f"{folder}/{name}"
        if is_folder:
            yield from files_below(root, path, problems)
        else:
            yield path


def read_regular_file(root: Path, file: str, problems: list[Problem], *, max_bytes: int) -> bytes | None:
    """The bytes of a file below root; None when it does not exist, or when it is a problem (which is then added)."""
    try:
        descriptor = _open_below(root, file, 0)
    except FileNotFoundError:
        return None
    except _NotHere as error:
        problems.append(error.problem)
        return None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        problems.append(_link_problem(file))
        return None
    with os.fdopen(descriptor, "rb") as stream:
        # Python makes room for as much as is asked for, which takes longer than to read a small file.
        raw = stream.read(min(found.st_size, max_bytes) + 1)
        if len(raw) > found.st_size:
            raw += stream.read(max_bytes + 1 - len(raw))  # it has grown since
    if len(raw) > max_bytes:
        what = f"this file is larger than {max_bytes // 1024:,} KiB"
        problems.append(Problem(file, 0, "FIL003", what, "make it smaller, or split it"))
        return None
    return raw


class _NotHere(Exception):
    """A link or another odd thing stands where a file or a folder should; it carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _open_below(root: Path, path: str, flags: int) -> int:
    """A descriptor of what lies at a path below root: each step is opened from the last one, so that none can be a link.

    O_NOFOLLOW guards only the last step of a path: issuers -> /elsewhere would be followed. Raises FileNotFoundError, _NotHere."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    steps = path.split("/")
    for place, name in enumerate(steps, 1):
        is_last = place == len(steps)
        # O_NONBLOCK: a FIFO must not hang the build.
        step_flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            inner = os.open(name, step_flags | (flags if is_last else os.O_DIRECTORY), dir_fd=descriptor)
        except FileNotFoundError:
            raise
        except OSError as error:
            here = "/".join(steps[:place])
            if error.errno not in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.EMLINK):
                raise Error(f"{here} cannot be opened: {error.strerror}") from error
            is_folder = not is_last or flags & os.O_DIRECTORY
            raise _NotHere(_folder_problem(here) if is_folder else _link_problem(here)) from error
        finally:
            os.close(descriptor)
        descriptor = inner
    return descriptor


def _folder_problem(folder: str) -> Problem:
    what = "this is a link or a file where a folder belongs; it could publish something from another place"
    return Problem(folder, 0, "FIL002", what, "put the folder itself here")


def _link_problem(file: str) -> Problem:
    what = "this is not a file but a link, a device or a folder"
    return Problem(
        file, 0, "FIL002", what, "put the file itself here; a link could publish something from another place"
    )
