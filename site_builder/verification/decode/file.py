"""The bytes of a file, whatever people have in their hands, to the document in it.

browser/src/verification/decode/file.js is the same program."""

from __future__ import annotations

import json
import re

from site_builder.credentials.carriers.form import BakeError, EmptyImageError
from site_builder.credentials.carriers.table import Carrier, carrier_of
from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.decode.open_badges_2 import assertion_at
from site_builder.verification.decode.other_forms import other_form
from site_builder.verification.decode.table import is_recognised
from site_builder.verification.decode.web_page import is_html

__all__ = ["MAX_FILE_BYTES", "unbaked"]

MAX_FILE_BYTES = 12 * 1_048_576
# RFC 8259, 8.1: none may be written, and a reader may pass over it.
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ADDRESS = re.compile(rb"https?://[!-~]{1,1990}")


def unbaked(raw: bytes) -> bytes:
    """The document in the bytes of a file, of whatever form: that in a PNG or an SVG, everything else as it is.

    Raises BakeError for an image that is damaged, or whose credential cannot be told."""
    raw = raw.removeprefix(_BYTE_ORDER_MARK)
    carrier = None if is_recognised(raw) or is_html(raw) else carrier_of(raw)
    return _carried(carrier, raw) if carrier else raw


def _carried(carrier: Carrier, raw: bytes) -> bytes:
    """What an image carries: a credential, else an older badge, else nothing, and then the image is all that there is."""
    try:
        return carrier.unbake(raw)
    except BakeError as error:
        other = carrier.unbake_other(raw)
        if other is None:
            if isinstance(error, EmptyImageError):
                return raw
            raise
    return _older_badge(other.strip())


def _older_badge(carried: bytes) -> bytes:
    """What an image carries in another form: as it is where that says what it is, else as an assertion of the older version."""
    try:
        value = parse_json(carried)
    except EncodingError:
        value = None
    told = other_form(value, carried)
    if told is not None and told.form not in ("empty", "json", "text", "unknown"):
        return carried
    address = carried.decode("ascii") if _ADDRESS.fullmatch(carried) else ""
    return json.dumps(assertion_at(address), separators=(",", ":")).encode("ascii")
