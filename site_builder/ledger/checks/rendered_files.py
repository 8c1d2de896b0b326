"""The folders `rendered/`: nothing lies there but what `issue` put there, since drawings and pictures in them are published."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from site_builder.errors import Problem
from site_builder.ledger.store.renderings import MAX_PICTURE_BYTES
from site_builder.records.artwork.svg import MAX_SVG_BYTES, ArtworkError, reserialize_svg
from site_builder.records.formats.left_by_git import OTHER_LINE_ENDINGS, left_by_git, with_line_feeds
from site_builder.records.formats.regular_files import list_folder, read_regular_file
from site_builder.records.load.repository import Repository

__all__ = ["check_rendered"]

_NAME = re.compile(r"(image|logo)-([0-9a-f]{8})\.(png|svg|source)")
_SOURCE = re.compile(rb"[0-9a-f]{64}\n")


def check_rendered(root: Path, repository: Repository) -> list[Problem]:
    """A problem for each link, each odd name, and each file that is not what its name says."""
    problems: list[Problem] = []
    folders = [(f"badges/{slug}/rendered", "image") for slug in repository.badges]
    folders += [(f"issuers/{slug}/rendered", "logo") for slug in repository.issuers]
    for folder, kind in folders:
        for name, is_folder in list_folder(root, folder, problems):
            match = None if is_folder else _NAME.fullmatch(name)
            if match is None or match[1] != kind:
                what = "this does not belong here: 'laurels issue' alone writes this folder"
                problems.append(Problem(f"{folder}/{name}", 0, "FIL001", what, "delete it"))
            else:
                problems += _check_file(root, f"{folder}/{name}", match[2])
    return problems


def _check_file(root: Path, file: str, digest: str) -> list[Problem]:
    problems: list[Problem] = []
    raw = read_regular_file(
        root, file, problems, max_bytes=MAX_SVG_BYTES if file.endswith("svg") else MAX_PICTURE_BYTES
    )
    if raw is None or _is_sound(raw, file, digest=digest):
        return problems
    if _is_sound(with_line_feeds(raw), file, digest=digest):
        return [Problem(file, 0, "LED008", *OTHER_LINE_ENDINGS)]
    left = left_by_git(raw)
    if left:
        return [Problem(file, left[0], "LED008", *left[1:])]
    what = "this file is not what 'laurels issue' wrote under this name"
    return [Problem(file, 0, "LED008", what, "restore it from git")]


def _is_sound(raw: bytes, file: str, *, digest: str) -> bool:
    if file.endswith("png"):
        return hashlib.sha256(raw).hexdigest().startswith(digest)
    if file.endswith("source"):
        return _SOURCE.fullmatch(raw) is not None
    try:
        return reserialize_svg(raw) == raw
    except ArtworkError:
        return False
