"""Repositories whose artwork was rendered before, so that a test of something else need not start a child process for each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from site_builder.encoding import is_png
from site_builder.issuing.transaction.images import render_png
from site_builder.ledger.store.renderings import Rendering, source_file, source_text
from site_builder.records.artwork.png import reserialize_png
from site_builder.records.artwork.svg import reserialize_svg
from tests.support import BASE, write_repository

__all__ = ["place_rendering", "write_drawn_repository"]


def write_drawn_repository(root: Path, *, files: Mapping[str, str] | None = None, base: str = BASE) -> Path:
    """As write_repository, and beside each drawing lies its picture."""
    write_repository(root, files=files, base=base)
    for drawing in [*root.glob("badges/*/image.svg"), *root.glob("issuers/*/logo.svg")]:
        place_rendering(drawing)
    return root


def place_rendering(drawing: Path) -> None:
    """Puts the picture of a drawing or of a PNG where `issue` would put it."""
    rendering = _draw(drawing.read_bytes())
    folder = drawing.with_name("rendered")
    folder.mkdir(exist_ok=True)
    (folder / f"{drawing.stem}-{rendering.digest}.png").write_bytes(rendering.png)
    name = source_file(rendering.artwork, drawing.stem, rendering.digest)
    (folder / name).write_bytes(source_text(rendering.artwork))


@cache
def _draw(raw: bytes) -> Rendering:
    artwork = reserialize_png(raw) if is_png(raw) else reserialize_svg(raw)
    return Rendering(artwork, render_png(artwork))
