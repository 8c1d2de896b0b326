"""All that a build reads, as one digest: every file is read, so that nothing depends on times that a clock or a checkout has set.

The same files as a check reads: what lies below the folders of the repository, and everything else that git keeps or would keep. Besides
them the commit at HEAD, since its history is compared, and the program itself."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Protocol

from site_builder.ledger.history.code import add_files
from site_builder.ledger.history.code import code_digest as program_digest
from site_builder.ledger.history.git import GIT, environment_without_keys

__all__ = ["Inputs", "code_digest", "read_inputs", "still_so"]

# Everything that a check reads lies below these, or is kept in git.
_READ = (b"mkdocs.yml", b"content", b"issuers", b"badges")
_LOCK = b"content/signed/.lock"
# To hash a film each time would take longer than the rest, and its bytes lie in memory.
_MOST_BYTES = 64 << 20
_THEMES = Path(__file__).resolve().parents[3] / "themes"


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...


@dataclass(frozen=True)
class Inputs:
    """What lay below a repository's root when it was read. digest: of all bytes. state: of how the files were on the disk, times among
    it: by it a file is noticed that was changed, read by the build, and changed back. others: files outside of the usual folders."""

    digest: str
    state: str
    others: tuple[bytes, ...] = ()


class _Odd(Exception):
    """Something is neither a file nor a folder: what it leads to could be anything. Or it is a very large file."""


def read_inputs(root: Path, *, site: str) -> Inputs | None:
    """All inputs of the repository below root; None where git is not asked, or where there is a link or a very large file among them.

    site: the folder that the site is built into, which is none of them."""
    digest, state = hashlib.sha256(), hashlib.sha256()
    reader = _Reader(os.fsencode(root) + b"/", digest, state)
    try:
        # Where there is no commit nothing more is asked.
        digest.update(_commit(root))
        with tempfile.TemporaryFile() as listed:
            with _begin_listing(root, listed) as listing:
                reader.read_all(_READ)
            if listing.returncode != 0:
                return None
            listed.seek(0)
            names = _without_site(listed.read().split(b"\0"), root, site)
        digest.update(b"\0".join(names))
        below = tuple(path + b"/" for path in _READ)
        others = tuple(path for path in names if path and not path.startswith(below) and path not in _READ)
        reader.read_all(others)
    except (OSError, subprocess.SubprocessError, _Odd):
        return None
    return Inputs(digest.hexdigest(), state.hexdigest(), others)


def still_so(root: Path, inputs: Inputs) -> bool:
    """Whether no file has been touched since its bytes were taken into the digest."""
    state = hashlib.sha256()
    reader = _Reader(os.fsencode(root) + b"/", None, state)
    try:
        reader.read_all([*_READ, *inputs.others])
    except (OSError, _Odd):
        return False
    return state.hexdigest() == inputs.state


@cache
def code_digest() -> str:
    """A digest of the program: its own files, with its theme, the Python that runs it, and the versions of all that is installed.

    As they are when this is asked first: so ask before much of it is loaded."""
    digest = hashlib.sha256(program_digest())
    # In a clone the theme lies beside the package.
    if _THEMES.is_dir():
        add_files(digest, str(_THEMES))
    return digest.hexdigest()


class _Reader:
    """Reads files below a root, in order of their names. digest: gets what they hold, None to leave that unread.

    state: gets how they are on the disk."""

    def __init__(self, root: bytes, digest: _Digest | None, state: _Digest) -> None:
        self._root, self._digest, self._state = root, digest, state

    def read_all(self, paths: Iterable[bytes]) -> None:
        """Files, and all that lies in folders. Raises _Odd for a link."""
        for path in paths:
            place = self._root + path
            if os.path.islink(place):
                raise _Odd
            if os.path.isdir(place):
                self._read_folder(path)
            elif os.path.exists(place):
                self._read_file(path)
            else:
                self._name(b"-", path)

    def _read_folder(self, path: bytes) -> None:
        with os.scandir(self._root + path) as entries:
            found = sorted(entries, key=_name_of)
        self._name(b"/", path)
        for entry in found:
            inner = path + b"/" + entry.name
            if entry.is_file(follow_symlinks=False):
                if inner != _LOCK:
                    self._read_file(inner)
            elif not entry.is_dir(follow_symlinks=False):
                raise _Odd
            elif entry.name != b".git":
                self._read_folder(inner)

    def _name(self, kind: bytes, path: bytes) -> None:
        if self._digest is not None:
            self._digest.update(b"%b%b\0" % (kind, path))

    def _read_file(self, path: bytes) -> None:
        if self._digest is None:
            facts = os.lstat(self._root + path)
        else:
            raw, facts = _bytes_of(self._root + path, most=_MOST_BYTES)
            self._digest.update(b"=%b\0%d\0%b" % (path, len(raw), raw))
        self._state.update(b"%d %d %d %d\n" % (facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns))


def _name_of(entry: os.DirEntry[bytes]) -> bytes:
    return entry.name


def _bytes_of(place: bytes, *, most: int = 1 << 16) -> tuple[bytes, os.stat_result]:
    """A file's bytes, and how it was before they were read. Raises _Odd for one that is larger than most."""
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        facts = os.fstat(descriptor)
        if facts.st_size > most:
            raise _Odd
        raw = os.read(descriptor, facts.st_size + 1)
        while len(raw) < facts.st_size and (more := os.read(descriptor, facts.st_size)):
            raw += more
    finally:
        os.close(descriptor)
    return raw, facts


def _begin_listing(root: Path, file: IO[bytes]) -> subprocess.Popen[Any]:
    """Has git write what it keeps or would keep into a file, while the rest is read."""
    command = [*GIT, "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    return subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL, env=environment_without_keys())  # noqa: S603


def _commit(root: Path) -> bytes:
    """HEAD, what a merge under way brings, and whether the history is whole; raises where there is no commit."""
    words = ["--is-shallow-repository", "HEAD^{commit}", "--show-prefix", "--git-path", "MERGE_HEAD"]
    command = [*GIT, "-C", str(root), "rev-parse", *words]
    found = subprocess.run(command, capture_output=True, check=True, timeout=60, env=environment_without_keys())  # noqa: S603
    merging = os.fsdecode(found.stdout.splitlines()[-1])
    try:
        return found.stdout + _bytes_of(os.fsencode(os.path.join(root, merging)))[0]
    except FileNotFoundError:
        return found.stdout


def _without_site(names: list[bytes], root: Path, site: str) -> list[bytes]:
    """The names of those files that do not lie in the site's folder."""
    inside = os.fsencode(os.path.relpath(site, root)) + b"/"
    return sorted(name for name in set(names) if not name.startswith(inside))
