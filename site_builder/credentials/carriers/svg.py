"""A credential inside of an SVG image, and out again.

Source: Open Badges 3.0, Open Badges Document Formats (File Format: SVG)."""

from __future__ import annotations

import re

from site_builder.credentials.carriers.form import (
    MAX_IMAGE_BYTES,
    BakeError,
    EmptyImageError,
    is_token,
    json_bytes,
    once_for_each_picture,
)
from site_builder.credentials.carriers.xml import Found, XmlError, find_elements
from site_builder.encoding import are_fast_roads_open

__all__ = ["bake_svg", "drawing_of_svg", "is_svg", "unbake_other_svg", "unbake_svg"]

_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
# Of Open Badges 1 and 2. Source: Open Badges 2.0, Baking.
_OLDER_NAMESPACE = "http://openbadges.org"
# What stands between the attributes of <svg> and the drawing, before and after the credential.
_BEFORE = b' xmlns:openbadges="%s"><openbadges:credential><![CDATA[' % _NAMESPACE.encode()
_AFTER = b"]]></openbadges:credential>"
_ASCII_TEXT = bytes([0x09, 0x0A, *range(0x20, 0x7F)])
_SVG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?svg[\s/>]", re.ASCII)


def bake_svg(svg: bytes, credential: bytes) -> bytes:
    """The drawing with the credential as the first child of <svg>, in one CDATA section.

    svg: as records.artwork.svg writes it: it begins with <svg …>, without a declaration. credential: ASCII JSON, in which every > inside
    of a string is escaped, so that the section cannot end early."""
    drawing, end = _drawing(svg)
    if b"]]>" in credential:
        raise BakeError(_OTHER_FORM)
    return b"".join([drawing[:end], _BEFORE, credential, _AFTER, drawing[end + 1 :]])


_OTHER_FORM = "this drawing is not in the form that artwork is stored in"


@once_for_each_picture
def _drawing(svg: bytes) -> tuple[bytes, int]:
    """A drawing, and where the > of its <svg …> is. Raises BakeError when it is in another form, or carries a credential already."""
    if _NAMESPACE.encode() in svg:
        raise BakeError("this image carries a credential already")
    head, bracket, _ = svg.partition(b">")
    if not head.startswith(b"<svg ") or not bracket or head.endswith(b"/"):
        raise BakeError(_OTHER_FORM)
    return svg, len(head)


def drawing_of_svg(svg: bytes, credential: bytes) -> bytes:
    """The drawing into which bake_svg put this credential. Raises BakeError when it did not make these bytes of any."""
    quick = _known_drawing(svg, credential) if are_fast_roads_open() else None
    if quick is not None:
        return quick
    drawing = svg.replace(_BEFORE + credential + _AFTER, b">", 1)
    if drawing == svg or bake_svg(drawing, credential) != svg:
        raise BakeError("this image was not made of a drawing and this credential")
    return drawing


def _known_drawing(svg: bytes, credential: bytes) -> bytes | None:
    """As drawing_of_svg, in one step; None where the other road must say what is wrong."""
    start, baked = svg.find(b">") - _BEFORE.find(b">"), _BEFORE + credential + _AFTER
    if start < 0 or b"]]>" in credential or not svg.startswith(baked, start):
        return None
    try:
        drawing, place = _drawing(svg[:start] + b">" + svg[start + len(baked) :])
    except BakeError:
        return None
    return drawing if place == start else None


def unbake_svg(svg: bytes) -> bytes:
    """The credential in a baked SVG. Raises BakeError."""
    quick = _baked_into_known(svg) if are_fast_roads_open() else None
    if quick is not None:
        return json_bytes(quick)
    found = _elements(svg, _NAMESPACE, "credential")
    if not found:
        raise EmptyImageError("this SVG image carries no Open Badges 3.0 credential")
    if len(found) > 1:
        raise BakeError("this SVG image carries more than one credential")
    if found[0].attributes.get("verify"):
        raise BakeError("the credential in this image is a JSON Web Token, which is not checked here")
    return json_bytes(found[0].text.encode("utf-8"))


def _baked_into_known(svg: bytes) -> bytes | None:
    """What bake_svg put into a drawing; None where the whole image must be read.

    Whatever ASCII text is in the one section, all else reads as it does with another text in it: so a drawing is read once."""
    start = svg.find(b">") - _BEFORE.find(b">")
    end = svg.find(_AFTER, start)
    if start < 0 or end < 0 or len(svg) > MAX_IMAGE_BYTES or not svg.startswith(_BEFORE, start):
        return None
    credential = svg[start + len(_BEFORE) : end]
    if b"]]>" in credential or credential.translate(None, _ASCII_TEXT):
        return None
    is_only = _has_one_credential(svg[:start] + b">" + svg[end + len(_AFTER) :])
    return credential if is_only else None


@once_for_each_picture
def _has_one_credential(drawing: bytes) -> bool:
    """Whether what is baked into a drawing is all that is read from it."""
    try:
        return [element.text for element in _elements(bake_svg(drawing, b"{}"), _NAMESPACE, "credential")] == ["{}"]
    except BakeError:
        return False


def unbake_other_svg(svg: bytes) -> bytes | None:
    """What an SVG carries in another form: a token, or a badge of Open Badges 1 or 2; None for nothing. Raises BakeError."""
    own = _only_text(svg, _NAMESPACE, "credential")
    return own if own is not None and is_token(own) else _only_text(svg, _OLDER_NAMESPACE, "assertion")


def _only_text(svg: bytes, namespace: str, name: str) -> bytes | None:
    """What an element of a name says, in it or as its attribute; None where there is not exactly one, or it says nothing."""
    found = _elements(svg, namespace, name)
    said = (found[0].text, found[0].attributes.get("verify", "")) if len(found) == 1 else ()
    return next((raw for text in said if (raw := text.encode("utf-8").strip())), None)


def _elements(svg: bytes, namespace: str, name: str) -> list[Found]:
    """The elements of a name within a drawing. Raises BakeError."""
    if len(svg) > MAX_IMAGE_BYTES:
        raise BakeError("this SVG image is larger than 10 MB")
    try:
        return find_elements(svg, namespace=namespace, name=name)
    except XmlError as error:
        raise BakeError("this is not an SVG image that can be read safely") from error


def is_svg(raw: bytes) -> bool:
    """Whether a file may be an SVG image: XML that has the element <svg> near its beginning."""
    return raw.lstrip()[:1] == b"<" and _SVG.search(raw[:65_536]) is not None
