"""A credential's address as a QR code, drawn as SVG: for the printed page. It never carries a match key."""

from __future__ import annotations

import re
from functools import cache

from site_builder.credentials.qr_symbol import symbol_of
from site_builder.encoding import are_fast_roads_open

__all__ = ["MASK", "is_qr_of", "qr_svg"]

# Of addresses of several sites this one comes nearest to the fewest penalty points, on average (727 points; the best of eight for
# each: 711; the next mask: 819; ISO/IEC 18004, 7.8.3). Every reader takes any mask; looking for the best took six milliseconds.
MASK = 2
_QUIET_MODULES = 4  # ISO/IEC 18004, 9.1
# No address of a site is longer, and no code could hold much more.
_MOST_BYTES = 2_000


def qr_svg(text: str, *, mask: int = MASK) -> bytes:
    """An SVG of one path: a square for each run of dark modules, on white. mask: the number of the mask pattern, 0 to 7."""
    quick = _quick_path(text, mask) if are_fast_roads_open() else None
    size, path = quick or _path(text, mask)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path d="{path}"/></svg>\n'
    ).encode("ascii")


def _path(text: str, mask: int) -> tuple[int, str]:
    """Modules on a side with the quiet zone, and the path, of any text."""
    # Here, since almost no process needs it.
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET_MODULES, mask_pattern=mask)
    code.add_data(text)
    rows = code.get_matrix()
    runs = ((start, y, length) for y, row in enumerate(rows) for start, length in _runs(row))
    return len(rows), "".join(f"M{start} {y}h{length}v1h-{length}z" for start, y, length in runs)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((x, 1))
    return runs


def _quick_path(text: str, mask: int) -> tuple[int, str] | None:
    """As _path, for an address; None for what symbol_of does not know."""
    found = symbol_of(text, mask)
    if not found:
        return None
    modules, symbol = found
    width, pieces = symbol.stride // 8, []
    part = _part(0, 0, width)
    for byte in modules.to_bytes(symbol.size * width, "big"):
        piece, part = part[byte]
        pieces.append(piece)
    rows = "".join(pieces).split("\n")
    path = "".join([row.replace("y", y) for row, y in zip(rows, _LINES, strict=False)])
    return symbol.size + 2 * _QUIET_MODULES, path


_LINES = [str(y + _QUIET_MODULES) for y in range(64)]


class _Part(dict[int, tuple[str, "_Part"]]):
    """Eight modules of a row: by their bits, the path of the runs that end there, with y for the row, and the next eight.

    at: of how many eights they are in a row of so many. dark: how many modules of a run are before them. The path of a row ends
    with a line feed. Each is worked out once and then found again: a code has some 200 of them."""

    def __init__(self, at: int, dark: int, width: int) -> None:
        self._at, self._dark, self._width = at, dark, width

    def __missing__(self, byte: int) -> tuple[str, _Part]:
        path, dark, column = "", self._dark, 8 * self._at + _QUIET_MODULES
        for bit in range(8):
            if byte << bit & 0x80:
                dark += 1
            elif dark:
                path += f"M{column + bit - dark} yh{dark}v1h-{dark}z"
                dark = 0
        is_last = self._at == self._width - 1
        following = _part(0, 0, self._width) if is_last else _part(self._at + 1, dark, self._width)
        self[byte] = found = path + ("\n" if is_last else ""), following
        return found


@cache
def _part(at: int, dark: int, width: int) -> _Part:
    return _Part(at, dark, width)


def is_qr_of(svg: bytes, text: str) -> bool:
    """Whether a drawing is what qr_svg makes of a text, by the mask pattern that it names: with any of them, the code says the same."""
    if len(text.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
        return False
    return svg == qr_svg(text) or (_mask_of(svg) != MASK and svg == qr_svg(text, mask=_mask_of(svg)))


# Row 8 of the code holds its format; columns 2 to 4 of it are the number of the mask pattern, with 101 added to it.
# Source: ISO/IEC 18004, 7.9 (format information).
_FORMAT_RUN = re.compile(rb"M(\d{1,3}) %dh(\d{1,3})v" % (_QUIET_MODULES + 8))
_MASK_COLUMNS = tuple(_QUIET_MODULES + column for column in (2, 3, 4))


def _mask_of(svg: bytes) -> int:
    runs = [(int(start), int(length)) for start, length in _FORMAT_RUN.findall(svg)]
    bits = (any(start <= column < start + length for start, length in runs) for column in _MASK_COLUMNS)
    return int("".join(str(int(bit)) for bit in bits), 2) ^ 0b101
