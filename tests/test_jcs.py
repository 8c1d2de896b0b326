"""RFC 8785: the author's vectors, numbers as ECMAScript writes them, key order by UTF-16 units."""

from __future__ import annotations

import json
import math
import random
import shutil
import struct
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.encoding import EncodingError, only_slow_roads, parse_json
from tests.vector_files import VECTORS, read_vector


@pytest.mark.parametrize("written", [b"1e16", b"1e+16", b"10000000000000000.0"])
def test_a_number_is_written_as_rfc_8785_has_it_however_orjson_writes_it(
    written: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = b'{"a":' + written + b"}"
    monkeypatch.setattr("site_builder.credentials.securing.jcs.format_sorted_json", lambda value: raw)
    assert canonicalize_jcs({"a": 1e16}) == b'{"a":10000000000000000}'


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_author_s_vector_is_met_byte_for_byte(name: str) -> None:
    found = canonicalize_jcs(parse_json((VECTORS / f"jcs/input/{name}.json").read_bytes()))
    assert found == (VECTORS / f"jcs/output/{name}.json").read_bytes()
    assert found == bytes.fromhex(read_vector(f"jcs/outhex/{name}.txt"))


def double(bits: int) -> float:
    return float(struct.unpack(">d", bits.to_bytes(8, "big"))[0])


# Source: RFC 8785, appendix B, and the sample lines of jcs/README.md.
NUMBERS = """
0000000000000000 0
8000000000000000 0
0000000000000001 5e-324
8000000000000001 -5e-324
7fefffffffffffff 1.7976931348623157e+308
ffefffffffffffff -1.7976931348623157e+308
4340000000000000 9007199254740992
c340000000000000 -9007199254740992
4340000000000001 9007199254740994
4340000000000002 9007199254740996
4430000000000000 295147905179352830000
44b52d02c7e14af5 9.999999999999997e+22
44b52d02c7e14af6 1e+23
44b52d02c7e14af7 1.0000000000000001e+23
444b1ae4d6e2ef4e 999999999999999700000
444b1ae4d6e2ef4f 999999999999999900000
444b1ae4d6e2ef50 1e+21
3eb0c6f7a0b5ed8c 9.999999999999997e-7
3eb0c6f7a0b5ed8d 0.000001
41b3de4355555553 333333333.3333332
41b3de4355555554 333333333.33333325
41b3de4355555555 333333333.3333333
41b3de4355555556 333333333.3333334
41b3de4355555557 333333333.33333343
becbf647612f3696 -0.0000033333333333333333
43143ff3c1cb0959 1424953923781206.2
""".split()


@pytest.mark.parametrize(("bits", "text"), list(zip(NUMBERS[::2], NUMBERS[1::2], strict=True)))
def test_number_is_written_as_the_rfc_says(bits: str, text: str) -> None:
    assert canonicalize_jcs(double(int(bits, 16))) == text.encode()


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")
def test_two_thousand_random_numbers_are_written_as_node_writes_them() -> None:
    source = random.Random(8785)
    numbers = [double(source.getrandbits(64)) for _ in range(1000)]
    numbers += [source.uniform(-1, 1) * 10.0 ** source.randrange(-25, 25) for _ in range(1000)]
    numbers = [number for number in numbers if math.isfinite(number)]
    program = """
        const bytes = require('fs').readFileSync(0);
        const lines = [];
        for (let at = 0; at < bytes.length; at += 8) lines.push(JSON.stringify(bytes.readDoubleBE(at)));
        process.stdout.write(lines.join('\\n'));
    """
    packed = b"".join(struct.pack(">d", number) for number in numbers)
    answer = subprocess.run(["node", "-e", program], input=packed, capture_output=True, check=True)
    assert len(numbers) > 1990
    assert [canonicalize_jcs(number).decode() for number in numbers] == answer.stdout.decode().split("\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"\ufb33": 1, "\U0001f602": 2}, '{"\U0001f602":2,"\ufb33":1}'),  # UTF-16 units: D83D comes before FB33
        ({"b": 1, "a": 2, "": 3, "A": 4, "10": 5, "9": 6}, '{"":3,"10":5,"9":6,"A":4,"a":2,"b":1}'),
        ({"a": [], "b": {}}, '{"a":[],"b":{}}'),
        ([True, False, None], "[true,false,null]"),
        ([1, 1.0, -0.0, 2**53 - 1], "[1,1,0,9007199254740991]"),
        ('\b\t\n\f\r\x01\x1f"\\/\x7f\u2028é', '"\\b\\t\\n\\f\\r\\u0001\\u001f\\"\\\\/\x7f\u2028é"'),
    ],
    ids=repr,
)
def test_value_is_written_in_its_canonical_form(value: Any, text: str) -> None:
    assert canonicalize_jcs(value) == text.encode()


@pytest.mark.parametrize(
    "value",
    ["\ud800", {"\udfff": 1}, ["a\udc00b"], math.nan, math.inf, [-math.inf], 2**53, -(2**53), b"x", {1}, ("a",)],
    ids=repr,
)
def test_value_without_a_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(EncodingError):
        canonicalize_jcs(value)


SCALARS = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(VALUES)
def test_property_canonical_text_reads_back_as_the_same_value(value: Any) -> None:
    text = canonicalize_jcs(value)
    # JSON has one kind of number: 1e17 is written with all its digits.
    found = json.loads(text, parse_int=float)
    assert found == value
    assert canonicalize_jcs(found) == text


WITH_NUMBERS = st.recursive(
    SCALARS | st.integers(-(2**54), 2**54) | st.sampled_from(["\U0001f602", "\ufb33", "\x7f\x1f\x00", "1.5", "e"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["\U0001f602", "\ufb33"]), inner),
    max_leaves=8,
)


def form_or_reason(value: Any) -> bytes | str:
    try:
        return canonicalize_jcs(value)
    except EncodingError as error:
        return str(error)


@given(WITH_NUMBERS)
def test_property_both_roads_give_the_same_form(value: Any) -> None:
    with only_slow_roads():
        expected = form_or_reason(value)
    assert form_or_reason(value) == expected
