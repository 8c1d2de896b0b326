"""The pictures in the README and the manual, taken anew from the demo: python -m scripts.manual_pictures."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from scripts.pictures import LOAD_PICTURES
from tests.demo_site import HOST, ROOT, DemoSite, demo_site

FOLDER = ROOT / "content" / "pages" / "manual"
COLOURS = 128


def main() -> None:
    """Writes each picture and its size."""
    with tempfile.TemporaryDirectory() as scratch, demo_site(Path(scratch)) as demo:
        everything = demo.kinds["credential with everything"]
        _save("credential-page", _screen(demo, demo.kinds["credential"], width_px=1280, height_px=840))
        _save("credential-phone", _screen(demo, everything, width_px=360, height_px=740, dark=True))
        _save("certificate", _certificate(demo, everything))
        _save("achievement-page", _screen(demo, "badges/code-review/", width_px=1280, height_px=940))
        _save("catalogue-page", _screen(demo, "badges/", width_px=1280, height_px=940))
        _save("verify-page", _verified(demo, everything))


def _save(name: str, png: bytes) -> None:
    """Writes a picture in few colours: flat drawings and type lose nothing that anybody sees."""
    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}.png", optimize=True)
    print(f"{name}.png: {(FOLDER / f'{name}.png').stat().st_size:,} bytes")


def _screen(demo: DemoSite, path: str, *, width_px: int, height_px: int, dark: bool = False) -> bytes:
    with demo.page(path, width_px=width_px, dark=dark) as page:
        page.set_viewport_size({"width": width_px, "height": height_px})
        page.evaluate(LOAD_PICTURES)
        return bytes(page.screenshot())


def _certificate(demo: DemoSite, path: str) -> bytes:
    with demo.page(path) as page, tempfile.TemporaryDirectory() as scratch:
        page.evaluate(LOAD_PICTURES)
        page.pdf(path=f"{scratch}/page.pdf", format="A4", print_background=True)
        command = ["pdftoppm", "-png", "-r", "84", "-singlefile", f"{scratch}/page.pdf", f"{scratch}/page"]
        subprocess.run(command, check=True)  # noqa: S603
        return Path(f"{scratch}/page.png").read_bytes()


def _verified(demo: DemoSite, path: str) -> bytes:
    """The verifier with its answer on a credential whose address was pasted."""
    with demo.page("verify/") as page:
        page.fill("#text", f"https://{HOST}/{path}")
        page.click("#text-form button")
        page.wait_for_selector("#verdict:not([data-verdict=none])")
        page.set_viewport_size({"width": 1280, "height": 1180})
        page.evaluate("window.scrollTo(0, 0)")
        return bytes(page.screenshot())


if __name__ == "__main__":
    main()
