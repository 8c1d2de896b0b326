"""Bitstring Status List 1.0: which bit, which list, which errors, and lists that are bombs."""

from __future__ import annotations

import base64
import gzip
import struct
import time
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.credentials.securing.contexts import CREDENTIALS_V2
from site_builder.credentials.securing.rdfc import canonicalize_rdf
from site_builder.credentials.status.bitstring import (
    LIST_LENGTH,
    StatusError,
    build_status_list,
    decode_list,
    encode_list,
    is_set,
    own_bits,
    parse_index,
    read_entry,
    read_list,
    set_bits,
)
from site_builder.encoding import format_base64url
from tests.vector_files import VECTORS, read_json_vector

Json = dict[str, Any]

GENERATED = {case["name"]: case for case in read_json_vector("bitstring-status-list/generated.json")}
EXAMPLES = [
    read_json_vector(f"bitstring-status-list/{file.name}")
    for file in sorted((VECTORS / "bitstring-status-list").glob("rec-example-*.json"))
]
READABLE = [name for name in GENERATED if "NEGATIVE" not in name or "lsb-first" in name]


def encoded(raw: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


# -- the vectors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READABLE)
def test_list_made_elsewhere_has_the_bits_that_it_should(name: str) -> None:
    case = GENERATED[name]
    bits = decode_list(case["encodedList"])
    assert len(bits) * 8 == case["entries"]
    wanted = set(range(case["entries"])) if case["set"] == "all" else set(case["set"])
    assert set_bits(bits) == wanted
    assert all(is_set(bits, index) for index in sorted(wanted)[:100])
    assert not any(is_set(bits, index) for index in case.get("unsetProbe", []))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("NEGATIVE too-short (8192 entries) -> STATUS_LIST_LENGTH_ERROR", "STATUS_LIST_LENGTH_ERROR"),
        ("NEGATIVE no multibase prefix", "multibase"),
    ],
)
def test_list_made_wrong_elsewhere_is_refused(name: str, reason: str) -> None:
    with pytest.raises(StatusError, match=reason):
        decode_list(GENERATED[name]["encodedList"])


def test_every_generated_list_is_looked_at() -> None:
    assert len(READABLE) == 5 and len(GENERATED) == 7


def test_every_list_of_the_recommendation_is_read_and_has_no_bit_set() -> None:
    subjects = [
        example["credentialSubject"]
        for example in EXAMPLES
        if "BitstringStatusListCredential" in example.get("type", [])
    ]
    lists = [subject["encodedList"] for subject in subjects if subject["statusPurpose"] == "revocation"]
    assert lists
    for text in lists:
        assert set_bits(decode_list(text)) == set()


def test_every_entry_of_the_recommendation_is_read_or_is_for_another_purpose() -> None:
    entries = [example["credentialStatus"] for example in EXAMPLES if "credentialStatus" in example]
    listed = [entry for found in entries for entry in (found if isinstance(found, list) else [found])]
    revocations = [entry for entry in listed if entry["statusPurpose"] == "revocation"]
    assert revocations
    for entry in revocations:
        assert read_entry(entry) == (entry["statusListCredential"], int(entry["statusListIndex"]))
    for entry in [entry for entry in listed if entry["statusPurpose"] != "revocation"]:
        with pytest.raises(StatusError, match="of a kind that is not checked here"):
            read_entry(entry)


# -- bits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "place", "byte"),
    [(0, 0, 0x80), (1, 0, 0x40), (7, 0, 0x01), (8, 1, 0x80), (131_071, 16_383, 0x01), (94_567, 11_820, 0x01)],
)
def test_index_zero_is_the_leftmost_bit_of_the_first_byte(index: int, place: int, byte: int) -> None:
    bits = decode_list(encode_list([index]))
    assert bits[place] == byte
    assert set_bits(bits) == {index}


@pytest.mark.parametrize("index", [-1, LIST_LENGTH, 10**9])
def test_index_beyond_the_list_cannot_be_set(index: int) -> None:
    with pytest.raises(StatusError, match="outside of the list"):
        encode_list([index])


