"""Stored renderings: beside each drawing that was ever signed lies its picture, named by what it holds, and kept for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Rendering", "find_rendering"]


@dataclass(frozen=True)
class Rendering:
    """A drawing and its picture, both as they are stored and published."""

    svg: bytes
    png: bytes

    @property
    def digest(self) -> str:
        """First 8 hex digits of the picture's SHA-256: part of its address."""
        return hashlib.sha256(self.png).hexdigest()[:8]


def find_rendering(folder: Path, kind: str, svg: bytes) -> Rendering | None:
    """The stored rendering of exactly this drawing. folder: …/rendered; kind: `image` or `logo`."""
    if folder.is_symlink():
        return None
    for drawing in sorted(folder.glob(f"{kind}-????????.svg")):
        picture = drawing.with_suffix(".png")
        # A FIFO would hang the run, and a link could publish something from another place.
        if not all(path.is_file() and not path.is_symlink() for path in (drawing, picture)):
            continue
        if drawing.read_bytes() == svg:
            found = Rendering(svg, picture.read_bytes())
            if picture.name == f"{kind}-{found.digest}.png":
                return found
    return None
