"""A credential inside of an SVG image, and out again.

Source: Open Badges 3.0, Open Badges Document Formats (File Format: SVG)."""

from __future__ import annotations

import re

from site_builder.credentials.carriers.form import MAX_IMAGE_BYTES, BakeError, EmptyImageError, is_token, json_bytes
from site_builder.credentials.carriers.xml import Found, XmlError, find_elements

__all__ = ["bake_svg", "drawing_of_svg", "is_svg", "unbake_other_svg", "unbake_svg"]

_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
# Of Open Badges 1 and 2. Source: Open Badges 2.0, Baking.
_OLDER_NAMESPACE = "http://openbadges.org"
_SVG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?svg[\s/>]", re.ASCII)


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
    found = _elements(svg, _NAMESPACE, "credential")
    if not found:
        raise EmptyImageError("this SVG image carries no Open Badges 3.0 credential")
    if len(found) > 1:
        raise BakeError("this SVG image carries more than one credential")
    if found[0].attributes.get("verify"):
        raise BakeError("the credential in this image is a JSON Web Token, which is not checked here")
    return json_bytes(found[0].text.encode("utf-8"))


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
