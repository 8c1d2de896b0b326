"""Tables as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

__all__ = ["format_csv"]


def format_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table as CSV text. A cell that a spreadsheet would run as a formula begins with an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return stream.getvalue()


# The full-width forms too: spreadsheets for Chinese, Japanese and Korean take them for the plain ones.
_FORMULA_SIGNS = tuple("=+-@\t＝＋－＠")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
