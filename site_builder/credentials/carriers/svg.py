"""A credential inside of an SVG image, and out again.

Source: Open Badges 3.0, Open Badges Document Formats (File Format: SVG)."""

from __future__ import annotations

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from site_builder.credentials.carriers.form import MAX_IMAGE_BYTES, BakeError, json_bytes

__all__ = ["bake_svg", "drawing_of_svg", "is_svg", "unbake_svg"]

_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"


def bake_svg(svg: bytes, credential: bytes) -> bytes:
    """The drawing with the credential as the first child of <svg>, in one CDATA section.

    svg: as records.artwork.svg writes it: it begins with <svg …>, without a declaration. credential: ASCII JSON, in which every > inside
    of a string is escaped, so that the section cannot end early."""
    if _NAMESPACE.encode() in svg:
        raise BakeError("this image carries a credential already")
    head, bracket, body = svg.partition(b">")
    if not head.startswith(b"<svg ") or not bracket or head.endswith(b"/") or b"]]>" in credential:
        raise BakeError("this drawing is not in the form that artwork is stored in")
    return b"".join([head, _baked_in(credential), body])


def _baked_in(credential: bytes) -> bytes:
    """What stands between the attributes of <svg> and the drawing."""
    declared = b' xmlns:openbadges="%s">' % _NAMESPACE.encode()
    return b"".join([declared, b"<openbadges:credential><![CDATA[", credential, b"]]></openbadges:credential>"])


def drawing_of_svg(svg: bytes, credential: bytes) -> bytes:
    """The drawing into which bake_svg put this credential. Raises BakeError when it did not make these bytes of any."""
    drawing = svg.replace(_baked_in(credential), b">", 1)
    if drawing == svg or bake_svg(drawing, credential) != svg:
        raise BakeError("this image was not made of a drawing and this credential")
    return drawing


def unbake_svg(svg: bytes) -> bytes:
    """The credential in a baked SVG. Raises BakeError."""
    if len(svg) > MAX_IMAGE_BYTES:
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
    return json_bytes((found[0].text or "").encode("utf-8"))


def is_svg(raw: bytes) -> bool:
    """Whether a file may be an SVG image: XML, where a credential as JSON would begin with a brace."""
    return raw.lstrip()[:1] == b"<"
