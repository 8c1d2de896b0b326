"""Draws content/pages/manual/rosette.png: the rosettes of two credentials that differ in one letter. Needs no network.

Run from the root of the repository: .venv/bin/python scripts/picture-rosette.py"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import cairosvg
from PIL import Image

from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "content" / "pages" / "manual" / "rosette.png"
PAPER = (252, 250, 245)
SIDE_PX = 340


def ada() -> dict[str, Any]:
    """The demo's first credential that names Ada Lovelace."""
    for file in sorted(ROOT.glob("content/signed/*/*/credential.json")):
        document: dict[str, Any] = json.loads(file.read_bytes())
        if document["credentialSubject"]["identifier"][0]["identityHash"] == "Ada Lovelace":
            return document
    raise SystemExit("the demo has no credential for Ada Lovelace")


def drawn(document: dict[str, Any]) -> Image.Image:
    """Its rosette on paper."""
    png = cairosvg.svg2png(
        bytestring=rosette_svg(rosette_digest(document)), output_width=2 * SIDE_PX, output_height=2 * SIDE_PX
    )
    with Image.open(io.BytesIO(png)) as image:
        paper = Image.new("RGB", image.size, PAPER)
        paper.paste(image, mask=image.getchannel("A"))
    return paper.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)


def main() -> None:
    sound, changed = ada(), ada()
    changed["credentialSubject"]["identifier"][0]["identityHash"] = "Ada Lovelase"
    both = Image.new("RGB", (2 * SIDE_PX + 60, SIDE_PX + 40), PAPER)
    both.paste(drawn(sound), (20, 20))
    both.paste(drawn(changed), (SIDE_PX + 40, 20))
    both.quantize(7, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
