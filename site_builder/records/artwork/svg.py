"""Drawings that people send: an SVG is parsed, held against a list of what may stand in it, and written out anew.

A contributor's own bytes are never published. Sources: SVG 1.1 (Second Edition); the list is ours and leaves out whatever can fetch,
run, animate, embed or multiply: text (its look would depend on fonts), images, styles, scripts, filters, patterns, masks."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from site_builder.errors import Error

__all__ = ["MAX_SVG_BYTES", "ArtworkError", "reserialize_svg"]

MAX_SVG_BYTES = 262_144
_MAX_ELEMENTS = 2_000
_MAX_DEPTH = 24
_MAX_USES = 50
_MAX_DRAWN = 50_000
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = set(
    "svg g defs path rect circle ellipse line polyline polygon linearGradient radialGradient stop clipPath use".split()
)
_ATTRIBUTES = set(
    (
        "id viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points transform fill fill-opacity fill-rule stroke "
        "stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset stroke-opacity "
        "opacity clip-path clip-rule offset stop-color stop-opacity gradientUnits gradientTransform spreadMethod "
        "clipPathUnits preserveAspectRatio color visibility display"
    ).split()
)
# What nobody sees. The words for a picture come from image_alt, which is signed.
_UNSEEN = {_SVG + name for name in ("title", "desc", "metadata")}
_REFERRING = {_SVG + name for name in ("use", "linearGradient", "radialGradient")}
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_LOCAL_URL = re.compile(r"url\(\s*#([A-Za-z_][A-Za-z0-9_.-]{0,63})\s*\)")
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9 .,;%#()+\-\t\n\r_]*")
_FUNCTION = re.compile(r"([A-Za-z-]+)\s*\(")
_FUNCTIONS = {
    "rgb",
    "rgba",
    "hsl",
    "hsla",
    "translate",
    "scale",
    "rotate",
    "matrix",
    "skewX",
    "skewY",
    "skewx",
    "skewy",
}
_MAX_NUMBER = 1_000_000


class ArtworkError(Error):
    """A drawing that cannot be published. code: ART001 or ART002; fix: what to do; line is not known."""

    def __init__(self, what: str, fix: str, *, code: str = "ART001") -> None:
        super().__init__(what)
        self.what, self.fix, self.code = what, fix, code


def reserialize_svg(raw: bytes) -> bytes:
    """The drawing in the one form that is stored and published: UTF-8, no declaration, listed elements and attributes only.

    The result begins with ``<svg xmlns=`` and is the same for the same drawing. Raises ArtworkError."""
    if len(raw) > MAX_SVG_BYTES:
        raise ArtworkError(
            "this drawing is larger than 256 KiB", "simplify it, or take embedded pictures out", code="ART002"
        )
    try:
        root = ElementTree.fromstring(raw, forbid_dtd=False)
    except DefusedXmlException as error:
        raise ArtworkError("this drawing declares entities", "save it again as 'plain SVG'") from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ArtworkError("this is not an SVG drawing that can be read", "export it again as 'plain SVG'") from error
    if root.tag != _SVG + "svg":
        raise ArtworkError("this is not an SVG drawing", "export it as 'plain SVG'")
    _check_view_box(root)
    if sum(1 for _ in root.iter()) > _MAX_ELEMENTS:
        raise ArtworkError(f"this drawing has more than {_MAX_ELEMENTS:,} parts", "simplify it", code="ART002")
    _prune(root)
    _check_references(root)
    return (_write(root, depth=0) + "\n").encode("utf-8")


def _check_view_box(root: Element) -> None:
    numbers = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        left, top, width, height = map(float, numbers)
    except ValueError:
        raise ArtworkError(
            "this drawing has no viewBox", 'add viewBox="0 0 600 600" (its width and height) to <svg>'
        ) from None
    if (
        not all(abs(number) <= _MAX_NUMBER for number in (left, top))
        or not 1 <= min(width, height) <= max(width, height) <= 10_000
    ):
        raise ArtworkError("the viewBox of this drawing is too small or too large", "use sizes between 1 and 10,000")
    if not 0.2 <= width / height <= 5:
        raise ArtworkError("this drawing is much wider than high, or the other way round", "make it nearly square")


def _prune(root: Element) -> None:
    """Takes out what is not kept: an editor's own notes (another namespace or none), titles. All checks see what is written."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        for child in list(element):
            if not isinstance(child.tag, str) or not child.tag.startswith(_SVG) or child.tag in _UNSEEN:
                element.remove(child)
            else:
                waiting.append(child)


