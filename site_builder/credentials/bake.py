"""Baking: a credential inside of a PNG or SVG image, and out again.

Source: Open Badges 3.0, Open Badges Document Formats (File Format: PNG, SVG); PNG Specification (Third Edition), 5 and 11.3.3.4 (iTXt)."""

from __future__ import annotations

from collections.abc import Iterator

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from site_builder.encoding import PNG_SIGNATURE, EncodingError, format_png
from site_builder.encoding import png_chunks as read_png_chunks
from site_builder.errors import Error

__all__ = ["BakeError", "bake_png", "bake_svg", "png_chunks", "unbake", "unbake_png", "unbake_svg"]

_KEYWORD = b"openbadgecredential"
_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_MAX_IMAGE_BYTES = 10 * 1_048_576


class BakeError(Error):
    """An image that is not one, or that carries no credential that can be read here."""


def png_chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """As encoding.png_chunks, of an image that is not too large. Raises BakeError."""
    if len(png) > _MAX_IMAGE_BYTES:
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


def unbake_png(png: bytes) -> bytes:
    """The credential in a baked PNG. Raises BakeError when there is none, more than one, or a compressed one."""
    found = [data for kind, data in png_chunks(png) if kind == b"iTXt" and data.startswith(_KEYWORD + b"\0")]
    if not found:
        raise BakeError("this PNG image carries no Open Badges 3.0 credential")
    if len(found) > 1:
        raise BakeError("this PNG image carries more than one credential")
    flags, rest = found[0][len(_KEYWORD) + 1 :][:2], found[0][len(_KEYWORD) + 3 :]
    if flags != b"\0\0":
        raise BakeError("the credential in this PNG image is compressed, which the standard forbids")
    _language, separator, rest = rest.partition(b"\0")
    _translated, second, credential = rest.partition(b"\0")
    if not separator or not second:
        raise BakeError("the credential in this PNG image is cut off")
    return _json_bytes(credential)


def bake_svg(svg: bytes, credential: bytes) -> bytes:
    """The drawing with the credential as the first child of <svg>, in one CDATA section.

    svg: as records.artwork writes it: it begins with <svg …>, without a declaration. credential: ASCII JSON, in which every > inside
    of a string is escaped, so that the section cannot end early."""
    if _NAMESPACE.encode() in svg:
        raise BakeError("this image carries a credential already")
    head, bracket, body = svg.partition(b">")
    if not head.startswith(b"<svg ") or not bracket or head.endswith(b"/") or b"]]>" in credential:
        raise BakeError("this drawing is not in the form that artwork is stored in")
    declared = b'%s xmlns:openbadges="%s">' % (head, _NAMESPACE.encode())
    return b"".join([declared, b"<openbadges:credential><![CDATA[", credential, b"]]></openbadges:credential>", body])


def unbake_svg(svg: bytes) -> bytes:
    """The credential in a baked SVG. Raises BakeError."""
    if len(svg) > _MAX_IMAGE_BYTES:
        raise BakeError("this SVG image is larger than 10 MB")
    try:
        root = ElementTree.fromstring(svg)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BakeError("this is not an SVG image that can be read safely") from error
    found = root.findall(f".//{{{_NAMESPACE}}}credential")
    if len(found) != 1:
        raise BakeError("this SVG image carries no Open Badges 3.0 credential, or more than one")
    if found[0].get("verify"):
        raise BakeError("the credential in this image is a JSON Web Token, which is not checked here")
    return _json_bytes((found[0].text or "").encode("utf-8"))


def unbake(image: bytes) -> bytes:
    """The credential in a baked PNG or SVG, whichever it is."""
    return unbake_png(image) if image.startswith(PNG_SIGNATURE) else unbake_svg(image)


def _json_bytes(credential: bytes) -> bytes:
    if not credential.lstrip().startswith(b"{"):
        raise BakeError("the credential in this image is not JSON (a JSON Web Token is not checked here)")
    return credential
