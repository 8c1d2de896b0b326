"""Bytes and text: base58btc, base64url, base32 ids, the chunks of PNG, strict JSON in, one published form of JSON out."""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import math
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn
from urllib.parse import quote

import orjson

from site_builder.errors import Error

__all__ = [
    "MAX_SAFE_INTEGER",
    "PNG_SIGNATURE",
    "EncodingError",
    "are_fast_roads_open",
    "format_base32_id",
    "format_base58btc",
    "format_base64url",
    "format_json",
    "format_mailto",
    "format_png",
    "format_sorted_json",
    "has_fractions",
    "has_lone_surrogate",
    "is_base32_id",
    "is_png",
    "only_slow_roads",
    "parse_base58btc",
    "parse_base64url",
    "parse_json",
    "png_chunks",
    "split_json",
]

MAX_SAFE_INTEGER = 2**53 - 1
MAX_JSON_BYTES = 1_048_576
MAX_JSON_DEPTH = 64
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUES = bytes(max(_BASE58.find(byte), 0) for byte in range(256))
_BASE58_DIGITS = _BASE58 + bytes(256 - 58)


def _lanes(width: int, count: int, ones: int) -> int:
    """A mask of so many lanes of bits, width bits apart, each with so many ones at its low end."""
    return sum(((1 << ones) - 1) << width * lane for lane in range(count))


