"""All that a check reads below a root, read and hashed once: whether anything at all is other than it was, down to the last byte.

It takes few imports and about 12 µs a file, so that a command can ask before it loads what the answer may spare it."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from site_builder.ledger.history.code import code_digest
from site_builder.ledger.history.git import GIT, tracked_files
from site_builder.ledger.history.git_tree import git_environment

__all__ = ["FileReading", "Inputs", "digest_of_inputs", "git_state", "read_inputs"]

# Another number, other things in the digest.
_FORMAT = b"laurels inputs v1\n"
# Everything that a check reads lies below these and in the folder of templates that mkdocs.yml names, or is kept in git.
_READ = ("mkdocs.yml", "content", "issuers", "badges", "themes")
_TEMPLATES = re.compile(rb"custom_dir['\"]?[ \t]*:[ \t]*['\"]?([A-Za-z0-9_][A-Za-z0-9_./-]*)")
# `issue` takes its lock before it looks whether something has changed.
_LOCK = "content/signed/.lock"
_PIECE = 1 << 20

# What the kernel says of a file: any write changes the last of these, and nobody can set it back. Of a folder only the first three.
State = tuple[int, ...]


@dataclass(frozen=True)
class Inputs:
    """What lies below a root. digest: 32 bytes, of all of it, of git's HEAD, and of Laurels' own code.

    files: SHA-256 of each regular file by its path. states: of each path, as `snapshot` has them. tracked: the files that git keeps
    or would keep, those above the root as well, whose paths begin with "../"; of these nothing was read."""

    digest: bytes
    files: Mapping[str, bytes]
    states: Mapping[str, State]
    tracked: tuple[str, ...]


def digest_of_inputs(root: Path) -> bytes | None:
    """One digest of all that `check` and `build` read: the same digest, the same answer. None where something cannot be read."""
    found = read_inputs(root)
    return None if found is None else found.digest


def read_inputs(root: Path) -> Inputs | None:
    """All that lies below root of what a check reads, and what git keeps or would keep. None where something cannot be read."""
    tracked = tuple(tracked_files(root, above=True))
    reading = FileReading(os.fspath(root))
    try:
        for path in (*_READ, *_folders_of_templates(root)):
            reading.add(path)
        for path in tracked:
            if path not in reading.states and not path.startswith("../"):
                reading.add(path, is_tracked=True)
    except OSError:
        return None
    total = hashlib.sha256(_FORMAT + code_digest() + hashlib.sha256(git_state(root)).digest())
    for names in (tracked, [f"{path}\0{kind}" for path, kind in sorted(reading.kinds.items())]):
        total.update(hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).digest())
    total.update(b"".join(digest for _, digest in sorted(reading.files.items())))
    return Inputs(total.digest(), reading.files, reading.states, tracked)


def _folders_of_templates(root: Path) -> list[str]:
    """The folders of templates of their own that the settings name. Raises OSError where that cannot be told by their text."""
    try:
        raw = (root / "mkdocs.yml").read_bytes()
    except FileNotFoundError:
        return []
    named = _TEMPLATES.findall(raw)
    if len(named) < raw.count(b"custom_dir") or any(b".." in name for name in named):
        raise OSError
    return [name.decode("ascii").rstrip("/") for name in named]


def git_state(root: Path) -> bytes:
    """What git says of the repository around root: the site's folder in it, whether it is whole, HEAD, and what is being merged.

    The same bytes, the same history. What git refuses to say is part of them."""
    command = [*GIT, "-C", str(root), "rev-parse", "--show-prefix", "--is-shallow-repository"]
    try:
        found = subprocess.run(  # noqa: S603
            [*command, "--git-path", "MERGE_HEAD", "HEAD^{commit}"],
            capture_output=True,
            timeout=60,
            env=git_environment(),
        )
        lines = found.stdout.split(b"\n")
        merging = _bytes_of(root / os.fsdecode(lines[2])) if len(lines) > 2 else b""
    except (OSError, subprocess.SubprocessError):
        return b""
    return b"\0".join((b"%d" % found.returncode, found.stdout, found.stderr, merging))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


class FileReading:
    """What is found on the way. kinds: of every path: f, d, l with where it leads, and "-" for nothing or what nobody reads."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.files: dict[str, bytes] = {}
        self.states: dict[str, State] = {}
        self.kinds: dict[str, str] = {}

    def add(self, path: str, *, is_tracked: bool = False) -> None:
        """Notes a path, and all that lies in it if it is a folder. No link is followed.

        is_tracked: git keeps this path, so if it is a folder it is another repository, and nobody reads it."""
        place = f"{self.root}/{path}"
        try:
            found = os.lstat(place)
        except FileNotFoundError:
            self.kinds[path] = "-"
            return
        if stat.S_ISDIR(found.st_mode):
            if not is_tracked:
                self._add_folder(path, place, found)
            else:
                self.kinds[path] = "d"
        elif stat.S_ISREG(found.st_mode):
            self._add_file(path, place)
        else:
            self._add_other(path, place, found)

    def _add_folder(self, path: str, place: str, found: os.stat_result) -> None:
        self.kinds[path] = "d"
        self.states[path] = (found.st_mode, found.st_dev, found.st_ino)
        with os.scandir(place) as entries:
            inner = list(entries)
        for entry in inner:
            below = f"{path}/{entry.name}"
            if entry.is_file(follow_symlinks=False):
                if below != _LOCK:
                    self._add_file(below, entry.path)
            elif entry.is_dir(follow_symlinks=False):
                self._add_folder(below, entry.path, os.lstat(entry.path))
            else:
                self._add_other(below, entry.path, os.lstat(entry.path))

    def _add_file(self, path: str, place: str) -> None:
        # O_NONBLOCK: a FIFO that takes the file's place must not hang us.
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            found = os.fstat(descriptor)
            raw = os.read(descriptor, _PIECE)
            digest = hashlib.sha256(raw)
            while raw and (len(raw) == _PIECE or found.st_size >= _PIECE):
                raw = os.read(descriptor, _PIECE)
                digest.update(raw)
        finally:
            os.close(descriptor)
        self.files[path] = digest.digest()
        self.kinds[path] = "f"
        self.states[path] = _state(found)

    def _add_other(self, path: str, place: str, found: os.stat_result) -> None:
        self.kinds[path] = f"l {Path(place).readlink()}" if stat.S_ISLNK(found.st_mode) else "-"
        self.states[path] = _state(found)


def _state(found: os.stat_result) -> State:
    return (found.st_mode, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
