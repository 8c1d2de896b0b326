"""Status lists: one bit a credential, in a credential of its own. Source: Bitstring Status List 1.0."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from site_builder.credentials.securing.contexts import CREDENTIALS_V2
from site_builder.encoding import EncodingError, format_base64url, parse_base64url
from site_builder.errors import Error

__all__ = [
    "LIST_LENGTH",
    "StatusError",
    "build_status_list",
    "decode_list",
    "encode_list",
    "is_revocation_entry",
    "is_set",
    "issued_at",
    "list_id_of",
    "own_bits",
    "parse_index",
    "read_entry",
    "read_list",
    "set_bits",
]

LIST_LENGTH = 131_072
_MAX_LIST_BYTES = 4 * 1_048_576
_NOT_ZERO = re.compile(rb"[^\0]")


class StatusError(Error):
    """A status entry or list that cannot be read as Bitstring Status List 1.0 says."""


def encode_list(indexes: Iterable[int]) -> str:
    """encodedList with the given bits set: multibase base64url of gzip of 131,072 bits; bit 0 is the leftmost.

    The gzip header carries no time and no system, so that equal bits give equal text on one zlib. Source: section 2.2, 3.3."""
    bits = bytearray(LIST_LENGTH // 8)
    for index in indexes:
        if not 0 <= index < LIST_LENGTH:
            raise StatusError(f"index {index} lies outside of the list")
        bits[index >> 3] |= 0x80 >> (index & 7)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(bytes(bits)) + deflate.flush()
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return "u" + format_base64url(header + body + struct.pack("<II", zlib.crc32(bits), len(bits)))


def decode_list(encoded: str) -> bytes:
    """The bits behind encodedList. Refuses lists shorter than 16 KB or longer than 4 MB. Source: section 3.2, 3.4."""
    if not encoded.startswith("u"):
        raise StatusError("the status list is not in multibase base64url")
    inflate = zlib.decompressobj(31)
    try:
        bits = inflate.decompress(parse_base64url(encoded[1:]), _MAX_LIST_BYTES)
        is_whole = inflate.eof and not inflate.unused_data
    except (EncodingError, zlib.error):
        bits, is_whole = b"", False
    if not is_whole:
        # One sentence for all of it: a browser does not say which it was.
        raise StatusError("the status list cannot be unpacked: it is damaged, not complete, or longer than 4 MB")
    if len(bits) * 8 < LIST_LENGTH:
        raise StatusError("the status list is shorter than the standard allows (STATUS_LIST_LENGTH_ERROR)")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """The bit at index. Raises StatusError beyond the list (RANGE_ERROR)."""
    if index >= len(bits) * 8:
        raise StatusError("the credential's place lies outside of its status list (RANGE_ERROR)")
    return bool(bits[index >> 3] & 0x80 >> (index & 7))


def set_bits(bits: bytes) -> set[int]:
    """All indexes whose bit is set."""
    # Nearly every byte of a list is zero, and a search passes over those many times faster than a loop.
    return {
        match.start() * 8 + offset
        for match in _NOT_ZERO.finditer(bits)
        for offset in range(8)
        if bits[match.start()] & 0x80 >> offset
    }


def own_bits(document: Any, *, url: str) -> frozenset[int]:
    """All indexes that are set in a list at url, of the length that this program writes.

    Raises StatusError for any other: a few thousand letters can stand for 33 million set bits."""
    bits = read_list(document, url=url)
    if len(bits) * 8 != LIST_LENGTH:
        raise StatusError("the status list has another length than this program writes")
    return frozenset(set_bits(bits))


def build_status_list(*, url: str, issuer: str, indexes: Iterable[int], issued: datetime) -> dict[str, Any]:
    """A status list credential without proof: purpose revocation, no validUntil, so that it outlives its provider."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": issued.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_list(indexes),
        },
    }


def issued_at(status_list: dict[str, Any]) -> str:
    """When a status list that this program built was signed, as it is written there."""
    return str(status_list["validFrom"])


def list_id_of(status_list: dict[str, Any]) -> str:
    """The address of a status list that this program built."""
    return str(status_list["id"])


def is_revocation_entry(entry: Any) -> bool:
    """Whether a credentialStatus is one entry of this standard, with the purpose revocation. Source: section 2.1."""
    is_entry = isinstance(entry, dict) and entry.get("type") == "BitstringStatusListEntry"
    return is_entry and entry.get("statusPurpose") == "revocation"


def read_entry(entry: Any) -> tuple[str, int]:
    """Address of the list and index of a credentialStatus. Raises StatusError for all but one revocation entry."""
    if not is_revocation_entry(entry):
        raise StatusError("this credential's status is of a kind that is not checked here")
    url, size = entry.get("statusListCredential"), entry.get("statusSize", 1)
    # True equals 1 in Python, and is another JSON value.
    if not isinstance(url, str) or isinstance(size, bool) or size != 1:
        raise StatusError("this credential's status entry is not complete, or has more than one bit")
    return url, parse_index(entry.get("statusListIndex"))


def parse_index(text: Any) -> int:
    """statusListIndex: a text of digits, no sign, no leading zero."""
    if (
        not isinstance(text, str)
        or not text.isascii()
        or not text.isdigit()
        or len(text) > 10
        or (text[0] == "0" and text != "0")
    ):
        raise StatusError("this credential's place in its status list is not a number")
    return int(text)


def read_list(document: Any, *, url: str) -> bytes:
    """The bits of a status list credential that lies at url. Raises StatusError."""
    if not isinstance(document, dict) or document.get("id") != url:
        raise StatusError("the document found is not the status list that the credential names")
    types, subject = document.get("type"), document.get("credentialSubject")
    if not isinstance(types, list) or "BitstringStatusListCredential" not in types or not isinstance(subject, dict):
        raise StatusError("the document found is not a status list")
    # One list may serve several purposes. Source: section 2.2 (statusPurpose).
    purpose = subject.get("statusPurpose")
    purposes = purpose if isinstance(purpose, list) else [purpose]
    if subject.get("type") != "BitstringStatusList" or "revocation" not in purposes:
        raise StatusError("the status list found is not for revocation")
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str):
        raise StatusError("the status list has no encodedList")
    return decode_list(encoded)
