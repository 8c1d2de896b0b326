"""What people bring to a verifier: Python and the page find the same credential in a file, or refuse it in the same words."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from site_builder.credentials.carriers.png import bake_png, png_chunks
from site_builder.credentials.carriers.svg import bake_svg
from site_builder.encoding import format_png, only_slow_roads
from site_builder.errors import Error
from site_builder.verification.decode.file import unbaked
from site_builder.verification.evidence.address import credential_address, is_html
from tests import test_bake as python
from tests.test_verifiers_agree import CREDENTIAL, Json, Node, as_base64, running_node
from tests.vector_files import VECTORS

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")

VECTOR_FILES = sorted(file for file in (VECTORS / "baked").rglob("*") if file.suffix in (".png", ".svg"))


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as running:
        yield running


def in_python(raw: bytes) -> Json:
    """What comes out of a file: the same whether pictures that were read before are read again or not."""
    quick = on_one_road(raw)
    with only_slow_roads():
        assert on_one_road(raw) == quick
    return quick


def on_one_road(raw: bytes) -> Json:
    try:
        return {"ok": as_base64(unbaked(raw)), "reason": ""}
    except Error as error:
        return {"ok": None, "reason": str(error)}


def agreed(raw: bytes, node: Node) -> Json:
    expected = in_python(raw)
    assert node.ask({"file": as_base64(raw)}) == expected
    return expected


@pytest.mark.parametrize("file", VECTOR_FILES, ids=lambda file: file.name)
def test_both_read_or_refuse_what_others_baked(file: Path, node: Node) -> None:
    agreed(file.read_bytes(), node)


def test_what_we_bake_comes_out_of_both(node: Node) -> None:
    for image in (bake_png(python.PNG, python.CREDENTIAL), bake_svg(python.SVG, python.CREDENTIAL)):
        assert base64.b64decode(agreed(image, node)["ok"]) == python.CREDENTIAL


@pytest.mark.parametrize("name", [*python.WRONG, *python.WRONG_SVG])
def test_both_refuse_in_the_same_words(name: str, node: Node) -> None:
    for wrong in (python.WRONG, python.WRONG_SVG):
        if name in wrong:
            agreed(wrong[name][0], node)


@pytest.mark.parametrize(
    "inside",
    [
        "<o:credential>{}</o:credential>",
        "<o:credential>\n <![CDATA[{}]]>\n</o:credential>",
        f"<g/>{python.ELEMENT}",
        "<o:credential>&#123;&quot;a&quot;: &#x22;&lt;&#x1f9d1;&quot;}</o:credential>",
        "<!-- a comment --><o:credential><!-- { -->{}<?php ?></o:credential>",
        '<g xmlns:o="urn:other"><o:credential>{}</o:credential></g>',
        f'<credential xmlns="{python.NAMESPACE}">{{}}</credential>',
        '<o:credential verify="">{}</o:credential>',
        "<o:credential>{<b/>}</o:credential>",
        "<o:credential>\r\n{\r}</o:credential>",
        "<o:credential>{}</o:credential><p:g/>",
        "<g a='1' a='2'/><o:credential>{}</o:credential>",
        "<g a='<'/><o:credential>{}</o:credential>",
        "<g></h>",
        "]]>",
        "&#0;",
        "&#xD800;",
        "&unknown;",
        "<!-- -- -->",
        "<?xml version='1.0'?>",
        "<![CDATA[",
        "<a\u00a0b='c'/>",
        "<\u00d7/>",
        "<a ve\u2028rify='b'/>",
        "<o:credential verify='\ne30.e30.AA'/>",
        "<o:credential>{&#00000000032;}</o:credential>",
        "<?xmlcredential?>",
        "<?&?>",
        "<? a?>",
        "<?a/b?>",
    ],
)
def test_both_read_the_same_xml(inside: str, node: Node) -> None:
    agreed(python.svg_with(inside), node)


@pytest.mark.parametrize(
    "before",
    [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        "<!-- drawn with a program -->\n<?xml-stylesheet href='a.css'?>",
        "\ufeff",
    ],
)
def test_both_pass_over_what_precedes_a_drawing(before: str, node: Node) -> None:
    assert agreed(python.svg_with(python.ELEMENT, before=before), node)["ok"]


# What stands before a drawing, and whether it is read then.
HEADS = {
    "quotes that differ": ("<?xml version='1.0\"?>", False),
    "a declaration in capitals": ('<?XML version="1.0"?>', False),
    "two declarations": ('<?xml version="1.0"?><?xml version="1.0"?>', False),
    "a document type of one word": ("<!DOCTYPE svg>", True),
    "one with brackets in an address": ('<!DOCTYPE svg SYSTEM "http://example.org/<a>">', True),
    "one that is misspelt": ('<!DOCTYPE svg PUXLIC "a" "b">', False),
    "one with an empty list of its own": ("<!DOCTYPE svg [ ]>", True),
    "one that gives elements attributes": ('<!DOCTYPE svg [<!ATTLIST o:credential verify CDATA "x">]>', False),
    "Latin 1": ("<?xml version='1.0' encoding='ISO-8859-1'?>", True),
    "another encoding": ("<?xml version='1.0' encoding='windows-1252'?>", False),
}


@pytest.mark.parametrize(("head", "is_read"), HEADS.values(), ids=HEADS.keys())
def test_both_read_or_refuse_the_same_heads(head: str, is_read: bool, node: Node) -> None:
    assert (agreed(python.svg_with(python.ELEMENT, before=head), node)["ok"] is not None) is is_read


def test_both_read_latin_1_as_it_is(node: Node) -> None:
    svg = python.svg_with(
        '<o:credential>{"a": "!"}</o:credential>', before='<?xml version="1.0" encoding="iso-8859-1"?>'
    )
    # A letter, and what other programs take for another one.
    found = agreed(svg.replace(b"!", b"\xe9\x80\x85"), node)["ok"]
    assert base64.b64decode(found).decode("utf-8") == '{"a": "\u00e9\u0080\u0085"}'


# A reference that nobody defines is no reason to take the rest for the whole.
def test_both_refuse_what_a_document_type_elsewhere_may_define(node: Node) -> None:
    head = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert agreed(python.svg_with("<o:credential>{&x;}</o:credential>", before=head), node)["ok"] is None


BEFORE_A_DRAWING = {"much white space": b" " * 5_000, "white space in another encoding": b"\xa0", "a zero byte": b"\0"}


@pytest.mark.parametrize("before", BEFORE_A_DRAWING.values(), ids=BEFORE_A_DRAWING.keys())
def test_both_take_the_same_bytes_for_a_drawing(before: bytes, node: Node) -> None:
    agreed(before + python.svg_with(python.ELEMENT), node)


def test_both_refuse_a_drawing_cut_off_at_any_byte(node: Node) -> None:
    baked = bake_svg(python.SVG, b'{"a": 1}')
    for length in range(0, len(baked), 3):
        agreed(baked[:length], node)


def test_a_byte_order_mark_is_passed_over(node: Node) -> None:
    raw = json.dumps(CREDENTIAL).encode()
    assert base64.b64decode(agreed(b"\xef\xbb\xbf" + raw, node)["ok"]) == raw


OLDER = b'{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://example.org/a"}'
TOKEN = b"eyJhbGciOiJFZERTQSJ9.e30.AAAA"


def text_chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG with one text more."""
    first, *rest = png_chunks(python.PNG)
    return format_png([first, (kind, data), *rest])


