"""Drawings: what comes out is made of listed elements and attributes, points nowhere, and comes out the same again."""

from __future__ import annotations

import re
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.records.artwork.drawings import what_a_drawing_may_not
from site_builder.records.artwork.svg import MAX_SVG_BYTES, ArtworkError, reserialize_svg

SVG = "http://www.w3.org/2000/svg"
# Written down once more, so that a longer list in the module is a decision.
ELEMENTS = set(
    "svg g defs path rect circle ellipse line polyline polygon linearGradient radialGradient stop clipPath use".split()
)
ATTRIBUTES = set(
    "id viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points transform fill fill-opacity fill-rule stroke stroke-width "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset stroke-opacity opacity clip-path clip-rule offset "
    "stop-color stop-opacity gradientUnits gradientTransform spreadMethod clipPathUnits preserveAspectRatio color visibility display href".split()
)


def drawing(inner: str, attributes: str = 'viewBox="0 0 9 9"') -> bytes:
    return f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{inner}</svg>'.encode()


@pytest.mark.parametrize(
    ("inner", "written"),
    [
        ('<path d="M0 0\n h9"/>', '<path d="M0 0 h9"/>'),
        ("<title>Knots</title><desc>x</desc><metadata/><!-- x --><?x y?>", ""),
        ('<g class="a" data-x="1" aria-label="x" role="img"><rect/></g>', "<g><rect/></g>"),
        ('<e:notes xmlns:e="https://editor.example/"><path/></e:notes>', ""),
        ('<path xmlns="" d="M0 0"/>', ""),
        ('<g id="a"/><use xlink:href="#a"/>', '<g id="a"/><use href="#a"/>'),
        ('<g id="a"/><g id="b"/><use href="#a" xlink:href="#b"/>', '<g id="a"/><g id="b"/><use href="#a"/>'),
        ('<path fill="url( #a )"/>', '<path fill="url( #a )"/>'),
        ("<g>words</g>", "<g/>"),
        ('<path e:fill="x" xmlns:e="https://editor.example/"/>', "<path/>"),
    ],
)
def test_a_drawing_is_written_anew(inner: str, written: str) -> None:
    assert reserialize_svg(drawing(inner)).decode() == f'<svg xmlns="{SVG}" viewBox="0 0 9 9">{written}</svg>\n'


@pytest.mark.parametrize(
    "inner",
    [
        "<script/>",
        "<style/>",
        "<a/>",
        "<svg/>",
        "<filter/>",
        "<mask/>",
        "<pattern/>",
        "<symbol/>",
        "<set/>",
        '<path fill="url(a.svg)"/>',
        '<path fill="uurl(#a)rl(x)"/>',
        '<path fill="URL(x)"/>',
        '<path fill="\\75rl(x)"/>',
        '<path fill="expression(x)"/>',
        '<path fill="red/*"/>',
        '<path id="a b"/>',
        '<path id=""/>',
        '<path href="#a"/>',
        '<use href="javascript:x"/>',
        '<use href="a.svg#a"/>',
        '<use xmlns:x="http://www.w3.org/1999/xlink" href="#a" x:href="a.svg#a"/><g id="a"/>',
        '<path onclick="x"/>',
        '<path style="x"/>',
        '<path filter="url(#a)"/>',
        '<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/>',
        '<clipPath id="a"><g id="c"><use href="#b"/></g></clipPath><g id="b" clip-path="url(#a)"/>',
    ],
)
def test_what_could_fetch_run_or_multiply_is_refused(inner: str) -> None:
    with pytest.raises(ArtworkError):
        reserialize_svg(drawing(inner))


