"""Taking one row out of a file of records, with every other byte left as it is, and the proof that all other rows stay."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from site_builder.records.formats.yaml_events import YamlRefused, list_spans
from site_builder.records.load.award_files import delimiter_of, is_csv, read_records

__all__ = ["NotRemovable", "Removal", "remove_row"]


_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class NotRemovable(Exception):
    """The row cannot be taken out without touching something else."""


@dataclass(frozen=True)
class Removal:
    """What is left of a file, None when it held nothing else, and the lines (1-based, first and last) that the row took."""

    left: bytes | None
    first_line: int
    last_line: int


def remove_row(raw: bytes, index: int, *, file: str, issuer: str) -> Removal:
    """The file without its row number `place` (from 0, in the order in which they are read).

    Raises NotRemovable when the file has problems, or when what is left would not read as the same other rows."""
    before = read_records(raw, file=file, issuer=issuer)
    if before.problems or not 0 <= index < len(before.rows):
        raise NotRemovable
    text = raw.decode("utf-8-sig")
    start, end = (_csv_span if is_csv(file) else _yaml_span)(text, index, file)
    first = text.count("\n", 0, start) + 1
    last = first + text[start:end].removesuffix("\n").count("\n")
    if len(before.rows) == 1:
        return Removal(None, first, last)
    mark = _BYTE_ORDER_MARK if raw.startswith(_BYTE_ORDER_MARK) else b""
    left = mark + (text[:start] + text[end:]).encode("utf-8")
    after = read_records(left, file=file, issuer=issuer)
    others = [row.award for other, row in enumerate(before.rows) if other != index]
    if after.problems or [row.award for row in after.rows] != others:
        raise NotRemovable
    return Removal(left, first, last)


def _csv_span(text: str, index: int, _file: str) -> tuple[int, int]:
    """Where the physical lines of a row begin and end: several when a quoted cell holds line breaks."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(lines), delimiter=delimiter_of(text), strict=True)
    next(reader)
    before, seen = reader.line_num, -1
    for cells in reader:
        seen += any(cell.strip() for cell in cells)
        if seen == index:
            start = sum(map(len, lines[:before]))
            return start, start + sum(map(len, lines[before : reader.line_num]))
        before = reader.line_num
    raise NotRemovable


def _yaml_span(text: str, index: int, file: str) -> tuple[int, int]:
    """Where an item of `recipients:` begins and ends, its dash or its comma included."""
    try:
        spans = list_spans(text.encode("utf-8"), "recipients", file=file)
    except YamlRefused:
        raise NotRemovable from None
    if not spans:
        return 0, len(text)
    if index >= len(spans):
        raise NotRemovable
    if spans[index].in_brackets:
        return _between_commas([(span.start, span.end) for span in spans], index)
    return _whole_lines(text, spans[index].start, spans[index].end)


def _between_commas(spans: list[tuple[int, int]], index: int) -> tuple[int, int]:
    if index + 1 < len(spans):
        return spans[index][0], spans[index + 1][0]
    return (spans[index - 1][1] if index else spans[index][0]), spans[index][1]


def _whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """From the line of the item's dash to the line on which its last value ends."""
    first = text.rfind("\n", 0, start) + 1
    while first and not text[first:start].lstrip().startswith("-"):
        # The dash stands alone, with the item below it; comments may lie between.
        first = text.rfind("\n", 0, first - 1) + 1
    if text[:end].endswith("\n"):
        return first, end
    line_end = text.find("\n", end)
    return first, len(text) if line_end < 0 else line_end + 1
