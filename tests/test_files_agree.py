"""What people bring to a verifier: Python and the page find the same credential in a file, or refuse it in the same words."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from site_builder.credentials.carriers.png import bake_png
from site_builder.credentials.carriers.svg import bake_svg
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


BEFORE_A_DRAWING = {"much white space": b" " * 5_000, "white space in another encoding": b"\xa0", "a zero byte": b"\0"}


@pytest.mark.parametrize("before", BEFORE_A_DRAWING.values(), ids=BEFORE_A_DRAWING.keys())
def test_both_take_the_same_bytes_for_a_drawing(before: bytes, node: Node) -> None:
    agreed(before + python.svg_with(python.ELEMENT), node)


def test_both_refuse_a_drawing_cut_off_at_any_byte(node: Node) -> None:
    baked = bake_svg(python.SVG, b'{"a": 1}')
    for length in range(0, len(baked), 3):
        agreed(baked[:length], node)


OTHER = {
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(40), "JPEG picture cannot carry"),
    "a PDF": (b"%PDF-1.7\n", "PDF document is not read here"),
    "a JSON Web Token": (b"eyJhbGciOiJFZERTQSJ9.e30.AAAA\n", "JSON Web Token"),
    "a web page": (b"<!doctype html><title>x</title>", "web page, not a credential"),
    "a web page in capitals": (b"\n <HTML><body>", "web page, not a credential"),
    "nothing": (b" \n", "empty"),
    "what lies at the address of a withdrawn file": (
        b'{"withheld": true, "page": "https://example.org/c/a/", "note": "The issuer has withdrawn this file."}',
        "its issuer has withdrawn the file that lay there",
    ),
    "an Open Badges 2.0 assertion": (
        b'{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://example.org/a"}',
        "Open Badges 2.0",
    ),
    "an Open Badges 1.1 assertion": (b'{"@context": ["https://w3id.org/openbadges/v1"]}', "Open Badges 2.0"),
    "a bare assertion": (b'{"type": "Assertion"}', "Open Badges 2.0"),
}


@pytest.mark.parametrize(("raw", "sentence"), OTHER.values(), ids=OTHER.keys())
def test_each_other_format_is_named_and_says_what_helps(raw: bytes, sentence: str, node: Node) -> None:
    assert sentence in agreed(raw, node)["reason"]


@pytest.mark.parametrize("raw", [json.dumps(CREDENTIAL).encode(), b"{}", b"[1]", b"no JSON at all", b"{", b"\xff\xfe"])
def test_everything_else_is_left_to_the_verifier(raw: bytes, node: Node) -> None:
    assert agreed(raw, node)["reason"] == ""


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
