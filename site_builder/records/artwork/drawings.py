"""Drawings beside artwork, such as those on pages or of a theme: an SVG that is opened by itself is a page of its own, and can run.

They are published as they are, so one that could run a script, show another page or fetch something is refused. What is not on these
lists is refused as well. Sources: SVG 2, 2.1 Document structure, 15 Scripting, 16 Linking; SVG Animations Level 2; Associating Style
Sheets with XML documents; what can fetch in CSS: CSS Values and Units Level 4, CSS Images Level 4, CSS Cascading Level 4."""

from __future__ import annotations

import re
from collections.abc import Mapping

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

__all__ = ["what_a_drawing_may_not"]

_SVG = "http://www.w3.org/2000/svg"
# What stands still, and draws. Not among them: script, foreignObject, animate, set, handler, discard, iframe, audio, video, canvas.
_ELEMENTS = set(
    (
        "svg g defs symbol use switch a title desc metadata style path rect circle ellipse line polyline polygon text tspan "
        "textPath image marker linearGradient radialGradient stop pattern clipPath mask filter view feBlend feColorMatrix "
        "feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood "
        "feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight "
        "feSpecularLighting feSpotLight feTile feTurbulence solidcolor hatch hatchpath mesh meshgradient meshpatch meshrow"
    ).split()
)
# Notes of drawing programs, which no browser gives a meaning to.
_NOTES = (
    "http://www.inkscape.org/namespaces/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/",
    "http://www.bohemiancoding.com/sketch/",
    "http://www.serif.com/",
    "http://ns.adobe.com/",
    "https://purl.imsglobal.org/ob/",
)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_FONT_OR_PICTURE = re.compile(r"data:(?:font/|application/(?:x-)?font|image/(?:png|jpeg|gif|webp)[;,])")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LINK_SCHEMES = ("http:", "https:", "mailto:")
_URL = re.compile(r"url\(\s*[\"']?\s*([^\"')]*)", re.IGNORECASE)
# An escape could spell any of the others.
_FETCHING_CSS = re.compile(r"@import|image-set|image\(|src\(|element\(|cross-fade|\\", re.IGNORECASE)
# What no browser reads as CSS.
_PLAIN_TEXT = ("aria-", "data-", "id", "class", "{")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]*)")


def what_a_drawing_may_not(raw: bytes) -> str:
    """Why an SVG file may not be published as it is, as the end of a sentence about it; "" when it may."""
    encoding = _ENCODING.search(raw[:200])
    if not _is_utf8(raw) or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
        return "is not written in UTF-8"
    reader = _Reader()
    parser = DefusedXMLParser(target=reader, encoding="utf-8", forbid_dtd=True)
    try:
        parser.feed(raw)
        parser.close()
    except _Refused as refused:
        return str(refused)
    except DefusedXmlException:
        return "begins with a <!DOCTYPE>, which can declare anything"
    except (ParseError, ValueError, LookupError):
        return "is not an SVG drawing that can be read"
    return ""


def _is_utf8(raw: bytes) -> bool:
    try:
        return "\0" not in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False


class _Refused(Exception):
    """What stands in a drawing and may not."""


class _Reader:
    """Meets each part of a drawing in turn. Raises _Refused at the first that may not be there."""

    def __init__(self) -> None:
        self.depth = 0
        self.style: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.depth == 0 and tag != f"{{{_SVG}}}svg":
            raise _Refused("is not an SVG drawing")
        name = _element(tag)
        self.depth += 1
        for key, value in attributes.items():
            _check_attribute(name, key, value)
        if name == "style":
            self.style = []

    def data(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)

    def end(self, tag: str) -> None:
        self.depth -= 1
        if tag == f"{{{_SVG}}}style" and self.style is not None:
            _check_css("".join(self.style))
            self.style = None

    def pi(self, target: str, text: str) -> None:
        raise _Refused(f"has a processing instruction (<?{target[:30]}), which can load something")

    def close(self) -> None:
        """Called at the end; everything was said before."""


def _element(tag: str) -> str:
    """The name of an element, "" for a note of a drawing program."""
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    if namespace == _SVG and name in _ELEMENTS:
        return name
    if namespace.startswith(_NOTES):
        return ""
    raise _Refused(f"has a <{name[:30]}>, which can run, move or show something else")


def _check_attribute(element: str, key: str, value: str) -> None:
    name = key.rpartition("}")[2].lower()
    if name.startswith("on"):
        raise _Refused(f"has the attribute {name[:30]!r}, which runs a script")
    if name == "base":
        raise _Refused("has the attribute 'xml:base', which leads its links elsewhere")
    if name == "ping":
        raise _Refused("has the attribute 'ping', which tells another host of every click")
    if name in ("href", "src"):
        _check_reference(element, value)
    elif not key.startswith(_PLAIN_TEXT):
        # Not only of style: the value of an attribute such as fill is CSS as well.
        _check_css(value)


def _check_reference(element: str, value: str) -> None:
    # Browsers pass over spaces and control characters in an address.
    address = re.sub(r"[\x00-\x20\x7f-\xa0\u2028\u2029]", "", value)
    if element in ("a", ""):
        scheme = _SCHEME.match(address)
        if scheme and scheme[0].lower() not in _LINK_SCHEMES:
            raise _Refused(f"has a link that begins with {scheme[0][:30]!r}")
    elif element in ("image", "feImage"):
        if not _PICTURE.fullmatch(value.strip()):
            raise _Refused("shows a picture from elsewhere")
    elif not address.startswith("#"):
        raise _Refused("refers to something outside of itself")


def _check_css(text: str) -> None:
    """Raises _Refused for what fetches something."""
    if _FETCHING_CSS.search(text):
        raise _Refused("has a style that can load something, or has a backslash in it")
    for address in _URL.findall(text):
        if not address.startswith("#") and not _FONT_OR_PICTURE.match(address):
            raise _Refused("has a style that refers to something outside of itself")
