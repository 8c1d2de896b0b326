"""The QR code of an address: the same on the quick road and on the long one, which the library `qrcode` draws."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest

from site_builder.credentials.qr import MASK, is_qr_of, qr_svg
from site_builder.credentials.qr_symbol import symbol_of
from site_builder.encoding import only_slow_roads

CHANCE = random.Random(20260501)
# The shortest code that is drawn quickly has version 2, the longest version 6.
BASES = [
    "https://a.example/",
    "https://badges.example.org/",
    "https://organisation.example.org/badges/",
    "https://organisation.example.org/schools/of/the/county/credentials/",
]


def address(base: str) -> str:
    return f"{base}c/{base64.b32encode(CHANCE.randbytes(16)).decode().rstrip('=').lower()}/"


def text_of(length: int) -> str:
    return "https://" + "".join(CHANCE.choices("abcdefghijklmnopqrstuvwxyz234567/.-#=~_", k=length - 8))


def on_the_long_road(text: str, mask: int = MASK) -> bytes:
    with only_slow_roads():
        return qr_svg(text, mask=mask)


@pytest.mark.parametrize("base", BASES)
def test_both_roads_draw_the_same_code_of_an_address(base: str) -> None:
    for text in [address(base) for _ in range(30)]:
        assert symbol_of(text, MASK)
        assert qr_svg(text) == on_the_long_road(text)


@pytest.mark.parametrize("mask", range(8))
def test_both_roads_draw_the_same_code_with_every_mask_and_of_every_length(mask: int) -> None:
    # 26, 42, 62, 84 and 106 characters fill versions 2 to 6.
    for length in sorted({21, 26, 27, 42, 43, 62, 63, 84, 85, 106, *range(22 + mask, 106, 8)}):
        text = text_of(length)
        assert symbol_of(text, mask)
        assert qr_svg(text, mask=mask) == on_the_long_road(text, mask)


@pytest.mark.parametrize(
    "text",
    {
        "long": text_of(107),
        "short": text_of(20),
        "digits": "https://badges.example.org/c/" + "2345" * 5 + "/",
        "capitals": "https://badges.example.org/c/" + "ABCD" * 5 + "/",
        "one digit less": "https://badges.example.org/c/" + "2345" * 5 + "a",
        "not ASCII": "https://badges.example.org/c/é/",
        "empty": "",
    }.values(),
)
def test_another_text_has_the_code_that_the_library_draws(text: str) -> None:
    assert symbol_of(text, MASK) is None
    assert qr_svg(text) == on_the_long_road(text)


def test_a_run_of_nineteen_digits_has_the_code_of_bytes() -> None:
    text = "https://badges.example.org/c~" + "2" * 19 + "~"
    assert symbol_of(text, MASK)
    assert qr_svg(text) == on_the_long_road(text)


@pytest.mark.parametrize("road", [nullcontext, only_slow_roads])
def test_a_code_is_that_of_its_address_whatever_its_mask(road: Callable[[], AbstractContextManager[None]]) -> None:
    text = "https://badges.laurels.example/c/a/"
    with road():
        codes = [qr_svg(text, mask=mask) for mask in range(8)]
        assert len(set(codes)) == 8 and all(is_qr_of(code, text) for code in codes)
        others = [b"", b"M14 12h9999v", codes[0][:-1], codes[0] + b"\n", qr_svg(f"{text}b/")]
        assert not any(is_qr_of(other, text) for other in others)
        assert not is_qr_of(codes[0], "a" * 5_000)


def test_one_module_more_or_less_is_another_code() -> None:
    code = qr_svg(BASES[1])
    for found in list(re.finditer(rb"M\d+ \d+h1v1h-1z", code))[:20]:
        assert not is_qr_of(code[: found.start()] + code[found.end() :], BASES[1])


def test_a_code_is_dark_on_light_with_four_light_modules_around_it() -> None:
    code = qr_svg(address(BASES[1])).decode()
    side = int(code.partition('viewBox="0 0 ')[2].partition(" ")[0])
    assert f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>' in code
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1", code.rpartition("<path")[2])]
    assert {min(x for x, _, _ in runs), min(y for _, y, _ in runs)} == {4}
    assert {max(x + length for x, _, length in runs), max(y for _, y, _ in runs) + 1} == {side - 4}
