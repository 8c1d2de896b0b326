"""Pictures of drawings, and that no drawing can do more than fail: hostile ones are given past the re-serialiser on purpose."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from site_builder.issuing.transaction.images import RenderError, render_png
from tests.support import DRAWING

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100"'


def drawing(inner: str, *, attributes: str = "") -> bytes:
    return f"{HEAD} {attributes}>{inner}</svg>".encode()


def chunks_of(png: bytes) -> Iterator[str]:
    place = 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        yield png[place + 4 : place + 8].decode("ascii")
        place += length + 12
    assert place == len(png)


def nested(element: str, *, levels: int, fan: int) -> str:
    """Each level uses the one below it several times: fan to the power of levels parts."""
    parts = ['<defs><rect id="n0" width="90" height="90" fill="#0b5563" opacity="0.5"/>']
    for level in range(1, levels + 1):
        inner = f'<use xlink:href="#n{level - 1}" x="1" href="#n{level - 1}"/>' * fan
        parts.append(f'<{element} id="n{level}">{inner}</{element}>')
    return "".join(parts) + f'</defs><use href="#n{levels}" xlink:href="#n{levels}"/>'


def nested_patterns(levels: int) -> str:
    parts = ["<defs>"]
    for level in range(levels):
        fill = f"url(#p{level - 1})" if level else "#0b5563"
        rects = f'<rect width="50" height="50" fill="{fill}"/>' * 9
        parts.append(f'<pattern id="p{level}" width="0.01" height="0.01">{rects}</pattern>')
    return "".join(parts) + f'</defs><rect width="100" height="100" fill="url(#p{levels - 1})"/>'


def nested_masks(levels: int) -> str:
    parts = ["<defs>"]
    for level in range(levels):
        mask = f' mask="url(#m{level - 1})"' if level else ""
        parts.append(f'<mask id="m{level}">' + f'<rect width="100" height="100" fill="#fff"{mask}/>' * 6 + "</mask>")
    return "".join(parts) + f'</defs><rect width="100" height="100" mask="url(#m{levels - 1})"/>'


BOMBS = {
    "nested uses": drawing(nested("g", levels=9, fan=10)),
    "nested symbols": drawing(nested("symbol", levels=9, fan=10)),
    "nested patterns": drawing(nested_patterns(8)),
    "nested masks": drawing(nested_masks(8)),
    "a use of itself": drawing('<g id="a"><use href="#a" xlink:href="#a"/></g>'),
    "two uses of each other": drawing(
        '<g id="a"><use xlink:href="#b" href="#b"/></g><g id="b"><use xlink:href="#a" href="#a"/></g>'
    ),
    "a pattern of itself": drawing(
        '<pattern id="p" width="9" height="9"><rect width="9" height="9" fill="url(#p)"/></pattern>'
        '<rect width="90" height="90" fill="url(#p)"/>'
    ),
    "a mask of itself": drawing(
        '<mask id="m"><rect width="9" height="9" mask="url(#m)"/></mask><rect width="9" height="9" mask="url(#m)"/>'
    ),
    "a very high drawing": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1000000"><rect width="1" height="9"/></svg>',
    "a drawing nested 100,000 levels deep": drawing("<g>" * 100_000 + "</g>" * 100_000),
    "entities that multiply": (
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + f"]>{HEAD}><desc>&j;</desc></svg>"
    ).encode(),
    "not a drawing": b"\x00\x01\x02",
    "nothing": b"",
}
# These may be drawn or refused, as long as the limits hold.
HEAVY = {
    "a path of 10,000 points": drawing(
        '<path fill="none" stroke="#000" stroke-width="9" stroke-dasharray="0.01" d="M0 0'
        + "".join(f" L{n * 37 % 100} {n * 91 % 100}" for n in range(10_000))
        + '"/>'
    ),
    "a huge stroke": drawing('<path d="M0 0 L100 100" stroke="#000" stroke-width="1e30"/>'),
    "huge numbers": drawing('<rect x="-1e38" width="1e39" height="1e300" rx="1e308"/>'),
    "a dash of nothing": drawing('<path d="M0 0 L100 100" stroke="#000" stroke-dasharray="0 0"/>'),
    "a clip path of itself": drawing(
        '<clipPath id="c"><rect width="9" height="9" clip-path="url(#c)"/></clipPath><rect width="9" height="9" clip-path="url(#c)"/>'
    ),
    "a gradient of itself": drawing(
        '<linearGradient id="g" xlink:href="#g"/><rect width="9" height="9" fill="url(#g)"/>'
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_ends_within_its_limits(name: str) -> None:
    with pytest.raises(
        RenderError, match=r"^this drawing cannot be drawn( within 1 seconds and 1 GB of memory)?: (simplify|export) it"
    ):
        render_png(BOMBS[name], cpu_seconds=1)


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_drawing_is_drawn_or_refused(name: str) -> None:
    try:
        png = render_png(HEAVY[name], cpu_seconds=2)
    except RenderError:
        return
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (600, 600)


def child(code: str, *, svg: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Code that runs in a child process under the limits of drawings."""
    program = f"from site_builder.issuing.transaction.images import _limit\n_limit(1)\n{code}\nprint('went on')"
    return subprocess.run([sys.executable, "-I", "-c", program], input=svg, capture_output=True, check=False)


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "bytearray(2 * 1024 ** 3)",
        "import tempfile\nwith tempfile.TemporaryFile() as file: file.write(bytes(3 * 1024 ** 2))",
    ],
)
def test_limits_end_the_child_and_not_the_parent(code: str) -> None:
    ended = child(code)
    assert ended.returncode != 0 and b"went on" not in ended.stdout