def older_svg(inside: str) -> bytes:
    return python.svg_with(inside).replace(b"<svg ", b'<svg xmlns:b="http://openbadges.org" ')


CARRIED = {
    "an older badge in an iTXt chunk": (text_chunk(b"iTXt", b"openbadges\0\0\0\0\0" + OLDER), OLDER),
    "an older badge in a tEXt chunk": (text_chunk(b"tEXt", b"openbadges\0 " + OLDER + b"\n"), OLDER),
    "its address alone": (text_chunk(b"tEXt", b"openbadges\0https://example.org/a"), OLDER),
    "its token": (text_chunk(b"tEXt", b"openbadges\0" + TOKEN), TOKEN),
    "a token": (text_chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + TOKEN), TOKEN),
    "an older badge in a drawing": (older_svg(f"<b:assertion>\n<![CDATA[{OLDER.decode()}]]></b:assertion>"), OLDER),
    "its address in a drawing": (older_svg('<b:assertion verify="https://example.org/a"/>'), OLDER),
    "a token in a drawing": (older_svg(f'<o:credential verify="{TOKEN.decode()}"/>'), TOKEN),
    "nothing": (python.PNG, python.PNG),
    "nothing in a drawing": (python.SVG, python.SVG),
    "what is no JSON": (
        text_chunk(b"tEXt", b"openbadges\0x"),
        b'{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":""}',
    ),
}


