"""Bytes as text, strict JSON in, one published form of JSON out."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.encoding import (
    MAX_SAFE_INTEGER,
    EncodingError,
    format_base32_id,
    format_base58btc,
    format_base64url,
    format_json,
    is_base32_id,
    only_slow_roads,
    parse_base58btc,
    parse_base64url,
    parse_json,
)


# Source: draft-msporny-base58-03, section 5; Bitcoin's base58 test data for leading zeros.
@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"\x00", "1"),
        (b"\x00\x00\x01", "112"),
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
        (b"\xff" * 4, "7YXq9G"),
    ],
)
def test_base58btc(raw: bytes, text: str) -> None:
    assert format_base58btc(raw) == text
    assert parse_base58btc(text) == raw


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "a b", "a\n", "é", "+", "²", "z" * 129], ids=repr)
def test_text_that_is_not_base58btc_is_refused(text: str) -> None:
    with pytest.raises(EncodingError):
        parse_base58btc(text)


# Source: RFC 4648, section 10, without padding.
@pytest.mark.parametrize(
    ("raw", "text"),
    [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"foob", "Zm9vYg"), (b"\xfb\xff", "-_8")],
)
def test_base64url(raw: bytes, text: str) -> None:
    assert format_base64url(raw) == text
    assert parse_base64url(text) == raw


@pytest.mark.parametrize(
    "text", ["Zg==", "Zh", "Zm9", "Z", "+/8", "Zm 9v", "Zm9v\n", "Zm9v.", "é", "Zm9vYg=", "=", "\u017fA"], ids=repr
)
def test_text_that_is_not_canonical_base64url_is_refused(text: str) -> None:
    with pytest.raises(EncodingError):
        parse_base64url(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("aaaaaaaaaaaaaaaaaaaaaaaaaa", True),
        ("7777777777777777777777777" + "4", True),
        ("aaaaaaaaaaaaaaaaaaaaaaaaa" + "b", False),  # the last two bits must be zero
        ("aaaaaaaaaaaaaaaaaaaaaaaaa" + "7", False),
        ("A" * 26, False),
        ("a" * 25, False),
        ("a" * 27, False),
        ("a" * 25 + "1", False),
        ("a" * 26 + "\n", False),
        ("", False),
        ("../" + "a" * 23, False),
    ],
)
def test_base32_id_is_known_in_its_canonical_form_only(text: str, is_one: bool) -> None:
    assert is_base32_id(text) is is_one


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_id_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(EncodingError):
        format_base32_id(b"x" * size)


ACCEPTED: list[tuple[bytes, Any]] = [
    (b'{"a": [1, 2.5, true, null, "\\u00e9"]}', {"a": [1, 2.5, True, None, "é"]}),
    (b' \t\r\n"x" ', "x"),
    (b'"\\ud83d\\ude02"', "\U0001f602"),
    (str(MAX_SAFE_INTEGER).encode(), MAX_SAFE_INTEGER),
    (f"-{MAX_SAFE_INTEGER}".encode(), -MAX_SAFE_INTEGER),
    (b"1e300", 1e300),
    (b"1e-400", 0.0),
    (b"[" * 63 + b"1" + b"]" * 63, None),
]
REFUSED = {
    "nothing": b"",
    "half a document": b'{"a": ',
    "two documents": b"{} {}",
    "a trailing comma": b"[1,]",
    "a comment": b"{} // x",
    "single quotes": b"{'a': 1}",
    "the same key twice": b'{"a": 1, "a": 1}',
    "the same key twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "the same key twice, deep inside": b'[{"b": {"a": 1, "a": 2}}]',
    "NaN": b"NaN",
    "Infinity": b"[-Infinity]",
    "a number that is too large": b"1e400",
    "a whole number beyond 2^53": b"9007199254740992",
    "a negative one": b"-9007199254740992",
    "a very long whole number": b"1" * 5000,
    "a leading zero": b"01",
    "a plus sign": b"+1",
    "half of a surrogate pair": b'"\\ud800"',
    "half of one in a key": b'{"\\udfff": 1}',
    "two halves in the wrong order": b'"\\ude02\\ud83d"',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "Latin-1": '"é"'.encode("latin-1"),
    "a surrogate as UTF-8": b'"\xed\xa0\x80"',
    "overlong UTF-8": b'"\xc0\xaf"',
    "a raw control character": b'"a\nb"',
    "another white space": b"\x0b1",
    "sixty-five levels": b"[" * 65 + b"]" * 65,
    "a hundred thousand levels": b"[" * 100_000,
    "more than a megabyte": b'"' + b"x" * 1_048_576 + b'"',
}


@pytest.mark.parametrize(("raw", "value"), ACCEPTED, ids=repr)
def test_json_that_both_languages_read_alike_is_read(raw: bytes, value: Any) -> None:
    found = parse_json(raw)
    assert value is None or found == value


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED.keys())
def test_json_that_hides_something_is_refused(raw: bytes) -> None:
    with pytest.raises(EncodingError):
        parse_json(raw)


def test_larger_json_is_read_where_the_caller_allows_it() -> None:
    raw = b'"' + b"x" * 1_048_576 + b'"'
    assert len(parse_json(raw, max_bytes=2_000_000)) == 1_048_576


def test_published_json_is_ascii_and_hides_braces_and_entities_within_texts() -> None:
    published = format_json({"a": ["{<&amp;>}", "é\U0001f602", '"\\', "\x7f\x01"]})
    assert published == (
        b'{\n  "a": [\n    "\\u007b\\u003c\\u0026amp;\\u003e\\u007d",\n    "\\u00e9\\ud83d\\ude02",\n'
        b'    "\\"\\\\",\n    "\\u007f\\u0001"\n  ]\n}\n'
    )


def test_braces_outside_of_texts_balance_when_counted_without_regard_for_texts() -> None:
    published = format_json({"a": {"}{": ["{{", {"b": "}"}]}})
    assert published.count(b"{") == published.count(b"}") == 3


@pytest.mark.parametrize("value", [math.nan, math.inf, [-math.inf]], ids=repr)
def test_number_that_json_does_not_have_is_not_published(value: Any) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        format_json(value)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8)


@given(VALUES)
def test_property_published_json_reads_back_as_the_same_value(value: Any) -> None:
    published = format_json(value)
    assert parse_json(published) == value == json.loads(published)
    assert format_json(parse_json(published)) == published
    assert published.isascii()


def read_or_reason(raw: bytes) -> str:
    """What is read, with its kinds of numbers, or why it is refused."""
    try:
        return repr(parse_json(raw))
    except EncodingError as error:
        return str(error)


@given(VALUES)
def test_property_orjson_writes_what_the_full_function_writes(value: Any) -> None:
    with only_slow_roads():
        expected = format_json({"a": value})
    assert format_json({"a": value}) == expected


@pytest.mark.parametrize(
    "value",
    [
        1e-5,
        1e16,
        1e-7,
        -0.0,
        (1, "a"),
        {1: "a"},
        [2**53, 2**64],
        {},
        [],
        [{}],
        "{\n",
        "e5,\n",
        "{",
        "}",
        "}{",
        [5, 0.5],
    ],
    ids=repr,
)
def test_value_that_orjson_writes_otherwise_is_written_as_ever(value: Any) -> None:
    with only_slow_roads():
        expected = format_json({"a": value})
    assert format_json({"a": value}) == expected


@given(VALUES, st.data())
def test_property_published_json_with_a_change_is_read_or_refused_alike(value: Any, data: st.DataObject) -> None:
    raw = format_json({"a": value, "b": "c"})
    place = data.draw(st.integers(0, len(raw)))
    put_in = data.draw(
        st.sampled_from([b"", b'"', b"\\", b"0", b" ", b"-", b".5", b"e3", b"\xc3\xa9", b"{", b"}", b",\n", b'"a": 1,'])
    )
    changed = raw[:place] + put_in + raw[place + data.draw(st.integers(0, 2)) :]
    with only_slow_roads():
        expected = read_or_reason(changed)
    assert read_or_reason(changed) == expected


@pytest.mark.parametrize(
    "inner",
    ['"a": 1,\n  "a": 1', '"a": 9007199254740992', '"a": NaN', '"a": 1e400', '"a": "\\ud800"', '"a": -0', '"a": 1E5'],
    ids=repr,
)
def test_json_that_only_looks_published_is_read_or_refused_alike(inner: str) -> None:
    raw = b"{\n  " + inner.encode() + b"\n}\n"
    with only_slow_roads():
        expected = read_or_reason(raw)
    assert read_or_reason(raw) == expected


def test_levels_are_counted_alike() -> None:
    value: Any = "a"
    for _ in range(70):
        value = {"a": value}
        raw = format_json(value)
        with only_slow_roads():
            expected = read_or_reason(raw)
        assert read_or_reason(raw) == expected
    assert "levels" in expected


@given(st.binary(max_size=60))
def test_property_bytes_come_back_from_both_alphabets(raw: bytes) -> None:
    assert parse_base58btc(format_base58btc(raw)) == raw
    assert parse_base64url(format_base64url(raw)) == raw


@given(st.binary(max_size=70) | st.integers(0, 64).map(lambda size: b"\xff" * size))
def test_property_base58_has_one_text_on_both_roads(raw: bytes) -> None:
    with only_slow_roads():
        text = format_base58btc(raw)
        assert parse_base58btc(text) == raw
    assert format_base58btc(raw) == text
    assert parse_base58btc(text) == raw


@pytest.mark.parametrize("power", range(1, 88))
def test_digits_of_base58_carry_over(power: int) -> None:
    for number in (58**power - 1, 58**power, 58**power + 1, 58**power * 57 - 1):
        raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
        with only_slow_roads():
            text = format_base58btc(raw)
        assert format_base58btc(raw) == text
        assert parse_base58btc(text) == raw


@pytest.mark.parametrize("length", [88, 89, 127, 128])
def test_text_of_base58_is_read_to_the_last_digit(length: int) -> None:
    text = "z" * length
    assert int.from_bytes(parse_base58btc(text), "big") == 58**length - 1
    with only_slow_roads():
        assert int.from_bytes(parse_base58btc(text), "big") == 58**length - 1


@given(st.binary(min_size=16, max_size=16))
def test_property_every_id_is_canonical(raw: bytes) -> None:
    assert is_base32_id(format_base32_id(raw))


@given(st.text(max_size=12))
def test_property_any_text_is_refused_or_the_only_text_of_its_bytes(text: str) -> None:
    for parse, write in ((parse_base58btc, format_base58btc), (parse_base64url, format_base64url)):
        try:
            raw = parse(text)
        except EncodingError:
            continue
        assert write(raw) == text


@given(st.binary(max_size=40))
def test_property_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        value = parse_json(raw)
    except EncodingError:
        return
    assert json.loads(raw) == value