@pytest.mark.parametrize(
    "raw",
    [
        b"<" * MAX_SVG_BYTES,
        drawing("<g>" * 80_000),
        drawing("<g>" * 60_000 + "</g>" * 10),
        drawing("<!--" + "-" * 200_000),
        drawing('<path d="' + "1 " * 100_000 + '"/>'),
        drawing('<path fill="' + "url(#a)" * 30_000 + '"/>'),
        drawing('<path fill="' + "a(" * 100_000 + '"/>'),
        drawing("", 'viewBox="' + " " * 200_000 + '"'),
        drawing("".join(f'<g id="g{n}" clip-path="url(#g{n + 1})"/>' for n in range(1_900))),
        drawing("".join(f'<g id="g{n}" clip-path="url(#g{n - 1})"/>' for n in range(1_900))),
        "<svg/>".encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-7"?><svg/>',
        b'<?xml version="1.0" encoding="none"?><svg/>',
        b"<!DOCTYPE a [" + b'<!ENTITY a "b">' * 10_000 + b"]><svg/>",
        b"<!DOCTYPE a [" + b"<!ATTLIST svg a CDATA 'x'>" * 5_000 + b"]><svg/>",
    ],
    ids=range(15),
)
def test_pathological_drawings_are_done_with_at_once(raw: bytes) -> None:
    started = time.process_time()
    _hold_to_the_list(raw)
    assert time.process_time() - started < 2


NAMES = st.sampled_from([*ELEMENTS, "script", "image", "text", "foreignObject", "title", "x:g", "style", "a"])
KEYS = st.sampled_from([*ATTRIBUTES, "xlink:href", "style", "onload", "class", "x:y", "xml:base"])
VALUES = st.sampled_from(
    "0 #a #b url(#a) url(#b) url(//evil.example) red none M0,0h9 javascript:x translate(1) 1e999 &#117;rl(x) &#10; uurl(#a)rl( "
    "http://evil.example &quot; -1 0.333333333333333".split(" ")
) | st.sampled_from(["a", "b", "c", ""])


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(NAMES)
    pairs = draw(st.dictionaries(KEYS, VALUES, max_size=3))
    inner = "".join(draw(st.lists(elements(depth + 1), max_size=3))) if depth < 3 else ""
    attributes = "".join(f' {key}="{value}"' for key, value in pairs.items())
    return f"<{name}{attributes}>{inner}</{name}>"


HARMLESS = st.sampled_from(
    [
        '<g id="a"><path d="M0 0h9"/></g>',
        '<g id="b" clip-path="url(#a)"/>',
        '<clipPath id="c"><use href="#a"/></clipPath>',
        '<use xlink:href="#a"/>',
        '<linearGradient id="d" xlink:href="#e"/>',
        '<linearGradient id="e"><stop offset="0"/></linearGradient>',
        '<path fill="url(#d)"/>',
        "<title>x</title>",
        '<x:g id="a"/>',
        '<path xmlns="" id="a"/>',
    ]
)


def _shape(inner: list[str]) -> bytes:
    return drawing("".join(inner), 'viewBox="0 0 9 9" xmlns:x="https://x.example/"')


@given(st.lists(elements(), max_size=3).map(_shape))
def test_any_drawing_is_refused_or_holds_to_the_list(raw: bytes) -> None:
    _hold_to_the_list(raw)


@given(st.lists(HARMLESS, max_size=6).map(_shape))
def test_any_mixture_of_harmless_parts_holds_to_the_list(raw: bytes) -> None:
    _hold_to_the_list(raw)


@given(st.binary(max_size=600))
def test_any_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(ArtworkError):
        reserialize_svg(raw)


def _hold_to_the_list(raw: bytes) -> None:
    try:
        written = reserialize_svg(raw)
    except ArtworkError:
        return
    assert reserialize_svg(written) == written
    assert written.startswith(f'<svg xmlns="{SVG}"'.encode())
    for element in ElementTree.fromstring(written).iter():
        assert element.tag.removeprefix(f"{{{SVG}}}") in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
        assert not (element.text or "").strip()
        for value in element.attrib.values():
            assert not re.search(r"url\(\s*[^#\s]", value, re.IGNORECASE)
    rest = written.decode().replace(f'xmlns="{SVG}"', "", 1)
    assert not re.search(r"http|script|xlink|&|<!|<\?|:", rest)


# --- drawings beside artwork: published as they are, or not at all ----------------------------------------------------


