"""Private keys that lie where they must not: in a file that git keeps."""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from operator import itemgetter
from pathlib import Path

from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.identifiers.multikey import KeyTextError, format_public_key, parse_private_key
from site_builder.encoding import parse_base58btc
from site_builder.errors import Problem

__all__ = ["check_secrets", "holds_private_key"]

_MAX_FILE_BYTES = 5 * 1_048_576
# Letters that follow may be anything's, so as many are taken as a key has. The lookahead finds one within another's letters too.
_MULTIKEY = re.compile(rb"(?=(z3u2[1-9A-HJ-NP-Za-km-z]{44}))")
# What a file with a key must hold, looked for first since it is quick: before it two of its letters, since to see that one is not there, as
# in most drawings, takes a tenth of the time. Windows PowerShell writes `laurels keys new > key.txt` as UTF-16.
_MARKS = (b"z3u2", b"PRIVATE KEY-----")
_WIDE_MARKS = (b"z\0003\0u\0", b"P\0R\0I\0V\0")
# A signature is 88 letters as if drawn by lot. Among those of 10,000 credentials there is one that reads as a key, three times in ten.
_SIGNATURE = re.compile(rb'"proofValue": "(z[1-9A-HJ-NP-Za-km-z]{86,88})"')
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
        not (b"z" in raw and b"u" in raw and _MARKS[0] in raw)
        and not (b"V" in raw and b"Y" in raw and _MARKS[1] in raw)
        and not (b"\0" in raw and any(mark in raw for mark in _WIDE_MARKS))
    ):
        return False
    raw += raw.replace(b"\0", b"")
    if _PEM.search(raw) is not None:
        return True
    # Asked for at the first key, since there is one in few files; then before a key, since to read one takes longest.
    signatures: list[tuple[int, int]] | None = None
    for found in _MULTIKEY.finditer(raw):
        if (signatures and _lies_in(found.start(), signatures)) or not _is_secret(found[1]):
            continue
        signatures = _signatures_in(raw) if signatures is None else signatures
        if not _lies_in(found.start(), signatures):
            return True
    return False


def _signatures_in(raw: bytes) -> list[tuple[int, int]]:
    """Where proofs' values of 64 bytes begin and end, in order: Ed25519 signatures as `issue` writes them, which are public."""
    return [found.span(1) for found in _SIGNATURE.finditer(raw) if len(parse_base58btc(found[1][1:].decode())) == 64]


def _lies_in(place: int, spans: list[tuple[int, int]]) -> bool:
    index = bisect_right(spans, place, key=itemgetter(0)) - 1
    return index >= 0 and place < spans[index][1]


def _is_secret(text: bytes) -> bool:
    try:
        public = format_public_key(parse_private_key(text.decode("ascii")).public_key())
    except KeyTextError:
        return False
    return not is_demo_key(public)