def _check_references(root: Element) -> None:
    """Counts what a reader would draw: a `use` of a `use` multiplies, so a used part may not use another."""
    elements = list(root.iter())
    by_id = {element.attrib["id"]: element for element in elements if "id" in element.attrib}
    if len(by_id) != sum("id" in element.attrib for element in elements):
        # Programs take the first or the last of two parts with one id; what is counted must be what is drawn.
        raise ArtworkError("two parts of this drawing have the same id", "export it again as 'plain SVG'")
    uses = [element for element in elements if element.tag == _SVG + "use"]
    if len(uses) > _MAX_USES:
        raise ArtworkError(
            f"this drawing repeats parts more than {_MAX_USES} times (<use>)", "simplify it", code="ART002"
        )
    for use in uses:
        target = by_id.get(_target(use))
        if any(not use.get(name, "#").startswith("#") for name in ("href", _XLINK_HREF)):
            raise _refers_outside()
        if target is None:
            raise ArtworkError(
                "a <use> in this drawing names a part that is not there", "export it again, without symbols"
            )
        if target.tag == _SVG + "svg" or any(inner.tag == _SVG + "use" for inner in target.iter()):
            raise ArtworkError(
                "a <use> in this drawing repeats another <use>",
                "export it again, without nested symbols",
                code="ART002",
            )

    if _count_drawn(root, by_id, {}, depth=0) > _MAX_DRAWN:
        raise ArtworkError("this drawing repeats its parts too often (clips, <use>)", "simplify it", code="ART002")


def _target(element: Element) -> str:
    """The id that a `use` or a gradient refers to. SVG 2, 5.5: href goes before xlink:href."""
    return (element.get("href") or element.get(_XLINK_HREF) or "").removeprefix("#")


def _count_drawn(element: Element, by_id: dict[str, Element], known: dict[Element, int], *, depth: int) -> int:
    """How many parts are drawn for an element, with all that it refers to: a clip of clips multiplies as a `use` of uses does."""
    if depth > _MAX_DEPTH:
        raise _too_deep()
    if element not in known:
        names = {_target(element)} | {name for value in element.attrib.values() for name in _LOCAL_URL.findall(value)}
        parts = [*element, *(by_id[name] for name in sorted(names & set(by_id)))]
        known[element] = 1 + sum(_count_drawn(part, by_id, known, depth=depth + 1) for part in parts)
    return known[element]


def _refers_outside() -> ArtworkError:
    return ArtworkError("this drawing refers to something outside of itself", "embed nothing; draw everything")


def _too_deep() -> ArtworkError:
    what = f"this drawing is nested more than {_MAX_DEPTH} levels deep, or a part of it refers to itself"
    return ArtworkError(what, "simplify it", code="ART002")


def _write(element: Element, *, depth: int) -> str:
    if depth > _MAX_DEPTH:
        raise _too_deep()
    name = element.tag.removeprefix(_SVG)
    if name not in _ELEMENTS or (name == "svg" and depth):
        fix = (
            "convert text to paths in your drawing program" if name in ("text", "tspan", "textPath") else "take it out"
        )
        raise ArtworkError(f"this drawing has a <{name[:30]}>, which may not stand in one", fix)
    inner = "".join(_write(child, depth=depth + 1) for child in element)
    attributes = "".join(_write_attribute(element, key, value) for key, value in element.attrib.items())
    namespace = ' xmlns="http://www.w3.org/2000/svg"' if name == "svg" else ""
    return (
        f"<{name}{namespace}{attributes}>{inner}</{name}>"
        if inner or name == "svg"
        else f"<{name}{namespace}{attributes}/>"
    )


def _write_attribute(element: Element, key: str, value: str) -> str:
    if key in ("href", _XLINK_HREF):
        if element.tag not in _REFERRING or not value.startswith("#") or not _ID.fullmatch(value[1:]):
            raise _refers_outside()
        return "" if key == _XLINK_HREF and "href" in element.attrib else f' href="{value}"'
    if key.startswith("{"):
        return ""
    if key not in _ATTRIBUTES:
        if key in ("version", "class", "role", "focusable", "xmlns") or key.startswith(("aria-", "data-")):
            return ""
        fix = (
            "in Inkscape save as 'Optimized SVG' with 'Convert CSS attributes to XML attributes'; elsewhere export "
            "SVG with 'presentation attributes'"
            if key == "style"
            else "take it out"
        )
        raise ArtworkError(f"this drawing has the attribute {key[:30]!r}, which may not stand in one", fix)
    _check_value(key, value)
    # No sign that would need an escape is let through.
    return f' {key}="{" ".join(value.split())}"'


def _check_value(key: str, value: str) -> None:
    if key == "id" and not _ID.fullmatch(value):
        raise ArtworkError("a part of this drawing has an id with odd characters", "use letters, digits, - and _")
    rest = _LOCAL_URL.sub("", value)
    if not _PLAIN_VALUE.fullmatch(rest) or any(name not in _FUNCTIONS for name in _FUNCTION.findall(rest)):
        raise ArtworkError(
            f"the attribute {key!r} in this drawing has a value that may not stand in one", "take it out"
        )
    if any(len(digits) > 12 for digits in re.findall(r"\d+", value)):
        raise ArtworkError(
            f"the attribute {key!r} in this drawing has an endless number", "export it again with fewer decimals"
        )
