"""Stored renderings: each picture that was ever signed, named by what it holds, and kept for ever.

In `rendered/` lies ``image-<digest>.png``, which signatures name; the drawing that it was made from, ``image-<digest>.svg``, which is
published too, unless that was a PNG picture; and ``image-<digest>.source``, the SHA-256 of that artwork: so a picture is found again, and
nobody can exchange the drawing alone. The digest is 32 hex digits. Older sites have pictures with 8, which are read and published for ever;
beside their drawings lies no .source."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from site_builder.credentials.urls import PICTURE_DIGEST
from site_builder.encoding import is_png
from site_builder.records.formats.regular_files import read_regular_file
from site_builder.records.load.repository import Repository

__all__ = [
    "MAX_PICTURE_BYTES",
    "STEM",
    "Rendering",
    "Source",
    "artworks",
    "find_rendering",
    "find_renderings",
    "read_source",
    "render",
    "stored_files",
]

MAX_PICTURE_BYTES = 16 * 1_048_576
_DIGITS = 32

# The name of a picture without its suffix.
STEM = f"(?:image|logo)-{PICTURE_DIGEST}"

_LINE = re.compile(rb"([0-9a-f]{64})(?:  (?:image|logo)\.(svg|png))?\n")


@dataclass(frozen=True)
class Rendering:
    """Artwork as it was re-serialised, a drawing or a PNG picture, and the picture of it that is stored and published.

    digest: the first hex digits of the picture's SHA-256, as they stand in its address."""

    artwork: bytes
    png: bytes
    digest: str


@dataclass(frozen=True)
class Source:
    """What a file .source says: the SHA-256 of the artwork in hex, and whether that is a drawing."""

    sha256: str
    is_drawing: bool


def render(artwork: bytes, png: bytes) -> Rendering:
    """The rendering that png, just drawn, is of the artwork."""
    return Rendering(artwork, png, hashlib.sha256(png).hexdigest()[:_DIGITS])


def stored_files(rendering: Rendering, kind: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of a rendering, in the order in which they are to be written. kind: `image` or `logo`."""
    artwork, stem = rendering.artwork, f"{kind}-{rendering.digest}"
    yield f"{stem}.png", rendering.png
    if not is_png(artwork):
        yield f"{stem}.svg", artwork
    yield f"{stem}.source", _source_line(artwork, kind)


def _source_line(artwork: bytes, kind: str) -> bytes:
    """The line as sha256sum writes it."""
    return f"{hashlib.sha256(artwork).hexdigest()}  {kind}.{'png' if is_png(artwork) else 'svg'}\n".encode("ascii")


def read_source(raw: bytes) -> Source | None:
    """What a file .source says; None for one that `issue` never wrote. Older lines, always of a PNG picture, name no file."""
    found = _LINE.fullmatch(raw)
    return Source(found[1].decode("ascii"), found[2] == b"svg") if found else None


def find_rendering(folder: Path, names: Collection[str], artwork: bytes) -> Rendering | None:
    """The stored rendering of exactly this artwork. folder: …/rendered; names: of the files among which it is looked for."""
    if folder.is_symlink():
        return None
    # Those with a long name first: a short one could be brought about.
    for name in sorted(names, key=lambda name: (-len(name), name)):
        stem = name.removesuffix(".png")
        if not _is_made_from(folder, stem, artwork):
            continue
        png = _read(folder, name)
        digest = stem.partition("-")[2]
        if png is not None and hashlib.sha256(png).hexdigest().startswith(digest):
            return Rendering(artwork, png, digest)
    return None


def artworks(repository: Repository) -> list[tuple[str, str, bytes]]:
    """(folder of its achievement or issuer, `image` or `logo`, artwork) of all artwork of today."""
    found = [(f"badges/{slug}", "image", badge.artwork) for slug, badge in repository.badges.items()]
    logos = [(f"issuers/{slug}", "logo", issuer.logo) for slug, issuer in repository.issuers.items()]
    return found + [(folder, kind, logo) for folder, kind, logo in logos if logo]


def _is_made_from(folder: Path, stem: str, artwork: bytes) -> bool:
    drawing = None if is_png(artwork) else _read(folder, f"{stem}.svg")
    if not is_png(artwork) and drawing != artwork:
        return False
    line = _read(folder, f"{stem}.source")
    if line is None:
        return drawing is not None and len(stem.partition("-")[2]) < _DIGITS
    source = read_source(line)
    return source == Source(hashlib.sha256(artwork).hexdigest(), not is_png(artwork))


def _read(folder: Path, name: str) -> bytes | None:
    # A FIFO would hang the run, and a link could publish something from another place.
    return read_regular_file(folder, name, [], max_bytes=MAX_PICTURE_BYTES)


def find_renderings(repository: Repository, pictures: Collection[str]) -> dict[str, Rendering]:
    """The stored renderings of the artwork of today, by the folder of its achievement or issuer: ``badges/knots``.

    pictures: paths of those that signatures name. Nothing else is taken for a rendering: anybody could have put it there."""
    names: dict[str, list[str]] = {}
    for path in pictures:
        folder, _, name = path.rpartition("/")
        names.setdefault(folder, []).append(name)
    found = {
        folder: find_rendering(repository.root / folder / "rendered", names[folder], artwork)
        for folder, _, artwork in artworks(repository)
        if folder in names
    }
    return {folder: rendering for folder, rendering in found.items() if rendering}
