"""Stored renderings: each picture that was ever signed, named by what it holds, and kept for ever.

Beside it lies what it was made from: a drawing itself, which is published too, or of a PNG picture the digest alone (.source), since the
picture that was sent is not published. So a rendering is found again, and nothing is rendered or stored twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from site_builder.records.artwork.png import is_png

__all__ = ["Rendering", "find_rendering", "source_file", "source_text"]


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
        picture = source.with_suffix(".png")
        # A FIFO would hang the run, and a link could publish something from another place.
        if not all(path.is_file() and not path.is_symlink() for path in (source, picture)):
            continue
        if source.read_bytes() == wanted:
            found = Rendering(artwork, picture.read_bytes())
            if picture.name == f"{kind}-{found.digest}.png":
                return found
    return None