# Arithmetic digit by digit is what takes long, so one operation works on all digits of a number at once, each in a lane of its own bits.
# Read: 128 digits of 8 bits; seven times, neighbours become one number of twice the width, which always fits: 58 < 2^8.
_READ_LANES = [(8 << step, _lanes(16 << step, 64 >> step, 8 << step), 58 ** (1 << step)) for step in range(7)]
# Written: 11 numbers of eight digits, each in 128 bits; three times, each becomes its quotient and its remainder by 58^4, 58^2 and 58.
# The quotient is a product with 2^shift / 58^n, rounded up: exact, as 58^(2n) * 58^n <= 2^shift, and the product fits in its lane.
# To add (2^width - 58^n) times the quotient puts it in the upper half of its lane, and leaves the remainder in the lower one.
_WRITTEN_BYTES, _WRITTEN_NUMBERS = 64, struct.Struct(">" + 11 * "8xQ")
_WRITTEN_LANES = [
    (shift, -(-(2**shift) // 58**digits), _lanes(2 * width, 11 * 64 // width, width // 2), 2**width - 58**digits)
    for digits, width, shift in ((4, 64, 71), (2, 32, 36), (1, 16, 18))
]
# 26 characters carry 130 bits; the last one holds three bits of the id and two zero bits.
_BASE32_ID = re.compile(r"[a-z2-7]{25}[aeimquy4]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class EncodingError(Error):
    """Text that is not what it claims to be encoded as."""


_FAST_ROADS = [True]


def are_fast_roads_open() -> bool:
    """Whether JSON, canonical forms, codes and pictures may come from orjson, compiled shapes and what was read before, where these
    give what the full functions give."""
    return _FAST_ROADS[-1]


@contextmanager
def only_slow_roads() -> Iterator[None]:
    """For tests: everything comes from the full functions."""
    _FAST_ROADS.append(False)
    try:
        yield
    finally:
        _FAST_ROADS.pop()


def format_base58btc(raw: bytes) -> str:
    """Base58 (Bitcoin alphabet) of raw, without a multibase prefix. Source: Controlled Identifiers 1.0, 2.4."""
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    number = int.from_bytes(raw, "big")
    digits = _digits_in_lanes(number) if _FAST_ROADS[-1] and len(raw) <= _WRITTEN_BYTES else _digits_of(number)
    return "1" * zeros + digits.translate(_BASE58_DIGITS).lstrip(b"1").decode("ascii")


def _digits_of(number: int) -> bytes:
    digits = bytearray()
    while number:
        number, digit = divmod(number, 58)
        digits.append(digit)
    return bytes(reversed(digits))


def _digits_in_lanes(number: int) -> bytes:
    """The 88 digits of a number of 64 bytes."""
    numbers = []
    for _ in range(11):
        number, eight_digits = divmod(number, 58**8)
        numbers.append(eight_digits)
    lanes = int.from_bytes(_WRITTEN_NUMBERS.pack(*reversed(numbers)), "big")
    for shift, factor, mask, upper in _WRITTEN_LANES:
        lanes += (lanes * factor >> shift & mask) * upper
    return lanes.to_bytes(_WRITTEN_NUMBERS.size, "big")[1::2]


def parse_base58btc(text: str, *, max_characters: int = 128) -> bytes:
    """The bytes of base58btc text. Raises EncodingError; the length is capped because the work grows with its square."""
    if len(text) > max_characters:
        raise EncodingError("this base58 text is too long")
    if not text.isascii() or (digits := text.encode("ascii")).translate(None, _BASE58):
        raise EncodingError("this is not base58btc text")
    values = digits.translate(_BASE58_VALUES)
    number = _number_in_lanes(values) if _FAST_ROADS[-1] and len(values) <= 128 else _number_of(values)
    zeros = len(values) - len(values.lstrip(b"\0"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _number_of(values: bytes) -> int:
    number = 0
    for value in values:
        number = number * 58 + value
    return number


def _number_in_lanes(values: bytes) -> int:
    """The number of at most 128 digits."""
    lanes = int.from_bytes(values, "big")
    for width, mask, factor in _READ_LANES:
        lanes = (lanes & mask) + (lanes >> width & mask) * factor
    return lanes


def format_base64url(raw: bytes) -> str:
    """Base64url without padding. Source: RFC 4648 section 5."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def parse_base64url(text: str) -> bytes:
    """The bytes of base64url text without padding, canonical form only."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (ValueError, binascii.Error) as error:
        raise EncodingError("this is not base64url text") from error
    if format_base64url(raw) != text:
        raise EncodingError("this is not base64url text in its canonical form")
    return raw


def format_base32_id(raw: bytes) -> str:
    """Public id of an award: 16 random bytes as 26 lower-case base32 letters. Source: RFC 4648 section 6."""
    if len(raw) != 16:
        raise EncodingError("an id has 16 bytes")
    return base64.b32encode(raw).rstrip(b"=").decode("ascii").lower()


def is_base32_id(text: str) -> bool:
    """Whether text is a public id in its canonical form."""
    return _BASE32_ID.fullmatch(text) is not None


def has_lone_surrogate(text: str) -> bool:
    """Whether text holds half of a surrogate pair, which UTF-8 cannot say."""
    return not text.isascii() and _SURROGATE.search(text) is not None


def parse_json(raw: bytes, *, max_bytes: int = MAX_JSON_BYTES) -> Any:
    """The JSON value in raw: the common ground of Python and JavaScript, so that both read the same.

    Refuses what the two read differently or what hides something: duplicate keys, NaN, integers beyond 2^53,
    lone surrogates, a byte order mark, more than 64 levels. Source: RFC 7493 (I-JSON), section 2. Raises EncodingError."""
    if len(raw) > max_bytes:
        raise EncodingError(f"this JSON is larger than {max_bytes:,} bytes")
    if _FAST_ROADS[-1] and (published := _parse_published(raw)) is not None:
        return published
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_int=_safe_integer,
            parse_float=_finite_number,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise EncodingError("this is not UTF-8 text") from error
    except RecursionError as error:
        raise EncodingError(f"this JSON is nested more than {MAX_JSON_DEPTH} levels deep") from error
    except ValueError as error:
        # No words of the parser: encoding.js says the same.
        raise EncodingError("this is not JSON") from error
    _check_depth_and_text(value)
    return value


def _parse_published(raw: bytes) -> Any:
    """The value of JSON in the form of format_json, read by orjson; None for any other text.

    Written again it gives the same bytes, so nothing in it was read otherwise than it stands there: no duplicate keys, no number in
    another form. 120 spaces could be the 60th level: depth is counted by the full function."""
    if not raw.startswith(b'{\n  "') or not raw.isascii() or b" " * 120 in raw:
        return None
    try:
        value = orjson.loads(raw)
        return value if _format_plain(value) == raw else None
    except ValueError:
        return None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EncodingError("this JSON has the same key twice in one object")
    return found


def _safe_integer(text: str) -> int:
    # The length first: int() of a very long text is slow, and Python caps it with an error of its own.
    if len(text) > 17 or abs(int(text)) > MAX_SAFE_INTEGER:
        raise EncodingError("this JSON has a whole number beyond 2^53")
    return int(text)


def _finite_number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise EncodingError("this JSON has a number that is too large")
    return number


def _refuse_constant(text: str) -> NoReturn:
    raise EncodingError(f"{text} is not JSON")


def _check_depth_and_text(value: Any) -> None:
    level: list[Any] = [value]
    for _ in range(MAX_JSON_DEPTH):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.keys())
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
            elif isinstance(item, str) and has_lone_surrogate(item):
                raise EncodingError("this JSON has half of a surrogate pair")
        if not inner:
            return
        level = inner
    raise EncodingError(f"this JSON is nested more than {MAX_JSON_DEPTH} levels deep")


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
# Braces: a wallet counts them without regard for strings. <, > and &: some loaders decode HTML entities before parsing.
_ESCAPED = {character: f"\\u{ord(character):04x}" for character in "{}<>&\x7f"}


def format_json(value: Any) -> bytes:
    """The one form in which documents are stored, published and baked: two-space indent, ASCII, a final newline.

    Inside strings { } < > & are written as \\u00xx. Escapes change neither canonical form (JCS, RDFC-1.0)."""
    if _FAST_ROADS[-1] and (plain := _format_plain(value)) is not None and _is_written_alike(plain, value):
        return plain
    text = json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False)
    return (_STRING.sub(_escape_string, text) + "\n").encode("ascii")


def _format_plain(value: Any) -> bytes | None:
    """The same from orjson, but for braces in strings and fractions; None for what it cannot write."""
    try:
        raw = orjson.dumps(value, option=_INDENTED)
    except (TypeError, ValueError, RecursionError):
        return None
    if not raw.isascii():
        raw = raw.decode("utf-8").encode("ascii", "laurels-json-escapes")
    for character, escaped in _ESCAPED_BYTES:
        if character in raw:
            raw = raw.replace(character, escaped)
    return raw


def _is_written_alike(plain: bytes, value: Any) -> bool:
    """Whether format_json writes a value as _format_plain did: no braces in strings, no fractions (1e-07), no tuples, no NaN."""
    pieces = split_json(plain)
    strings = b"".join(pieces[1::2])
    is_usual = b"{" not in strings and b"}" not in strings and not has_fractions(b"".join(pieces[::2]))
    return is_usual and bool(orjson.loads(plain) == value)


# In JSON text no control character is written raw, so these can stand for an escaped backslash, an escaped quotation mark and a cut.
_BACKSLASH, _QUOTE, _CUT = b"\x01", b"\x02", b"\x00"
_WITHOUT_QUOTE = set(b"nrtbfu")


def split_json(raw: bytes) -> list[bytes]:
    """JSON text cut at its quotation marks: what is between strings, and the strings as they are escaped, by turns."""
    # What follows each backslash: searching for two bytes takes longer.
    if b"\\" not in raw or all(piece and piece[0] in _WITHOUT_QUOTE for piece in raw.split(b"\\")[1:]):
        return raw.split(b'"')
    text = raw.replace(b"\\\\", _BACKSLASH).replace(b'\\"', _QUOTE).replace(b'"', _CUT)
    return text.replace(_BACKSLASH, b"\\\\").replace(_QUOTE, b'\\"').split(_CUT)


def has_fractions(punctuation: bytes) -> bool:
    """Whether JSON between its strings has a number with a fraction or an exponent."""
    return b"." in punctuation or b"e" in punctuation.replace(b"true", b"").replace(b"false", b"")


def _escape_characters(error: UnicodeError) -> tuple[str | bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error("laurels-json-escapes", _escape_characters)


def _escape_string(match: re.Match[str]) -> str:
    return "".join(_ESCAPED.get(character, character) for character in match.group())


_ESCAPED_BYTES = [
    (character.encode("ascii"), text.encode("ascii")) for character, text in _ESCAPED.items() if character not in "{}"
]
# Subclasses and the like are for the full functions to judge. orjson refuses whole numbers beyond 2^53 and lone surrogates.
_PLAIN = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_INDENTED = _PLAIN | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_STRICT_INTEGER
_SORTED = _PLAIN | orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def format_sorted_json(value: Any) -> bytes | None:
    """UTF-8 JSON with keys sorted by code points and no white space; None for a value that is not exactly what this text says.

    Keys and numbers with a fraction may come otherwise in a canonical form: see credentials/securing/jcs.py."""
    try:
        raw = orjson.dumps(value, option=_SORTED)
        # A tuple would be written as a list, NaN as null.
        return raw if orjson.loads(raw) == value else None
    except (TypeError, ValueError, RecursionError):
        return None


def format_mailto(address: str) -> str:
    """The address of a mail: all but letters, digits and -._~@ by their bytes. Source: RFC 6068, 2."""
    return f"mailto:{quote(address, safe='@')}"


def is_png(raw: bytes) -> bool:
    """Whether a file says that it is a PNG image."""
    return raw.startswith(PNG_SIGNATURE)


def png_chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, data) of each chunk, with lengths and checksums verified; IHDR first, IEND last, nothing after it.

    Source: PNG Specification (Third Edition), 5. Raises EncodingError."""
    if not is_png(png):
        raise EncodingError("this is not a PNG image")
    offset, seen = len(PNG_SIGNATURE), b""
    while seen != b"IEND":
        if offset + 12 > len(png):
            raise EncodingError("this PNG image is cut off")
        length, kind = struct.unpack_from(">I4s", png, offset)
        end = offset + 12 + length
        if end > len(png) or (not seen and kind != b"IHDR"):
            raise EncodingError("this PNG image is cut off or does not begin as one")
        data = png[offset + 8 : end - 4]
        if zlib.crc32(kind + data) != struct.unpack_from(">I", png, end - 4)[0]:
            raise EncodingError("this PNG image is damaged (a checksum is wrong)")
        yield kind, data
        offset, seen = end, kind
    if offset != len(png):
        raise EncodingError("this PNG image has something behind its end")


def format_png(chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A PNG of these chunks, each with its length and checksum."""
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return PNG_SIGNATURE + b"".join(parts)
