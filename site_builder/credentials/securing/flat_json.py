"""JSON as its strings and what is between them: the form in which documents of one shape differ by a list of strings only.

`orjson` writes the text, keys sorted; splitting it at its quotation marks takes microseconds, where walking the document in Python takes
ten times as long. The strings stay as JSON escapes them, which is how canonical N-Quads escape them, too: \\t \\n \\r \\" and \\\\
(RDFC-1.0, Canonical N-Quads; RFC 8785, 3.2.2.2). Other escapes are those of control characters, which are not written here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from site_builder.encoding import format_sorted_json

__all__ = ["FlatJson", "flatten"]

# In JSON text no control character is written raw, so these can stand for an escaped backslash, an escaped quotation mark and a cut.
_BACKSLASH, _QUOTE, _CUT = b"\x01", b"\x02", b"\x00"
_LINES = {b"n", b"r", b"t"}
_CONTROLS = (b"\\u", b"\\b", b"\\f", b"\x7f")


@dataclass(frozen=True, slots=True)
class FlatJson:
    """A JSON value, in UTF-8. raw: its text, keys sorted by code points, no white space. strings: all in order, keys too, escaped.

    punctuation: all the rest (brackets, commas, numbers, true, false, null), with a quotation mark where each string was.
    is_plain: no string has a control character but TAB, LF and CR."""

    raw: bytes
    punctuation: bytes
    strings: list[bytes]
    is_plain: bool


def flatten(value: Any) -> FlatJson | None:
    """The value in its flat form; None for one that only the full functions can judge (see format_sorted_json)."""
    raw = format_sorted_json(value)
    if raw is None:
        return None
    # What follows each backslash: a few pieces; searching for each escape would take longer.
    escapes = {piece[:1] for piece in raw.split(b"\\")[1:]} if b"\\" in raw else set()
    if escapes <= _LINES:
        pieces, is_plain = raw.split(b'"'), b"\x7f" not in raw
    else:
        text = raw.replace(b"\\\\", _BACKSLASH).replace(b'\\"', _QUOTE)
        is_plain = not any(control in text for control in _CONTROLS)
        pieces = text.replace(b'"', _CUT).replace(_BACKSLASH, b"\\\\").replace(_QUOTE, b'\\"').split(_CUT)
    return FlatJson(raw, b'"'.join(pieces[::2]), pieces[1::2], is_plain)
