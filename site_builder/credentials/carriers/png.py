"""A credential inside of a PNG image, and out again.

Source: Open Badges 3.0, Open Badges Document Formats (File Format: PNG); PNG Specification (Third Edition), 5 and 11.3.3.4 (iTXt)."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.credentials.carriers.form import MAX_IMAGE_BYTES, BakeError, EmptyImageError, is_token, json_bytes
from site_builder.encoding import EncodingError, format_png
from site_builder.encoding import png_chunks as read_png_chunks

__all__ = ["bake_png", "picture_of_png", "png_chunks", "unbake_other_png", "unbake_png"]

_KEYWORD = b"openbadgecredential"
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
    chunks = list(png_chunks(png))
    if any(kind == b"iTXt" and data.startswith(_KEYWORD + b"\0") for kind, data in chunks):
        raise BakeError("this image carries a credential already")
    # Keyword, then: not compressed, method 0, no language tag, no translated keyword.
    text = _KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + credential
    first, *rest = chunks
    return format_png([first, (b"iTXt", text), *rest])


def picture_of_png(png: bytes, credential: bytes) -> bytes:
    """The image into which bake_png put this credential. Raises BakeError when it did not make these bytes of any."""
    picture = format_png(
        (kind, data) for kind, data in png_chunks(png) if kind != b"iTXt" or not data.startswith(_KEYWORD + b"\0")
    )
    if bake_png(picture, credential) != png:
        raise BakeError("this image was not made of a picture and this credential")
    return picture


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