def standing(inside: str = "", *, before: str = "", more: str = "") -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'{before}<svg {names} viewBox="0 0 9 9"{more}>{inside}</svg>'.encode()


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (standing("<script>alert(1)</script>"), "<script>"),
        (standing('<s:script xmlns:s="http://www.w3.org/2000/svg"/>'), "<script>"),
        (standing('<script xmlns="http://www.w3.org/1999/xhtml"/>'), "<script>"),
        (standing('<x xmlns="http://nobody.example/"/>'), "<x>"),
        (standing("<foreignObject/>"), "<foreignObject>"),
        (standing('<a><set attributeName="href" to="javascript:alert(1)"/></a>'), "<set>"),
        (standing('<animate attributeName="xlink:href" values="javascript:alert(1)"/>'), "<animate>"),
        (standing("<handler/>"), "<handler>"),
        (standing(more=' onload="alert(1)"'), "'onload'"),
        (standing('<g ONCLICK="alert(1)"/>'), "'onclick'"),
        (standing('<a href="javascript:alert(1)"/>'), "begins with 'javascript:'"),
        (standing('<a xlink:href=" java&#10;Script:alert(1)"/>'), "begins with 'javaScript:'"),
        (standing('<a href="data:text/html,x"/>'), "begins with 'data:'"),
        (standing('<a href="https://school.example/" ping="https://other.example/"/>'), "'ping'"),
        (standing('<use href="other.svg#a"/>'), "outside of itself"),
        (standing('<use href="#a" xml:base="https://other.example/"/>'), "'xml:base'"),
        (standing('<image href="https://other.example/a.png"/>'), "a picture from elsewhere"),
        (standing('<image href="data:image/svg+xml;base64,AAAA"/>'), "a picture from elsewhere"),
        (standing('<feImage href="a.png"/>'), "a picture from elsewhere"),
        (standing("<style>@import 'a.css'</style>"), "can load something"),
        (standing("<style><![CDATA[@im]]>port 'a.css'</style>"), "can load something"),
        (standing("<style>g { fill: url(https://other.example/) }</style>"), "outside of itself"),
        (standing('<g style="background: image-set(&quot;a.png&quot; 1x)"/>'), "can load something"),
        (standing('<g fill="url(other.svg#a)"/>'), "outside of itself"),
        (standing('<g fill="u\\72l(other.svg#a)"/>'), "a backslash"),
        (standing(before='<?xml-stylesheet href="a.css"?>'), "<?xml-stylesheet"),
        (standing(before="<!DOCTYPE svg>"), "<!DOCTYPE>"),
        (standing("&x;", before='<!DOCTYPE svg [<!ENTITY x "y">]>'), "<!DOCTYPE>"),
        (standing("<script>").removesuffix(b"</svg>"), "<script>"),
        (standing("<g>"), "can be read"),
        (b"", "can be read"),
        (b"<html/>", "is not an SVG drawing"),
        (standing().decode().encode("utf-16"), "UTF-8"),
        (standing(before='<?xml version="1.0" encoding="cp037"?>'), "UTF-8"),
    ],
)
def test_a_drawing_beside_a_page_that_could_run_or_fetch_is_refused(raw: bytes, what: str) -> None:
    assert what in what_a_drawing_may_not(raw)


@pytest.mark.parametrize(
    "raw",
    [
        standing('<text>A &amp; B</text><g fill="url(#a)"/><use xlink:href="#a"/>'),
        standing('<a href="https://school.example/"><title>School</title></a><a href="../about/"/><a href="#a"/>'),
        standing("<style>g { fill: url('#a'); font: 9px serif } @media print { g { fill: none } }</style>"),
        standing("<style>@font-face { font-family: a; src: url(data:font/woff2;base64,AAAA) }</style>"),
        standing('<image href="data:image/png;base64,AAAA\n"/>'),
        standing(before='<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- drawn by hand -->\n'),
        standing('<x:namedview xmlns:x="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" x:file="C:\\a.svg"/>'),
        standing('<g class="one\\two" aria-label="it is on" data-online="yes"/>'),
    ],
)
def test_a_drawing_that_stands_still_is_published_as_it_is(raw: bytes) -> None:
    assert what_a_drawing_may_not(raw) == ""


def test_every_drawing_of_this_site_stands_still() -> None:
    root = Path(__file__).parents[1]
    drawings = [
        file for folder in ("content/pages", "themes", "badges", "issuers") for file in (root / folder).rglob("*.svg")
    ]
    assert len(drawings) > 10
    assert {file.name: reason for file in drawings if (reason := what_a_drawing_may_not(file.read_bytes()))} == {}