def test_index_beyond_the_list_cannot_be_read() -> None:
    bits = decode_list(encode_list([]))
    assert is_set(bits, LIST_LENGTH - 1) is False
    with pytest.raises(StatusError, match="RANGE_ERROR"):
        is_set(bits, LIST_LENGTH)


@given(st.sets(st.integers(0, LIST_LENGTH - 1), max_size=50))
def test_property_set_bits_come_back(indexes: set[int]) -> None:
    assert set_bits(decode_list(encode_list(indexes))) == indexes


def test_same_bits_give_the_same_text_whatever_their_order() -> None:
    assert encode_list([5, 94_567, 5]) == encode_list([94_567, 5])
    raw = base64.urlsafe_b64decode(encode_list([5])[1:] + "==")
    # RFC 1952, 2.3: magic, deflate, no flags, no time, best compression, unknown system.
    assert raw[:10] == bytes.fromhex("1f8b 08 00 00000000 02 ff")
    assert gzip.decompress(raw) == bytes([0x04]) + bytes(LIST_LENGTH // 8 - 1)


# -- what is no list -------------------------------------------------------------------------------------------------

ZEROS = bytes(LIST_LENGTH // 8)
GOOD = gzip.compress(ZEROS, mtime=0)
DAMAGED = {
    "nothing": "",
    "the prefix alone": "u",
    "another multibase": "z" + encoded(GOOD)[1:],
    "padding": encoded(GOOD) + "=",
    "base64 of the other alphabet": "u" + base64.b64encode(GOOD).decode().rstrip("=") + "+/",
    "no gzip": encoded(ZEROS),
    "zlib in place of gzip": encoded(zlib.compress(ZEROS)),
    "bare deflate": encoded(GOOD[10:-8]),
    "cut off in the middle": encoded(GOOD[: len(GOOD) // 2]),
    "cut off before its checksum": encoded(GOOD[:-8]),
    "a wrong checksum": encoded(GOOD[:-8] + b"\0\0\0\0" + GOOD[-4:]),
    "a wrong length": encoded(GOOD[:-4] + struct.pack("<I", 5)),
    "something behind": encoded(GOOD + b"x"),
    "two members": encoded(GOOD + GOOD),
    "one byte too short": encoded(gzip.compress(ZEROS[1:])),
    "empty": encoded(gzip.compress(b"")),
    "one byte over 4 MB": encoded(gzip.compress(bytes(4 * 1_048_576 + 1))),
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
def test_text_that_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(StatusError):
        decode_list(text)


def test_list_of_exactly_4_mb_is_read() -> None:
    assert len(decode_list(encoded(gzip.compress(bytes(4 * 1_048_576))))) == 4 * 1_048_576


def gzip_of_zeros(size: int) -> bytes:
    """A gzip file of many zeros, put together from one compressed block."""
    block = 1 << 20
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = deflate.compress(bytes(block)) + deflate.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    return GOOD[:10] + first * (size // block) + last.flush() + struct.pack("<II", 0, size & 0xFFFFFFFF)


def test_bomb_of_four_gigabytes_ends_fast() -> None:
    text = encoded(gzip_of_zeros(4 << 30))
    assert len(text) < 8_000_000
    started = time.process_time()
    with pytest.raises(StatusError, match="longer than 4 MB"):
        decode_list(text)
    assert time.process_time() - started < 2


# -- entries and list credentials ------------------------------------------------------------------------------------

URL = "https://badges.laurels.example/issuers/school/status/1.json"
ENTRY: Json = {
    "id": f"{URL}#7",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": URL,
}


@pytest.mark.parametrize("text", ["0", "7", "94567", "131071", "9999999999"])
def test_index_is_a_text_of_digits(text: str) -> None:
    assert parse_index(text) == int(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "01",
        "00",
        "1.0",
        "1e3",
        " 1",
        "1 ",
        "1\n",
        "0x1",
        "1_0",
        "١",
        "²",
        "12345678901",
        7,
        7.0,
        None,
        True,
        ["7"],
    ],
    ids=repr,
)
def test_index_that_is_no_text_of_digits_is_refused(text: Any) -> None:
    with pytest.raises(StatusError, match="not a number"):
        parse_index(text)


@pytest.mark.parametrize("further", [{}, {"statusSize": 1}, {"statusSize": 1.0}], ids=str)
def test_entry_gives_its_list_and_index(further: Json) -> None:
    assert read_entry(ENTRY | further) == (URL, 7)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "https://badges.laurels.example/",
        [ENTRY],
        {},
        ENTRY | {"type": "1EdTechRevocationList"},
        ENTRY | {"type": ["BitstringStatusListEntry"]},
        ENTRY | {"statusPurpose": "suspension"},
        ENTRY | {"statusPurpose": ["revocation"]},
        ENTRY | {"statusListCredential": None},
        ENTRY | {"statusListCredential": {"id": URL}},
        ENTRY | {"statusListIndex": 7},
        ENTRY | {"statusSize": 2},
        ENTRY | {"statusSize": True},
        ENTRY | {"statusSize": "1"},
        ENTRY | {"statusSize": None},
    ],
    ids=str,
)
def test_entry_of_another_kind_is_refused(entry: Any) -> None:
    with pytest.raises(StatusError):
        read_entry(entry)


LIST = build_status_list(
    url=URL, issuer="did:web:school.example", indexes=[7], issued=datetime(2026, 5, 14, 8, 0, 0, tzinfo=UTC)
)


def test_list_credential_is_exactly_what_the_recommendation_asks_for() -> None:
    assert {
        "@context": [CREDENTIALS_V2],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:school.example",
        "validFrom": "2026-05-14T08:00:00Z",
        "credentialSubject": {
            "id": f"{URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_list([7]),
        },
    } == LIST
    assert canonicalize_rdf(LIST)
    assert set_bits(read_list(LIST, url=URL)) == {7}


def with_subject(**values: Any) -> Json:
    return LIST | {"credentialSubject": LIST["credentialSubject"] | values}


def test_list_of_another_length_than_this_program_writes_is_not_counted() -> None:
    long = "u" + format_base64url(zlib.compress(b"\xff" * (LIST_LENGTH // 8 + 1), wbits=31))
    with pytest.raises(StatusError, match="another length"):
        own_bits(with_subject(encodedList=long), url=URL)
    assert own_bits(LIST, url=URL) == {7}


def test_list_for_several_purposes_is_read() -> None:
    """Bitstring Status List 1.0, 2.2: statusPurpose is one or more strings."""
    assert read_list(with_subject(statusPurpose=["suspension", "revocation"]), url=URL) == read_list(LIST, url=URL)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (None, "not the status list"),
        ([], "not the status list"),
        (LIST | {"id": URL + "?"}, "not the status list"),
        (LIST | {"type": "BitstringStatusListCredential"}, "not a status list"),
        (LIST | {"type": ["VerifiableCredential"]}, "not a status list"),
        (LIST | {"credentialSubject": [LIST["credentialSubject"]]}, "not a status list"),
        (with_subject(type="StatusList2021"), "not for revocation"),
        (with_subject(statusPurpose="suspension"), "not for revocation"),
        (with_subject(statusPurpose=["suspension", ["revocation"]]), "not for revocation"),
        (with_subject(encodedList=None), "no encodedList"),
        (with_subject(encodedList=5), "no encodedList"),
        (with_subject(encodedList="uAAAA"), "cannot be unpacked"),
        (with_subject(encodedList=GENERATED["NEGATIVE no multibase prefix"]["encodedList"]), "multibase"),
    ],
    ids=range(13),
)
def test_document_that_is_not_the_list_is_refused(document: Any, reason: str) -> None:
    with pytest.raises(StatusError, match=reason):
        read_list(document, url=URL)
