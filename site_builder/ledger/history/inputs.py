"""All that a check reads below a root, read and hashed once: whether anything at all is other than it was, down to the last byte.

It takes few imports and about 12 µs a file, so that a command can ask before it loads what the answer may spare it."""

from __future__ import annotations

import errno
import hashlib
import os
import posixpath
import re
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from site_builder.errors import Problem
from site_builder.ledger.history.code import code_digest
from site_builder.ledger.history.git import GIT, tracked_files
from site_builder.ledger.history.git_tree import git_environment
from site_builder.ledger.history.snapshot import READ, Snapshot, State, is_folder, state_in, state_of, without_own

__all__ = ["FileReading", "Inputs", "git_state", "read_inputs"]

# Another number, other things in the digest.
_FORMAT = b"laurels inputs v1\n"
_TEMPLATES = ("theme", "custom_dir")
# The name may stand there in escapes, or in letters of two bytes.
_MAY_NAME_TEMPLATES = re.compile(rb"custom_dir|[\\\0]")
_SIGNED = "content/signed/"
_LOCK = f"{_SIGNED}.lock"
# Python makes room for as much as is asked for: for a MiB that takes five times as long as to read a small file.
_PIECE = 1 << 20
# No file that a check looks into is larger; to hash a film each time would take longer than the rest.
_MOST_BYTES = 64 << 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: a FIFO that has taken a file's place must not hang us.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Inputs:
    """What lies below a root. files: SHA-256 of each regular file by its path. snapshot: how they were just before they were read.

    kinds: of each path: f, d, l with where it leads, and "-" for nothing or what nobody reads. signed: what lies in each folder of
    content/signed, by name, with its SHA-256; None for what is no file, or a very large one. tracked: the files that git keeps or
    would keep, those above the root as well, whose paths begin with "../"; of these nothing was read: above is a digest of how they are on
    the disk. is_whole: whether all that a check reads is among them."""

    root: Path
    files: Mapping[str, bytes]
    snapshot: Snapshot
    kinds: Mapping[str, str]
    signed: Mapping[str, Mapping[str, tuple[bytes, bytes] | None]]
    tracked: tuple[str, ...]
    is_whole: bool
    above: bytes = b""

    @property
    def own_tracked(self) -> list[str]:
        """The files below the root that git keeps or would keep."""
        return [path for path in self.tracked if not path.startswith("../")]

    @property
    def has_odd(self) -> bool:
        """Whether there is a link, or something that is neither a file nor a folder: what it leads to could be anything."""
        return any(kind[0] == "l" or (kind == "-" and path in self.snapshot) for path, kind in self.kinds.items())

    @cached_property
    def digest(self) -> bytes | None:
        """32 bytes, of all of it, of git's HEAD, and of Laurels' own code: the same digest, the same answer. None where it is not whole."""
        return self.digest_without("")

    def digest_without(self, folder: str) -> bytes | None:
        """As digest, but for what lies in a folder: a site that git does not ignore, say. folder: path below the root, "" for none."""
        if not self.is_whole:
            return None
        total = hashlib.sha256(_FORMAT + code_digest() + hashlib.sha256(git_state(self.root)).digest())
        inside = f"{folder}/" if folder else "\0"  # which is in no path
        tracked = [path for path in self.tracked if not path.startswith(inside)]
        paths = sorted(path for path in self.kinds if not path.startswith(inside))
        for names in (tracked, [f"{path}\0{self.kinds[path]}" for path in paths]):
            total.update(hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).digest())
        total.update(b"".join(self.files[path] for path in paths if path in self.files))
        total.update(self.above)
        return total.digest()


def read_inputs(root: Path) -> Inputs | None:
    """All that lies below root of what a check reads, and what git keeps or would keep. None where something cannot be read."""
    tracked = tuple(tracked_files(root, above=True))
    above = _digest_above(root, tracked)
    try:
        with FileReading(root) as reading:
            for path in READ:
                reading.add(path)
            for path in tracked:
                if path not in reading.kinds and not path.startswith("../"):
                    reading.add(path, is_tracked=True)
                    if path in reading.states and is_folder(f"{root}/{path}", reading.states[path]):
                        del reading.states[path]  # a link that a build may have made
            snapshot = without_own(root, reading.states)
            templates = _folders_of_templates(root)
            for path in templates or ():
                reading.add(path)
    except OSError:
        return None
    is_whole = reading.is_whole and templates is not None
    return Inputs(root, reading.files, snapshot, reading.kinds, reading.signed, tracked, is_whole, above)


def _digest_above(root: Path, tracked: Sequence[str]) -> bytes:
    """32 bytes, of how those of the files are on the disk that lie above the root: of the rest of a repository a check reads little."""
    states = (state_of(f"{root}/{path}") for path in tracked if path.startswith("../"))
    return hashlib.sha256(repr(list(states)).encode("ascii")).digest()


