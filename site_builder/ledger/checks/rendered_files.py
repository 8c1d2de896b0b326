"""The folders `rendered/`: nothing lies there but what `issue` put there, since drawings and pictures in them are published."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from site_builder.errors import Problem
from site_builder.ledger.store.renderings import MAX_PICTURE_BYTES, STEM, Source, read_source
from site_builder.records.artwork.svg import MAX_SVG_BYTES, ArtworkError, reserialize_svg
from site_builder.records.formats.left_by_git import OTHER_LINE_ENDINGS, left_by_git, with_line_feeds
from site_builder.records.formats.regular_files import list_folder, read_regular_file
from site_builder.records.load.repository import Repository

__all__ = ["check_named", "check_rendered"]

_NAME = re.compile(rf"({STEM})\.(png|svg|source)")
_RESTORE = "restore it from git"


def check_rendered(root: Path, repository: Repository) -> list[Problem]:
    """A problem for each link, each odd name, and each file that is not what its name and the file beside it say."""
    problems: list[Problem] = []
    folders = [(f"badges/{slug}/rendered", "image") for slug in repository.badges]
    folders += [(f"issuers/{slug}/rendered", "logo") for slug in repository.issuers]
    for folder, kind in folders:
        for name, is_folder in list_folder(root, folder, problems):
            match = None if is_folder else _NAME.fullmatch(name)
            if match is None or not name.startswith(f"{kind}-"):
                what = "this does not belong here: 'laurels issue' alone writes this folder"
                problems.append(Problem(f"{folder}/{name}", 0, "FIL001", what, "delete it"))
            else:
                problems += _check_file(root, f"{folder}/{match[1]}", match[2])
    return problems


def _check_file(root: Path, stem: str, suffix: str) -> list[Problem]:
    problems: list[Problem] = []
    file, max_bytes = f"{stem}.{suffix}", MAX_SVG_BYTES if suffix == "svg" else MAX_PICTURE_BYTES
    raw = read_regular_file(root, file, problems, max_bytes=max_bytes)
    if raw is None or _is_sound(root, stem, suffix, raw):
        return problems
    if _is_sound(root, stem, suffix, with_line_feeds(raw)):
        return [Problem(file, 0, "LED008", *OTHER_LINE_ENDINGS)]
    left = left_by_git(raw)
    if left:
        return [Problem(file, left[0], "LED008", *left[1:])]
    what = "this file is not what 'laurels issue' wrote under this name"
    return [Problem(file, 0, "LED008", what, _RESTORE)]


def _is_sound(root: Path, stem: str, suffix: str, raw: bytes) -> bool:
    if suffix == "png":
        return hashlib.sha256(raw).hexdigest().startswith(stem.rpartition("-")[2])
    if suffix == "source":
        return read_source(raw) is not None
    source = _source(root, stem)
    if source is not None and source != Source(hashlib.sha256(raw).hexdigest(), is_drawing=True):
        return False
    try:
        return reserialize_svg(raw) == raw
    except ArtworkError:
        return False


def _source(root: Path, stem: str) -> Source | None:
    raw = read_regular_file(root, f"{stem}.source", [], max_bytes=MAX_PICTURE_BYTES)
    return None if raw is None else read_source(raw)


def check_named(root: Path, pictures: Collection[str]) -> Iterator[Problem]:
    """A problem for each file that is gone of a picture that signatures name; of what is there, check_rendered has looked at each.

    pictures: paths below the site's root, of which the files lie in `rendered/`."""
    for path in sorted(pictures):
        folder, _, name = path.rpartition("/")
        if not (root / folder).is_dir():
            continue  # reported already: the folder is gone
        stem = f"{folder}/rendered/{name.removesuffix('.png')}"
        for file, fix in _missing(root, stem):
            yield Problem(file, 0, "LED008", "this picture is gone, and signed credentials name it", fix)


def _missing(root: Path, stem: str) -> Iterator[tuple[str, str]]:
    """(file, remedy) of each file of a picture that is not there."""

    def is_here(suffix: str) -> bool:
        return os.path.lexists(root / f"{stem}.{suffix}")

    if not is_here("png"):
        yield f"{stem}.png", _RESTORE
    # A short name is of an older site: its drawing has no .source, its PNG picture no drawing.
    is_short = len(stem.rpartition("-")[2]) == 8
    if is_short and not is_here("svg") and not is_here("source"):
        yield f"{stem}.svg", f"{_RESTORE}; if the artwork was a PNG picture, restore the file .source beside it"
    elif not is_short and not is_here("source"):
        beside = "" if is_here("svg") else ", with the file .svg beside it if there was one"
        yield f"{stem}.source", _RESTORE + beside
    elif is_here("source") and not is_here("svg") and (source := _source(root, stem)) and source.is_drawing:
        yield f"{stem}.svg", _RESTORE
