"""Stored renderings: each picture that was ever signed, named by what it holds, and kept for ever.

Beside it lies what it was made from: a drawing itself, which is published too, or of a PNG picture the digest alone (.source), since the
picture that was sent is not published. So a rendering is found again, and nothing is rendered or stored twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from site_builder.encoding import is_png
from site_builder.records.formats.regular_files import read_regular_file
from site_builder.records.load.repository import Repository

__all__ = [
    "MAX_PICTURE_BYTES",
    "Rendering",
    "artworks",
    "find_rendering",
    "find_renderings",
    "source_file",
    "source_text",
]

MAX_PICTURE_BYTES = 16 * 1_048_576


@dataclass(frozen=True)
class Rendering:
    """Artwork as it was re-serialised, a drawing or a PNG picture, and the picture of it that is stored and published."""

    artwork: bytes
    png: bytes

    @property
    def digest(self) -> str:
        """First 8 hex digits of the picture's SHA-256: part of its address."""
        return hashlib.sha256(self.png).hexdigest()[:8]


def source_text(artwork: bytes) -> bytes:
    """What is stored of artwork beside its picture: a drawing as it is, of a PNG picture its SHA-256 as a line of hex."""
    return hashlib.sha256(artwork).hexdigest().encode("ascii") + b"\n" if is_png(artwork) else artwork


def source_file(artwork: bytes, kind: str, digest: str) -> str:
    """The name under which that is stored. kind: `image` or `logo`; digest: of the picture."""
    return f"{kind}-{digest}.{'source' if is_png(artwork) else 'svg'}"


def find_rendering(folder: Path, kind: str, artwork: bytes) -> Rendering | None:
    """The stored rendering of exactly this artwork. folder: …/rendered; kind: `image` or `logo`."""
    if folder.is_symlink():
        return None
    wanted = source_text(artwork)
    for source in sorted(folder.glob(source_file(artwork, kind, "????????"))):
        # A FIFO would hang the run, and a link could publish something from another place.
        if read_regular_file(folder, source.name, [], max_bytes=len(wanted)) != wanted:
            continue
        picture = source.with_suffix(".png").name
        png = read_regular_file(folder, picture, [], max_bytes=MAX_PICTURE_BYTES)
        if png is not None and picture == f"{kind}-{Rendering(artwork, png).digest}.png":
            return Rendering(artwork, png)
    return None


def artworks(repository: Repository) -> list[tuple[str, str, bytes]]:
    """(folder of its achievement or issuer, `image` or `logo`, artwork) of all artwork of today."""
    found = [(f"badges/{slug}", "image", badge.artwork) for slug, badge in repository.badges.items()]
    logos = [(f"issuers/{slug}", "logo", issuer.logo) for slug, issuer in repository.issuers.items()]
    return found + [(folder, kind, logo) for folder, kind, logo in logos if logo]


def find_renderings(repository: Repository) -> dict[str, Rendering]:
    """The stored renderings of the artwork of today, by the folder of its achievement or issuer: ``badges/knots``."""
    found = {
        folder: find_rendering(repository.root / folder / "rendered", kind, artwork)
        for folder, kind, artwork in artworks(repository)
    }
    return {folder: rendering for folder, rendering in found.items() if rendering}
