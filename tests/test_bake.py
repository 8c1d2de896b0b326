"""Baking: what others baked, what we bake, and images that are damaged, empty or hostile."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.png import bake_png, picture_of_png, png_chunks, unbake_png
from site_builder.credentials.carriers.svg import bake_svg, drawing_of_svg, unbake_svg
from site_builder.credentials.carriers.table import unbake
from site_builder.encoding import PNG_SIGNATURE, format_json, only_slow_roads
from tests.support import DRAWING
from tests.vector_files import VECTORS

BAKED = VECTORS / "baked"
CREDENTIAL = format_json({"type": ["OpenBadgeCredential"], "name": "{ünbalanced]]> <b>&amp; \U0001f602"})
NONE, JWT = "carries no Open Badges 3.0 credential", "JSON Web Token"


# -- images that others baked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ob3/simple-json.png", "ob3/simple-json.svg"])
def test_credential_that_another_program_baked_comes_out(name: str) -> None:
    credential = json.loads(unbake((BAKED / name).read_bytes()))
    assert "OpenBadgeCredential" in credential["type"] and "proof" in credential


WITHOUT = {
    "ob3/simple-jwt.png": JWT,
    "ob3/simple-jwt.svg": JWT,
    "ob3/simple-jwt_v1.png": JWT,
    "ob3/simple-jwt_v1.svg": JWT,
    "ob2/simple-badge.png": NONE,
    "ob2/concentricsky/baked_heart.png": NONE,
    "ob2/concentricsky/baked_example.svg": NONE,
    "ob2/concentricsky/public_domain_heart.png": NONE,
    "ob2/concentricsky/unbaked_example.svg": NONE,
    "ob2/mozilla/baked.svg": NONE,
    "ob2/mozilla/bad-json.svg": NONE,
    "ob2/mozilla/no-json.svg": NONE,
    "ob2/mozilla/unbaked.png": NONE,
    "ob2/mozilla/unbaked.svg": NONE,
}


@pytest.mark.parametrize(("name", "sentence"), WITHOUT.items(), ids=WITHOUT.keys())
def test_image_without_a_credential_of_this_kind_says_so(name: str, sentence: str) -> None:
    with pytest.raises(BakeError, match=sentence):
        unbake((BAKED / name).read_bytes())


def test_every_baked_vector_is_looked_at() -> None:
    images = {str(file.relative_to(BAKED)) for file in BAKED.rglob("*.*g") if file.suffix in (".png", ".svg")}
    assert images == {*WITHOUT, "ob3/simple-json.png", "ob3/simple-json.svg"}


# -- PNG -------------------------------------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def small_png() -> bytes:
    written = io.BytesIO()
    picture = Image.new("RGBA", (9, 7), (11, 85, 99, 128))
    picture.putpixel((3, 2), (255, 0, 0, 255))
    picture.save(written, "PNG")
    return written.getvalue()


PNG = small_png()
HEAD = PNG_SIGNATURE + PNG[8:33]  # the signature and IHDR
KEYWORD = b"openbadgecredential"


def itxt(
    credential: bytes = CREDENTIAL, *, keyword: bytes = KEYWORD, flags: bytes = b"\0\0", rest: bytes = b"\0\0"
) -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + flags + rest + credential)


def test_baked_png_is_the_image_with_one_uncompressed_itxt_chunk_behind_its_header() -> None:
    baked = bake_png(PNG, CREDENTIAL)
    assert baked == HEAD + itxt() + PNG[33:]
    kinds = [kind for kind, _ in png_chunks(baked)]
    assert kinds[:2] == [b"IHDR", b"iTXt"] and kinds.count(b"iTXt") == 1
    assert unbake(baked) == unbake_png(baked) == CREDENTIAL


@pytest.mark.parametrize("png", [PNG, (BAKED / "ob2/mozilla/unbaked.png").read_bytes()], ids=["ours", "mozilla"])
def test_baked_png_opens_with_the_same_pixels(png: bytes) -> None:
    with Image.open(io.BytesIO(png)) as plain, Image.open(io.BytesIO(bake_png(png, CREDENTIAL))) as baked:
        assert baked.text[KEYWORD.decode()] == CREDENTIAL.decode()  # type: ignore[attr-defined]  # of PngImageFile
        assert plain.size == baked.size and plain.convert("RGBA").tobytes() == baked.convert("RGBA").tobytes()


def test_image_that_carries_a_credential_is_not_baked_again() -> None:
    with pytest.raises(BakeError, match="carries a credential already"):
        bake_png(bake_png(PNG, CREDENTIAL), CREDENTIAL)
    with pytest.raises(BakeError, match="carries a credential already"):
        bake_png((BAKED / "ob3/simple-jwt.png").read_bytes(), CREDENTIAL)


def test_open_badges_2_assertion_does_not_hinder() -> None:
    assert unbake(bake_png((BAKED / "ob2/simple-badge.png").read_bytes(), CREDENTIAL)) == CREDENTIAL


WRONG = {
    "nothing": (b"", "not"),
    "the signature alone": (PNG_SIGNATURE, "cut off"),
    "no header first": (PNG_SIGNATURE + itxt() + PNG[8:], "does not begin as one"),
    "no end": (PNG[:-12], "cut off"),
    "something behind the end": (PNG + b"\0", "behind its end"),
    "a second image behind the end": (PNG + PNG, "behind its end"),
    "a wrong checksum": (HEAD[:-1] + bytes([HEAD[-1] ^ 1]) + PNG[33:], "checksum"),
    "a wrong checksum of the credential": (HEAD + itxt()[:-1] + bytes([itxt()[-1] ^ 1]) + PNG[33:], "checksum"),
    "a length beyond the file": (HEAD + b"\xff\xff\xff\xff" + PNG[37:], "cut off"),
    "two credentials": (HEAD + itxt() + itxt() + PNG[33:], "more than one"),
    "a compressed credential": (HEAD + itxt(zlib.compress(CREDENTIAL), flags=b"\1\0") + PNG[33:], "compressed"),
    "another compression method": (HEAD + itxt(flags=b"\0\1") + PNG[33:], "compressed"),
    "no end of the language": (HEAD + itxt(b"", rest=b"") + PNG[33:], "cut off"),
    "no end of the keyword's translation": (HEAD + itxt(b"{", rest=b"\0") + PNG[33:], "cut off"),
    "a credential in a tEXt chunk": (HEAD + chunk(b"tEXt", KEYWORD + b"\0" + CREDENTIAL) + PNG[33:], NONE),
    "a longer keyword": (HEAD + itxt(keyword=KEYWORD + b"s") + PNG[33:], NONE),
    "a keyword in other letters": (HEAD + itxt(keyword=KEYWORD.upper()) + PNG[33:], NONE),
    "an empty credential": (HEAD + itxt(b"") + PNG[33:], "not JSON"),
    "a token": (HEAD + itxt(b"eyJhbGciOiJFZERTQSJ9.e30.AA") + PNG[33:], JWT),
    "more than 10 MB": (PNG[:-12] + chunk(b"IDAT", bytes(10 * 1_048_576)) + PNG[-12:], "10 MB"),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(40), "not"),
}


@pytest.mark.parametrize(("png", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_png_that_is_damaged_or_says_two_things_is_refused(png: bytes, sentence: str) -> None:
    with pytest.raises(BakeError, match=sentence):
        unbake_png(png)


def test_language_and_translated_keyword_are_passed_over() -> None:
    assert unbake_png(HEAD + itxt(rest=b"en\0credential\0") + PNG[33:]) == CREDENTIAL


def test_png_cut_off_at_any_byte_is_refused() -> None:
    baked = bake_png(PNG, CREDENTIAL)
    for length in range(len(baked)):
        with pytest.raises(BakeError):
            unbake(baked[:length])


def test_png_with_any_byte_changed_is_refused_or_gives_the_same_credential() -> None:
    baked = bake_png(PNG, CREDENTIAL)
    for place in range(len(baked)):
        changed = baked[:place] + bytes([baked[place] ^ 0x20]) + baked[place + 1 :]
        with pytest.raises(BakeError):
            unbake(changed)


# -- SVG -------------------------------------------------------------------------------------------------------------

SVG = DRAWING.encode()
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"


def test_baked_svg_has_one_cdata_section_directly_behind_its_opening_tag() -> None:
    baked = bake_svg(SVG, CREDENTIAL)
    opening, behind = baked.split(b"><openbadges:credential><![CDATA[", 1)
    assert opening == SVG.split(b">")[0] + f' xmlns:openbadges="{NAMESPACE}"'.encode()
    assert behind == CREDENTIAL + b"]]></openbadges:credential>" + SVG.split(b">", 1)[1]
    assert baked.count(b"<![CDATA[") == baked.count(b"]]>") == 1
    assert unbake(baked) == unbake_svg(baked) == CREDENTIAL


@pytest.mark.parametrize(
    ("svg", "credential"),
    [
        (b"", CREDENTIAL),
        (b"<svg", CREDENTIAL),
        (b"<svg/>", CREDENTIAL),
        (b"<svg viewBox='0 0 1 1'/>", CREDENTIAL),
        (b'<?xml version="1.0"?>' + SVG, CREDENTIAL),
        (b"<!-- -->" + SVG, CREDENTIAL),
        (b"<html>" + SVG, CREDENTIAL),
        (SVG, b'{"name": "]]>"}'),
    ],
    ids=range(8),
)
def test_drawing_in_another_form_is_not_baked(svg: bytes, credential: bytes) -> None:
    with pytest.raises(BakeError, match="not in the form"):
        bake_svg(svg, credential)


def test_drawing_that_carries_a_credential_is_not_baked_again() -> None:
    with pytest.raises(BakeError, match="carries a credential already"):
        bake_svg(bake_svg(SVG, CREDENTIAL), CREDENTIAL)


def svg_with(inside: str, *, before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="{NAMESPACE}">{inside}</svg>'.encode()


ELEMENT = "<o:credential><![CDATA[{}]]></o:credential>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))
WRONG_SVG = {
    "nothing": (b"", "read safely"),
    "no XML": (b"not XML", "read safely"),
    "JSON": (b"{}", "read safely"),
    "an unclosed drawing": (svg_with(ELEMENT)[:-6], "read safely"),
    "a bomb of entities": (svg_with("&l8;", before=f"<!DOCTYPE svg [{LAUGHS}]>"), "read safely"),
    "an outer entity": (
        svg_with("&x;", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "read safely",
    ),
    "an entity as credential": (
        svg_with("<o:credential>&x;</o:credential>", before='<!DOCTYPE svg [<!ENTITY x "{}">]>'),
        "read safely",
    ),
    "an unknown encoding": (b'<?xml version="1.0" encoding="x-none"?><svg/>', "read safely"),
    "bytes that are not UTF-8": (svg_with(ELEMENT).replace(b"{}", b"{\xff}"), "read safely"),
    "a null character": (svg_with(ELEMENT).replace(b"{}", b"{\0}"), "read safely"),
    "no credential": (SVG, NONE),
    "two credentials": (svg_with(ELEMENT + ELEMENT), "more than one"),
    "two credentials, one deep inside": (svg_with(ELEMENT + f"<g><g>{ELEMENT}</g></g>"), "more than one"),
    "the namespace of the context": (svg_with(ELEMENT).replace(b"/ob/", b"/spec/ob/"), NONE),
    "a token": (svg_with('<o:credential verify="eyJhbGciOiJFZERTQSJ9.e30.AA"/>'), JWT),
    "a token and JSON": (svg_with('<o:credential verify="e30.e30.AA">{}</o:credential>'), JWT),
    "an empty credential": (svg_with("<o:credential/>"), "not JSON"),
    "a credential of elements": (svg_with("<o:credential><a>{}</a></o:credential>"), "not JSON"),
    "more than 10 MB": (svg_with("x" * (10 * 1_048_576)), "10 MB"),
}


@pytest.mark.parametrize(("svg", "sentence"), WRONG_SVG.values(), ids=WRONG_SVG.keys())
def test_svg_that_is_hostile_or_carries_no_credential_is_refused(svg: bytes, sentence: str) -> None:
    with pytest.raises(BakeError, match=sentence):
        unbake_svg(svg)


@pytest.mark.parametrize(
    "inside",
    ["<o:credential>{}</o:credential>", "<o:credential>\n <![CDATA[{}]]>\n</o:credential>", f"<g/>{ELEMENT}"],
    ids=["text", "white space", "not first"],
)
def test_credential_in_another_form_of_text_comes_out(inside: str) -> None:
    assert unbake_svg(svg_with(inside)).strip() == b"{}"


# -- both ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bake", [lambda text: bake_png(PNG, text), lambda text: bake_svg(SVG, text)], ids=["png", "svg"]
)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]))
    )
)
def test_property_every_published_document_survives_baking(
    bake: Callable[[bytes], bytes], document: dict[str, str]
) -> None:
    assert unbake(bake(format_json(document))) == format_json(document)


# -- the quick road: a picture that was read before is not read again ----------------------------------------------------


def outcome(function: Callable[..., bytes], *given: bytes) -> bytes | str:
    try:
        return function(*given)
    except BakeError as error:
        return str(error)


def outcome_of_both(function: Callable[..., bytes], *given: bytes) -> bytes | str:
    """What comes out, which is the same on both roads."""
    quick = outcome(function, *given)
    with only_slow_roads():
        assert outcome(function, *given) == quick
    return quick


NOT_MADE = "this image was not made of a {} and this credential"


@pytest.mark.parametrize(
    ("bake", "taken_out", "picture", "name"),
    [(bake_png, picture_of_png, PNG, "picture"), (bake_svg, drawing_of_svg, SVG, "drawing")],
    ids=["png", "svg"],
)
def test_the_picture_comes_out_as_it_was_and_out_of_nothing_else(
    bake: Callable[..., bytes], taken_out: Callable[..., bytes], picture: bytes, name: str
) -> None:
    baked = bake(picture, CREDENTIAL)
    assert outcome_of_both(taken_out, baked, CREDENTIAL) == picture
    assert outcome_of_both(taken_out, baked, CREDENTIAL[:-1]) == NOT_MADE.format(name)
    assert outcome_of_both(taken_out, baked, b"") == NOT_MADE.format(name)
    for other in (picture, b"", baked + b"\0", baked[:-1]):
        outcome_of_both(taken_out, other, CREDENTIAL)
    for place in range(len(baked)):
        changed = baked[:place] + bytes([baked[place] ^ 0x20]) + baked[place + 1 :]
        # What a drawing draws may be another one: whether it is the right one, others say.
        assert outcome_of_both(taken_out, changed, CREDENTIAL) != picture


def test_a_credential_in_any_other_chunk_has_no_picture() -> None:
    for baked in (
        HEAD + PNG[33:-12] + itxt() + PNG[-12:],
        HEAD + itxt() + itxt() + PNG[33:],
        HEAD + itxt() + PNG[33:-12],
    ):
        assert isinstance(outcome_of_both(picture_of_png, baked, CREDENTIAL), str)


BAKED_SVG = bake_svg(SVG, CREDENTIAL)
OWN_ELEMENT = b"<openbadges:credential>{}</openbadges:credential>"


@pytest.mark.parametrize(
    "svg",
    {
        "a baked one": BAKED_SVG,
        "one with another text": bake_svg(SVG, b'{"name": "&amp; <b> ]] >"}'),
        "an empty text": bake_svg(SVG, b""),
        "a token": bake_svg(SVG, b"eyJhbGciOiJFZERTQSJ9.e30.AA"),
        "a section that ends early": BAKED_SVG.replace(CREDENTIAL, b"{}]]><g/><![CDATA["),
        "a second credential in the section": BAKED_SVG.replace(
            CREDENTIAL, b"{}]]></openbadges:credential>" + OWN_ELEMENT
        ),
        "a second credential in the drawing": BAKED_SVG.replace(b"</svg>", OWN_ELEMENT + b"</svg>"),
        "one by another prefix": BAKED_SVG.replace(
            b"</svg>", f'<credential xmlns="{NAMESPACE}">{{}}</credential></svg>'.encode()
        ),
        "a carriage return": bake_svg(SVG, b"{\r\n\r}"),
        "a tab": bake_svg(SVG, b"{\t}"),
        "a null character": bake_svg(SVG, b"{\0}"),
        "a letter beyond ASCII": bake_svg(SVG, "{é\U0001f602}".encode()),
        "bytes that are no text": bake_svg(SVG, b"{\xff}"),
        "a delete character": bake_svg(SVG, b"{\x7f}"),
        "a drawing that is not well-formed": bake_svg(SVG.replace(b"</svg>", b"</g>"), b"{}"),
        "a drawing that ends early": BAKED_SVG[:-7],
        "something behind the drawing": BAKED_SVG + b"<g/>",
        "letters beyond ASCII in the drawing": BAKED_SVG.replace(b"</svg>", "<é>ü</é></svg>".encode()),
        "a name twice": BAKED_SVG.replace(b"<svg ", b'<svg xmlns:openbadges="urn:other" '),
        "white space before": b"\n" + BAKED_SVG,
        "a declaration before": b'<?xml version="1.0" encoding="iso-8859-1"?>' + BAKED_SVG,
        "an element around": b"<svg>" + BAKED_SVG + b"</svg>",
    }.values(),
)
def test_both_roads_read_the_same_credential_or_refuse_it_in_the_same_words(svg: bytes) -> None:
    first = outcome_of_both(unbake_svg, svg)
    assert outcome_of_both(unbake_svg, svg) == first


def test_both_roads_agree_wherever_a_baked_drawing_is_changed() -> None:
    baked = bake_svg(SVG, b'{"name": "a"}')
    for place in range(len(baked)):
        for inserted in (b"", b">", b"]]>"):
            outcome_of_both(unbake_svg, baked[:place] + inserted + baked[place + 1 :])
