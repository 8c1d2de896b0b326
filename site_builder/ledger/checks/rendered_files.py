"""The folders `rendered/`: nothing lies there but what `issue` put there, and what it is yet to draw can be drawn whole.

Drawings and pictures in them are published."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from site_builder.encoding import is_png
from site_builder.errors import Problem
from site_builder.ledger.store.renderings import MAX_PICTURE_BYTES, artworks
from site_builder.records.artwork.png import artwork_file
from site_builder.records.artwork.png_samples import check_samples
from site_builder.records.artwork.svg import MAX_SVG_BYTES, ArtworkError, reserialize_svg
from site_builder.records.formats.regular_files import list_folder, read_regular_file
from site_builder.records.load.repository import Repository

__all__ = ["check_rendered", "check_undrawn"]

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
            elif not _is_sound(root, f"{folder}/{name}", digest=match[2], problems=problems):
                what = "this file is not what 'laurels issue' wrote under this name"
                problems.append(Problem(f"{folder}/{name}", 0, "LED008", what, "restore it from git"))
    return problems


def check_undrawn(repository: Repository, drawn: Collection[str]) -> Iterator[Problem]:
    """A problem for each picture that `issue` would draw and that is damaged. drawn: folders whose artwork has a stored rendering.

    What was drawn once is not looked at again: a picture of 4,096 by 4,096 takes half a second."""
    for folder, kind, artwork in artworks(repository):
        if folder not in drawn and is_png(artwork):
            try:
                check_samples(artwork)
            except ArtworkError as error:
                yield Problem(f"{folder}/{artwork_file(kind, artwork)}", 0, error.code, error.what, error.fix)


def _is_sound(root: Path, file: str, *, digest: str, problems: list[Problem]) -> bool:
    raw = read_regular_file(
        root, file, problems, max_bytes=MAX_SVG_BYTES if file.endswith("svg") else MAX_PICTURE_BYTES
    )
    if raw is None:
        return True  # reported already
    if file.endswith("png"):
        return hashlib.sha256(raw).hexdigest().startswith(digest)
    if file.endswith("source"):
        return _SOURCE.fullmatch(raw) is not None
    try:
        return reserialize_svg(raw) == raw
    except ArtworkError:
        return False
