"""Draws content/pages/manual/rosette.png: the rosettes of two credentials that differ in one letter. Needs no network.

Run from the root of the repository: .venv/bin/python scripts/picture-rosette.py"""

from __future__ import annotations

import io
from pathlib import Path

import cairosvg
from PIL import Image

from site_builder.credentials.openbadges3.read import recipient_name_of
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg
from site_builder.encoding import parse_json

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "content" / "pages" / "manual" / "rosette.png"
PAPER = (252, 250, 245)
SIDE_PX = 340


NAME, OTHER_NAME = "Ada Lovelace", "Ada Lovelase"


def credential_of(name: str) -> bytes:
    """The demo's first credential that names this recipient."""
    for file in sorted(ROOT.glob("content/signed/*/*/credential.json")):
        raw = file.read_bytes()
        if recipient_name_of(parse_json(raw)) == name:
            return raw
    raise SystemExit(f"the demo has no credential for {name}")


def drawn(raw: bytes) -> Image.Image:
    """The rosette of a credential, on paper."""
    png = cairosvg.svg2png(
        bytestring=rosette_svg(rosette_digest(parse_json(raw))), output_width=2 * SIDE_PX, output_height=2 * SIDE_PX
    )
    with Image.open(io.BytesIO(png)) as image:
        paper = Image.new("RGB", image.size, PAPER)
        paper.paste(image, mask=image.getchannel("A"))
    return paper.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)


def main() -> None:
    sound = credential_of(NAME)
    changed = sound.replace(NAME.encode(), OTHER_NAME.encode())
    both = Image.new("RGB", (2 * SIDE_PX + 60, SIDE_PX + 40), PAPER)
    both.paste(drawn(sound), (20, 20))
    both.paste(drawn(changed), (SIDE_PX + 40, 20))
    both.quantize(7, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
