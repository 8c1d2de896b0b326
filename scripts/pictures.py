"""Pictures of every kind of page of the demo, for people to look at: python -m scripts.pictures [FOLDER] (make pictures).

Writes one PNG for each page, width and scheme, what comes out of a printer on A4 and Letter, and sheets with all of them side by
side, into build/pictures or FOLDER. Needs Chromium and poppler's pdftoppm."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from tests.demo_site import DemoSite, demo_site

WIDTHS_PX = (360, 768, 1280)
PAPERS = ("A4", "Letter")
# Of a long page the sheets show the beginning.
SHEET_HEIGHT_PX, MAX_HEIGHT_PX, MARGIN_PX = 900, 2400, 24


def main() -> None:
    """Takes the pictures and says where they are."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, demo_site(Path(scratch)) as demo:
        for kind, path in demo.kinds.items():
            name = kind.replace(" ", "-")
            shots = [*_screens(demo, path, folder / name), *_prints(demo, path, folder / name, kind)]
            _sheet(shots, folder / f"sheet-{name}.png")
            print(f"{kind}: {folder}/sheet-{name}.png")


def _screens(demo: DemoSite, path: str, stem: Path) -> Iterator[Path]:
    for dark in (False, True):
        for width in WIDTHS_PX:
            file = stem.with_name(f"{stem.name}-{width}-{'dark' if dark else 'light'}.png")
            with demo.page(path, width_px=width, dark=dark) as page:
                page.evaluate(LOAD_PICTURES)
                page.screenshot(path=file, full_page=True)
            yield file


# A picture of a whole page is taken without scrolling, which is what loads the pictures below.
LOAD_PICTURES = """Promise.all([...document.images].map(image => { image.loading = "eager"; return image.decode().catch(() => {}); }))"""


def _prints(demo: DemoSite, path: str, stem: Path, kind: str) -> Iterator[Path]:
    """What a printer makes of a credential: each sheet of paper one picture."""
    for paper in PAPERS if kind.startswith("credential") else ():
        with demo.page(path) as page, tempfile.TemporaryDirectory() as scratch:
            page.pdf(path=f"{scratch}/page.pdf", format=paper, print_background=True, prefer_css_page_size=False)
            out = stem.with_name(f"{stem.name}-print-{paper.lower()}")
            for old in stem.parent.glob(f"{out.name}-*.png"):
                old.unlink()
            subprocess.run(["pdftoppm", "-png", "-r", "96", f"{scratch}/page.pdf", out], check=True)  # noqa: S603, S607
        yield from sorted(stem.parent.glob(f"{out.name}-*.png"))


def _sheet(shots: list[Path], out: Path) -> None:
    """All pictures of one page in a row, with what each is written above it."""
    pictures = []
    for shot in shots:
        with Image.open(shot) as opened:
            shown = opened.convert("RGB").crop((0, 0, opened.width, min(opened.height, MAX_HEIGHT_PX)))
            shown.thumbnail((10_000, SHEET_HEIGHT_PX))
            pictures.append((shot.stem, shown))
    width = sum(picture.width + MARGIN_PX for _, picture in pictures) + MARGIN_PX
    sheet = Image.new("RGB", (width, SHEET_HEIGHT_PX + 3 * MARGIN_PX), "#8a8a8a")
    left = MARGIN_PX
    for label, picture in pictures:
        ImageDraw.Draw(sheet).text((left, MARGIN_PX // 2), label, fill="#ffffff")
        sheet.paste(picture, (left, 2 * MARGIN_PX))
        left += picture.width + MARGIN_PX
    sheet.save(out)


if __name__ == "__main__":
    main()