def test_child_under_limits_can_work() -> None:
    assert child("bytearray(1024 ** 2)").stdout == b"went on\n"


def test_picture_is_600_pixels_square_and_says_nothing_but_the_picture() -> None:
    png = render_png(DRAWING.encode())
    with Image.open(io.BytesIO(png)) as picture:
        assert (picture.format, picture.size) == ("PNG", (600, 600))
        # One step of each colour may be lost where 256 colours are enough.
        inside = picture.convert("RGBA").getpixel((300, 300))
        assert isinstance(inside, tuple)
        assert all(abs(found - drawn) <= 1 for found, drawn in zip(inside, (11, 85, 99, 255), strict=True))
        assert picture.convert("RGBA").getpixel((1, 1)) == (0, 0, 0, 0)
    assert set(chunks_of(png)) <= {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}


@pytest.mark.parametrize("box", ["0 0 100 20", "0 0 20 100"])
def test_picture_of_a_drawing_that_is_not_square_is_square(box: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><rect width="100" height="100" fill="#f00"/></svg>'
    with Image.open(io.BytesIO(render_png(svg.encode()))) as picture:
        shown = picture.convert("RGBA")
        assert shown.size == (600, 600)
        assert shown.getpixel((300, 300)) == (255, 0, 0, 255) and shown.getpixel((1, 1)) == (0, 0, 0, 0)


def test_gradients_keep_their_colours_and_have_no_chunks_of_text_either() -> None:
    stops = '<stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#00f"/>'
    png = render_png(
        drawing(f'<linearGradient id="g">{stops}</linearGradient><rect width="100" height="100" fill="url(#g)"/>')
    )
    assert set(chunks_of(png)) <= {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}
    assert len(png) < 2 * 1_048_576


def test_same_drawing_gives_the_same_bytes() -> None:
    assert render_png(DRAWING.encode()) == render_png(DRAWING.encode())


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_nothing_outside_of_the_drawing_is_read(tmp_path: Path, scheme: str) -> None:
    red = tmp_path / "red.png"
    Image.new("RGB", (10, 10), (255, 0, 0)).save(red)
    inner = f'<image xlink:href="{scheme}{red}" href="{scheme}{red}" width="100" height="100"/>'
    try:
        png = render_png(drawing(inner))
    except RenderError:
        return
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.convert("RGBA").getpixel((300, 300)) == (0, 0, 0, 0)


def test_folder_and_environment_decide_nothing_of_what_the_child_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cairosvg.py", "sitecustomize.py", "PIL.py"):
        (tmp_path / name).write_text("raise SystemExit('taken over')\n", "ascii")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert render_png(DRAWING.encode()).startswith(b"\x89PNG")
