"""JSON Canonicalization Scheme. Source: RFC 8785."""

from __future__ import annotations

import json
import math
from typing import Any

from site_builder.credentials.securing.flat_json import FlatJson, is_beyond_bmp
from site_builder.encoding import (
    MAX_SAFE_INTEGER,
    EncodingError,
    are_fast_roads_open,
    format_sorted_json,
    has_fractions,
    has_lone_surrogate,
    split_json,
)

__all__ = ["canonicalize_jcs"]

# Built once: json.dumps would build one for each string.
_ENCODER = json.JSONEncoder(ensure_ascii=False)


def canonicalize_jcs(value: Any, *, flat: FlatJson | None = None) -> bytes:
    """UTF-8 bytes of the canonical form of a JSON value. Raises EncodingError for what JSON cannot say.

    flat: the value's flat form, where the caller has it. Its text is the canonical one when it has no fractions, and no characters beyond
    the BMP, on which orders of keys differ; else every value is written here, which takes several times as long."""
    if are_fast_roads_open():
        raw = flat.raw if flat else format_sorted_json(value)
        if raw is not None and not is_beyond_bmp(raw) and not _has_fractions(raw, flat):
            return raw
    return _format(value).encode("utf-8")


def _has_fractions(raw: bytes, flat: FlatJson | None) -> bool:
    # By what stands between texts alone: releases of orjson differ in how they write an exponent (1e16, 1e+16).
    return has_fractions(flat.punctuation if flat else b"".join(split_json(raw)[::2]))


def _format(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _format_string(value)
    if isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise EncodingError("a whole number beyond 2^53 has no canonical form")
        return str(value)
    if isinstance(value, float):
        return _format_number(value)
    if isinstance(value, list):
        return "[" + ",".join(map(_format, value)) + "]"
    if isinstance(value, dict):
        # RFC 8785, 3.2.3: by UTF-16 code units, which is not Python's order beyond the BMP.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_format_string(key)}:{_format(value[key])}" for key in keys) + "}"
    raise EncodingError(f"{type(value).__name__} is not a JSON value")


def _format_string(text: str) -> str:
    # Python's escapes are those of RFC 8785, 3.2.2.2: \b \t \n \f \r \" \\ and \u00xx in lower case for other controls.
    if has_lone_surrogate(text):
        raise EncodingError("half of a surrogate pair has no canonical form")
    return _ENCODER.encode(text)


def _format_number(number: float) -> str:
    """ECMAScript's Number::toString. Source: RFC 8785, 3.2.2.3; ECMA-262, 6.1.6.1.20."""
    if not math.isfinite(number):
        raise EncodingError("NaN and infinity have no canonical form")
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    # `point` is where the decimal point stands, counted from the first digit (ECMA's n).
    point = len(whole) + int(exponent or "0") - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return sign + digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "") + power