def _folders_of_templates(root: Path) -> list[str] | None:
    """The folders of templates of their own that the settings name; None where that cannot be told."""
    try:
        raw = (root / "mkdocs.yml").read_bytes()
    except FileNotFoundError:
        return []
    if not _MAY_NAME_TEMPLATES.search(raw):
        return []
    # Only where it is needed: the parser takes longer than a hundred files.
    from site_builder.records.settings.files import settings_below

    problems: list[Problem] = []
    settings = [each for file in settings_below(root, problems) for each in file.content.settings]
    named = [each for each in settings if each.path[:2] == _TEMPLATES and each.kind != "key"]
    folders = [posixpath.normpath(each.text) for each in named if each.kind == "text" and not each.tags]
    is_elsewhere = any(folder.split("/")[0] in ("", "..") for folder in folders)
    return None if problems or is_elsewhere or len(folders) < len(named) else folders


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
    """What is found on the way, with the members of Inputs. To be closed, as with `with`.

    Each step is opened from the folder above it, so that none can be a link."""

    def __init__(self, root: Path) -> None:
        self.files: dict[str, bytes] = {}
        self.states: dict[str, State] = {}
        self.kinds: dict[str, str] = {}
        self.signed: dict[str, dict[str, tuple[bytes, bytes] | None]] = {}
        self.is_whole = True
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def __enter__(self) -> FileReading:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._root)

    def add(self, path: str, *, is_tracked: bool = False) -> None:
        """Notes a path, and all that lies in it if it is a folder. No link is followed.

        is_tracked: git keeps this path, so if it is a folder it is another repository, and nobody reads it."""
        *above, name = path.split("/")
        descriptor = os.dup(self._root)
        try:
            for step in above:
                inner = os.open(step, _FOLDER, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            mode = os.lstat(name, dir_fd=descriptor).st_mode
            if not stat.S_ISDIR(mode):
                self._add_file(descriptor, name, path, is_regular=stat.S_ISREG(mode))
            elif is_tracked:
                self.kinds[path] = "d"  # another repository
            else:
                self._add_folder(descriptor, name, path)
        except (FileNotFoundError, NotADirectoryError):
            self.kinds[path] = "-"
        except OSError as error:
            # A link above it: whoever asks for its bytes is refused.
            if error.errno not in (errno.ELOOP, errno.EMLINK):
                raise
            self.kinds[path] = "-"
        finally:
            os.close(descriptor)

    def _add_folder(self, above: int, name: str, path: str) -> None:
        folder = os.open(name, _FOLDER, dir_fd=above)
        try:
            found = os.fstat(folder)
            self.kinds[path] = "d"
            self.states[path] = state_in(found)
            with os.scandir(folder) as entries:
                inner = [
                    (entry.name, entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False))
                    for entry in entries
                ]
            signed = self.signed.setdefault(path, {}) if path.startswith(_SIGNED) else None
            for below, is_folder, is_regular in inner:
                if signed is not None:
                    signed[below] = None
                if is_folder:
                    self._add_folder(folder, below, f"{path}/{below}")
                else:
                    self._add_file(folder, below, f"{path}/{below}", is_regular=is_regular)
        finally:
            os.close(folder)

    def _add_file(self, folder: int, name: str, path: str, *, is_regular: bool) -> None:
        if not is_regular:
            found = os.lstat(name, dir_fd=folder)
            self.kinds[path] = f"l {os.readlink(name, dir_fd=folder)}" if stat.S_ISLNK(found.st_mode) else "-"
            self.states[path] = state_in(found)
        elif path != _LOCK:
            descriptor = os.open(name, _FILE, dir_fd=folder)
            try:
                self._read(descriptor, path, name)
            finally:
                os.close(descriptor)

    def _read(self, descriptor: int, path: str, name: str) -> None:
        found = os.fstat(descriptor)
        self.kinds[path] = "f"
        self.states[path] = state_in(found)
        if found.st_size > _MOST_BYTES:
            self.is_whole = False
            return
        # One more than there is: what was added meanwhile is read as well.
        piece = min(found.st_size + 1, _PIECE)
        raw = os.read(descriptor, piece)
        digest = hashlib.sha256(raw)
        if path.startswith(_SIGNED) and found.st_size == len(raw) < piece:
            folder = path[: -len(name) - 1]
            if folder in self.signed:
                self.signed[folder][name] = raw, digest.digest()
        while raw and (len(raw) == piece or found.st_size >= piece):
            raw = os.read(descriptor, piece)
            digest.update(raw)
        self.files[path] = digest.digest()
