"""What git leaves in a file that nobody wrote: the marks of an unfinished merge, a pointer of Git LFS, other line endings.

Sources: git-merge, How conflicts are presented; Git LFS Specification, The Pointer; gitattributes, text."""

from __future__ import annotations

import re

__all__ = ["CONFLICT_MARKS", "OTHER_LINE_ENDINGS", "left_by_git", "with_line_feeds"]

CONFLICT_MARKS = re.compile(rb"^(<{7}|={7}|>{7})( |\r?$)", re.MULTILINE)
_OPENING = re.compile(rb"^<{7} ", re.MULTILINE)
_CLOSING = re.compile(rb"^>{7} ", re.MULTILINE)
_POINTER = b"version https://git-lfs.github.com/spec/"
# (what, fix)
OTHER_LINE_ENDINGS = (
    "git changed the line endings of this file, which was signed or hashed with others",
    "write into .gitattributes the lines 'content/signed/** -text', 'issuers/*/status/** -text' and '**/rendered/** -text'; then "
    "delete the file and take it from git again ('git checkout -- ' and its path)",
)


def left_by_git(raw: bytes) -> tuple[int, str, str] | None:
    """The line (0: the whole file), what git left in a file, and what to do; None for most files."""
    if raw.startswith(_POINTER):
        fix = "run 'git lfs pull'; in CI, have the checkout fetch LFS too (actions/checkout: lfs: true)"
        return 0, "this is a pointer of Git LFS, and not the file that it stands for", fix
    opening = _OPENING.search(raw)
    if opening and _CLOSING.search(raw, opening.end()):
        fix = "decide which lines stay, delete the others with the marks <<<<<<<, ======= and >>>>>>>, and commit"
        return raw[: opening.start()].count(b"\n") + 1, "an unfinished merge: git left its marks here", fix
    return None


def with_line_feeds(raw: bytes) -> bytes:
    """A text as it is in git when a checkout for Windows gave it CR LF."""
    return raw.replace(b"\r\n", b"\n")
