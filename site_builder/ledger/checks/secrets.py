"""Private keys that lie where they must not: in a file that git keeps."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.identifiers.multikey import KeyTextError, format_public_key, parse_private_key
from site_builder.errors import Problem

__all__ = ["check_secrets", "holds_private_key"]

_MAX_FILE_BYTES = 5 * 1_048_576
# Letters that follow may be anything's, so as many are taken as a key has. The lookahead finds one within another's letters too.
_MULTIKEY = re.compile(rb"(?=(z3u2[1-9A-HJ-NP-Za-km-z]{44}))")
# What a file with a key must hold, looked for first since it is quick. Windows PowerShell writes `laurels keys new > key.txt` as UTF-16.
_MARKS = (b"z3u2", b"PRIVATE KEY-----")
_WIDE_MARKS = (b"z\0003\0u\0", b"P\0R\0I\0V\0")
_PEM = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")


def check_secrets(
    root: Path, tracked: Iterable[str], *, content: Mapping[str, Mapping[str, tuple[bytes, bytes] | None]] | None = None
) -> list[Problem]:
    """A problem for each of the files outside of tests/ that holds a private key; the published demo keys excepted.

    content: of folders, by their path, what was read just now: by name the bytes and their SHA-256."""
    known, top = content or {}, os.fspath(root)

    def has_secret(file: str) -> bool:
        folder, _, name = file.rpartition("/")
        read = known[folder].get(name) if folder in known else None
        return holds_private_key(read[0]) if read else _has_secret(f"{top}/{file}")

    return [_problem(file) for file in tracked if not file.startswith("tests/") and has_secret(file)]


def _problem(file: str) -> Problem:
    fix = "remove the file from git and its history, and replace the key: 'laurels keys new'. Whoever has seen it can sign"
    return Problem(file, 0, "FIL004", "a private key lies in this file", fix)


def _has_secret(path: str) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    if not stat.S_ISREG(found.st_mode) or found.st_size > _MAX_FILE_BYTES:
        return False
    return holds_private_key(Path(path).read_bytes())


def holds_private_key(raw: bytes) -> bool:
    """Whether a file's bytes hold a private key other than the demo's, as PEM or as Multikey text."""
    # No loop over the marks, which would take longer than to find none of them.
    if (
        _MARKS[0] not in raw
        and _MARKS[1] not in raw
        and not (b"\0" in raw and any(mark in raw for mark in _WIDE_MARKS))
    ):
        return False
    raw += raw.replace(b"\0", b"")
    return _PEM.search(raw) is not None or any(_is_secret(found[1]) for found in _MULTIKEY.finditer(raw))


def _is_secret(text: bytes) -> bool:
    try:
        public = format_public_key(parse_private_key(text.decode("ascii")).public_key())
    except KeyTextError:
        return False
    return not is_demo_key(public)
