"""Pictures of artwork: CairoSVG and Pillow, in a child process with limits, so that a hostile one costs ten seconds at most.

Drawings and PNG pictures were re-serialised before (records.artwork.svg, records.artwork.png); the limits are the second wall."""

from __future__ import annotations

import contextlib
import resource
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from site_builder.encoding import is_png
from site_builder.errors import Error
from site_builder.ledger.history.git import environment_without_keys
from site_builder.records.artwork.png_samples import check_samples

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["RenderError", "render_png"]

WIDTH_PX = 600
_MAX_SIDE_PX = 4_096
_CPU_SECONDS = 10
_WALL_SECONDS = 30
_MEMORY_BYTES = 1_073_741_824
_MAX_PNG_BYTES = 2 * 1_048_576
_NO_CAIRO, _NO_MEMORY = 3, 4
_HOW_TO_GET_CAIRO = (
    "install it with 'apt-get install libcairo2' on Debian, 'dnf install cairo' on Fedora, 'brew install cairo' on macOS; "
    "on Windows, Laurels runs in WSL, as on Debian"
)


class RenderError(Error):
    """Artwork that could not be turned into a picture."""


def render_png(artwork: bytes, *, cpu_seconds: int = _CPU_SECONDS) -> bytes:
    """A square PNG, 600 px wide, of re-serialised artwork: a drawing or a PNG picture. Raises RenderError."""
    # -I: neither the current folder nor the environment decides what the child imports.
    command = [sys.executable, "-I", "-m", "site_builder.issuing.transaction.images", str(cpu_seconds)]
    try:
        child = subprocess.run(  # noqa: S603
            command,
            input=artwork,
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
            env=environment_without_keys(),
        )
    except subprocess.TimeoutExpired:
        raise RenderError("this artwork takes too long to draw: simplify it") from None
    if child.returncode == _NO_CAIRO:
        raise RenderError(f"the library libcairo is missing: {_HOW_TO_GET_CAIRO}")
    if child.returncode != 0 or not is_png(child.stdout) or len(child.stdout) > _MAX_PNG_BYTES:
        raise RenderError(_why_not(child.returncode, artwork, cpu_seconds))
    return child.stdout


def _why_not(code: int, artwork: bytes, cpu_seconds: int) -> str:
    """Why a child gave no picture, and what to do. code: that it ended with, below zero when a limit ended it."""
    if code < 0 or code == _NO_MEMORY:
        limits = f"within {cpu_seconds} seconds and 1 GB of memory"
        if is_png(artwork):
            return f"this picture cannot be read {limits}: save it again as PNG, 600 by 600"
        return f"this drawing cannot be drawn {limits}: simplify it"
    if is_png(artwork):
        return "this picture cannot be decoded: copy it anew from where it came, or export it again as PNG, 600 by 600"
    return "this drawing cannot be drawn: export it again as plain SVG, or as a PNG picture of 1,000 by 1,000"


def _limit(cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_PNG_BYTES, _MAX_PNG_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextlib.contextmanager
def _without_cairo_exits() -> Iterator[None]:
    try:
        yield
    except (ImportError, OSError):
        sys.exit(_NO_CAIRO)


@contextlib.contextmanager
def _limits_exit() -> Iterator[None]:
    try:
        yield
    except MemoryError:
        sys.exit(_NO_MEMORY)


def _draw_in_child() -> None:
    """Reads artwork from standard input and writes a PNG to standard output."""
    artwork = sys.stdin.buffer.read()
    _limit(int(sys.argv[1]))
    with _limits_exit():
        _write_picture(artwork)


def _write_picture(artwork: bytes) -> None:
    import io

    picture = _read(artwork) if is_png(artwork) else _draw(artwork)
    from PIL import Image

    square = Image.new("RGBA", (WIDTH_PX, WIDTH_PX), (0, 0, 0, 0))
    square.paste(picture, ((WIDTH_PX - picture.width) // 2, (WIDTH_PX - picture.height) // 2))
    stored = io.BytesIO()
    _with_palette(square).save(stored, "PNG", optimize=True)
    sys.stdout.buffer.write(stored.getvalue())


def _draw(svg: bytes) -> Image.Image:
    """A drawing, 600 px wide, or as high if it is higher than wide."""
    import io

    with _without_cairo_exits():
        import cairosvg
    from PIL import Image

    drawn = cairosvg.svg2png(bytestring=svg, output_width=WIDTH_PX, unsafe=False)
    with Image.open(io.BytesIO(drawn)) as picture:
        if max(picture.size) > 5 * WIDTH_PX:
            sys.exit(1)
        picture.thumbnail((WIDTH_PX, WIDTH_PX))
        return picture.copy()


def _read(png: bytes) -> Image.Image:
    """A PNG picture, decoded, eight bits a sample, made to fit into 600 by 600."""
    import io

    from PIL import Image, ImageOps

    check_samples(png)  # Pillow leaves empty what is missing
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        if max(picture.size) > _MAX_SIDE_PX or getattr(picture, "n_frames", 1) != 1:
            sys.exit(1)
        return ImageOps.contain(_eight_bits(picture), (WIDTH_PX, WIDTH_PX), Image.Resampling.LANCZOS)


def _eight_bits(picture: Image.Image) -> Image.Image:
    # Pillow reads grey of 16 bits as it is, and would cut off all that is brighter than 255.
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    return picture.convert("RGBA")


def _with_palette(picture: Image.Image) -> Image.Image:
    """The picture in 256 colours when nobody can see it (flat drawings, a quarter of the bytes), else as it is (gradients)."""
    from PIL import Image, ImageChops, ImageStat

    small = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # The quantiser averages, so that what was opaque may come out at 254 of 255.
    colours = small.getpalette("RGBA") or []
    small.putpalette([255 if place % 4 == 3 and value >= 253 else value for place, value in enumerate(colours)], "RGBA")
    difference = ImageStat.Stat(ImageChops.difference(picture, small.convert("RGBA")))
    return small if max(difference.mean) < 1.0 else picture


if __name__ == "__main__":
    _draw_in_child()
