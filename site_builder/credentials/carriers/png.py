"""A credential inside of a PNG image, and out again.

Source: Open Badges 3.0, Open Badges Document Formats (File Format: PNG); PNG Specification (Third Edition), 5 and 11.3.3.4 (iTXt)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from site_builder.credentials.carriers.form import (
    MAX_IMAGE_BYTES,
    BakeError,
    EmptyImageError,
    is_token,
    json_bytes,
    once_for_each_picture,
)
from site_builder.encoding import PNG_SIGNATURE, EncodingError, are_fast_roads_open, format_png
from site_builder.encoding import png_chunks as read_png_chunks

__all__ = ["bake_png", "picture_of_png", "png_chunks", "unbake_other_png", "unbake_png"]

_KEYWORD = b"openbadgecredential"
# Keyword, then: not compressed, method 0, no language tag, no translated keyword.
_BEGINNING = _KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0"
_SUM_OF_BEGINNING = zlib.crc32(b"iTXt" + _BEGINNING)
# Of Open Badges 1 and 2. Source: Open Badges 2.0, Baking.
_OLDER_KEYWORD = b"openbadges"


def png_chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """As encoding.png_chunks, of an image that is not too large. Raises BakeError."""
    if len(png) > MAX_IMAGE_BYTES:
        raise BakeError("this is not a PNG image, or it is larger than 10 MB")
    try:
        yield from read_png_chunks(png)
    except EncodingError as error:
        raise BakeError(str(error)) from error


def bake_png(png: bytes, credential: bytes) -> bytes:
    """The image with the credential in one uncompressed iTXt chunk, behind IHDR. credential: ASCII JSON.

    Bytes are spliced, not decoded: all images of one achievement share the same picture data."""
    picture, end = _picture(png)
    return b"".join([picture[:end], _chunk(credential), picture[end:]])


@once_for_each_picture
def _picture(png: bytes) -> tuple[bytes, int]:
    """A picture, and where its first chunk ends. Raises BakeError when it is none, or carries a credential already."""
    chunks = list(png_chunks(png))
    if any(kind == b"iTXt" and data.startswith(_KEYWORD + b"\0") for kind, data in chunks):
        raise BakeError("this image carries a credential already")
    return png, _end_of_header(png)


def _end_of_header(png: bytes) -> int:
    return len(PNG_SIGNATURE) + 12 + int.from_bytes(png[len(PNG_SIGNATURE) :][:4], "big")


def _chunk(credential: bytes) -> bytes:
    """The chunk that carries a credential."""
    length = len(_BEGINNING) + len(credential)
    checksum = zlib.crc32(credential, _SUM_OF_BEGINNING)
    return b"".join([length.to_bytes(4, "big"), b"iTXt", _BEGINNING, credential, checksum.to_bytes(4, "big")])


def picture_of_png(png: bytes, credential: bytes) -> bytes:
    """The image into which bake_png put this credential. Raises BakeError when it did not make these bytes of any."""
    quick = _known_picture(png, credential) if are_fast_roads_open() else None
    if quick is not None:
        return quick
    picture = format_png(
        (kind, data) for kind, data in png_chunks(png) if kind != b"iTXt" or not data.startswith(_KEYWORD + b"\0")
    )
    if bake_png(picture, credential) != png:
        raise BakeError("this image was not made of a picture and this credential")
    return picture


def _known_picture(png: bytes, credential: bytes) -> bytes | None:
    """As picture_of_png, without reading a picture again that was read before; None where another road must say what is wrong."""
    end, chunk = _end_of_header(png), _chunk(credential)
    if len(png) > MAX_IMAGE_BYTES or not png.startswith(chunk, end):
        return None
    try:
        picture, place = _picture(png[:end] + png[end + len(chunk) :])
    except BakeError:
        return None
    return picture if place == end else None


def unbake_png(png: bytes) -> bytes:
    """The credential in a baked PNG. Raises BakeError when there is none, more than one, or a compressed one."""
    found = [data for kind, data in png_chunks(png) if kind == b"iTXt" and data.startswith(_KEYWORD + b"\0")]
    if not found:
        raise EmptyImageError("this PNG image carries no Open Badges 3.0 credential")
    if len(found) > 1:
        raise BakeError("this PNG image carries more than one credential")
    if not found[0].startswith(_KEYWORD + b"\0\0\0"):
        raise BakeError("the credential in this PNG image is compressed, which the standard forbids")
    credential = _text_of(found[0])
    if credential is None:
        raise BakeError("the credential in this PNG image is cut off")
    return json_bytes(credential)


def unbake_other_png(png: bytes) -> bytes | None:
    """What a PNG carries in another form: a token, or a badge of Open Badges 1 or 2; None for nothing. Raises BakeError."""
    texts = [(kind, data) for kind, data in png_chunks(png) if kind in (b"iTXt", b"tEXt")]
    own, older = (_only_text(texts, keyword) for keyword in (_KEYWORD, _OLDER_KEYWORD))
    return own if own is not None and is_token(own) else older


def _only_text(texts: list[tuple[bytes, bytes]], keyword: bytes) -> bytes | None:
    found = [(kind, data) for kind, data in texts if data.startswith(keyword + b"\0")]
    if len(found) != 1:
        return None
    kind, data = found[0]
    return data.partition(b"\0")[2] if kind == b"tEXt" else _text_of(data)


def _text_of(data: bytes) -> bytes | None:
    """The text of an iTXt chunk; None when it is compressed or cut off. Source: PNG Specification (Third Edition), 11.3.3.4."""
    flags, rest = data.partition(b"\0")[2][:2], data.partition(b"\0")[2][2:]
    _language, separator, rest = rest.partition(b"\0")
    _translated, second, text = rest.partition(b"\0")
    return text if flags == b"\0\0" and separator and second else None
