"""A credential's address as a QR code, drawn as SVG: for the printed page. It never carries a match key."""

from __future__ import annotations

import re

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

__all__ = ["is_qr_of", "qr_svg"]

_QUIET_MODULES = 4  # ISO/IEC 18004, 9.1
# No address of a site is longer, and no code could hold much more.
_MOST_BYTES = 2_000


def qr_svg(text: str, *, mask: int | None = None) -> bytes:
    """An SVG of one path: a square for each run of dark modules, on white.

    mask: the number of the mask pattern, 0 to 7; None looks for the best one, which takes five times as long."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET_MODULES, mask_pattern=mask)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(row))
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path d="{path}"/></svg>\n'
    ).encode("ascii")


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((x, 1))
    return runs


def is_qr_of(svg: bytes, text: str) -> bool:
    """Whether a drawing is what qr_svg makes of a text, by the mask pattern that it names: with any of them, the code says the same."""
    return len(text.encode("utf-8", "surrogatepass")) <= _MOST_BYTES and svg == qr_svg(text, mask=_mask_of(svg))


# Row 8 of the code holds its format; columns 2 to 4 of it are the number of the mask pattern, with 101 added to it.
# Source: ISO/IEC 18004, 7.9 (format information).
_FORMAT_RUN = re.compile(rb"M(\d{1,3}) %dh(\d{1,3})v" % (_QUIET_MODULES + 8))
_MASK_COLUMNS = tuple(_QUIET_MODULES + column for column in (2, 3, 4))


def _mask_of(svg: bytes) -> int:
    runs = [(int(start), int(length)) for start, length in _FORMAT_RUN.findall(svg)]
    bits = (any(start <= column < start + length for start, length in runs) for column in _MASK_COLUMNS)
    return int("".join(str(int(bit)) for bit in bits), 2) ^ 0b101
