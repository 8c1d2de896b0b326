"""JSON as its strings and what is between them: the form in which documents of one shape differ by a list of strings only.

`orjson` writes the text, keys sorted; splitting it at its quotation marks takes microseconds, where walking the document in Python takes
ten times as long. The strings stay as JSON escapes them, which is how canonical N-Quads escape them, too: \\t \\n \\r \\" and \\\\
(RDFC-1.0, Canonical N-Quads; RFC 8785, 3.2.2.2). Other escapes are those of control characters, which are not written here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from site_builder.encoding import format_sorted_json, split_json

__all__ = ["FlatJson", "flatten", "is_beyond_bmp"]

_ALLOWED = set(b'nrt"\\')


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
    pieces = split_json(raw)
    is_plain = b"\x7f" not in raw and (b"\\" not in raw or _has_lines_only(raw))
    return FlatJson(raw, b'"'.join(pieces[::2]), pieces[1::2], is_plain)


def _has_lines_only(raw: bytes) -> bool:
    """Whether the escapes of JSON text are those of TAB, LF, CR, quotation marks and backslashes."""
    escapes = raw.replace(b"\\\\", b"").split(b"\\")[1:]
    return all(piece[0] in _ALLOWED for piece in escapes)


def is_beyond_bmp(text: bytes) -> bool:
    """Whether UTF-8 text has a character of more than 16 bits: only then code points and UTF-16 units come in different orders."""
    return not text.isascii() and len(text.translate(None, b"\xf0\xf1\xf2\xf3\xf4")) != len(text)