@pytest.mark.parametrize(("image", "carried"), CARRIED.values(), ids=CARRIED.keys())
def test_what_an_image_carries_in_another_form_comes_out_of_both(image: bytes, carried: bytes, node: Node) -> None:
    assert base64.b64decode(agreed(image, node)["ok"]) == carried


AS_THEY_ARE = [
    json.dumps(CREDENTIAL).encode(),
    b"{}",
    b"[1]",
    b"no JSON at all",
    b"{",
    b"\xff\xfe",
    b"%PDF-1.7\n",
    b"<html>",
]


@pytest.mark.parametrize("raw", [*AS_THEY_ARE, b"<!-- a --><!doctype html>", b"<xml/>", b"<p>&nbsp;</p>"])
def test_everything_else_is_left_to_the_verifier(raw: bytes, node: Node) -> None:
    assert base64.b64decode(agreed(raw, node)["ok"]) == raw


PAGE = "https://badges.example.org/c/abc/"
PAGES = [
    "<html>",
    '<link rel="alternate" type="application/vc" href="credential-2.json">',
    "<LINK href=credential-2.json type='application/vc; charset=utf-8' rel='nofollow ALTERNATE'>",
    '<link rel="alternate" type="application/rss+xml" href="feed"><link rel="alternate" type="application/vc" href="/a?b=1&amp;c=2#d">',
    '<link rel="canonical" type="application/vc" href="x"><link rel="alternate" type="application/vc">',
    '<body><link rel="alternate" type="application/vc" href="x">',
    '<link rel="alternate" type="application/vc" href="https://other.example/c.json">',
    '<BODY class="x"><link rel="alternate" type="application/vc" href="x">',
    '<link rel="alternate" type="application/vc" href=""><link rel="alternate" type="application/vc" href="second">',
    '<link\u00a0rel="alternate" type="application/vc" href="x">',
    '<lin\u212a rel="alternate" type="application/vc" href="x">',
    f'<link rel="alternate" type="application/vc" href="{"x" * 2000}">',
    # Two that would take an hour where a part of a pattern can begin at every letter.
    f"<link {'a' * 400_000}>",
    f"<link {'a' * 1990}>" * 1000,
]


@pytest.mark.parametrize("html", PAGES, ids=range(len(PAGES)))
def test_both_find_the_credential_that_a_page_names(html: str, node: Node) -> None:
    assert node.ask({"html": html, "page": PAGE}) == {"ok": credential_address(html, page=PAGE)}


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        (b"<!doctype html>", True),
        (b"\xef\xbb\xbf\n<!-- a --><!-- <html> -->\n<HTML lang=en>", True),
        (b"<!-- <html>", False),
        (b"<htmlx>", False),
        (b"\xa0<html>", False),
        # Each comment more doubled the time: these took longer than anybody waits.
        (b"<!---->" * 500 + b"<p>", False),
        (b"<!-- --> " * 400 + b"<html>", True),
    ],
    ids=range(7),
)
def test_both_know_a_page_by_its_beginning(begins: bytes, expected: bool, node: Node) -> None:
    assert node.ask({"begins": as_base64(begins)}) == {"ok": expected} == {"ok": is_html(begins)}
