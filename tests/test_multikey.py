"""Ed25519 keys as Multikey text, and the keys on which verifiers would disagree."""

from __future__ import annotations

import hashlib
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_builder.credentials.identifiers import multikey
from site_builder.credentials.identifiers.multikey import (
    KeyTextError,
    fingerprint,
    format_private_key,
    format_public_key,
    parse_private_key,
    parse_public_key,
    public_bytes,
)
from site_builder.encoding import format_base58btc
from tests.vector_files import read_json_vector

PAIRS = [
    read_json_vector("vc-di-eddsa/keyPair.json"),
    *read_json_vector("vc-di-eddsa/proof-set-chain/multiKeyPairs.json").values(),
]
PUBLIC = PAIRS[0]["publicKeyMultibase"]
SECRET = PAIRS[0]["privateKeyMultibase"]
P = 2**255 - 19


def key_text(raw: bytes, *, header: str = "ed01") -> str:
    return "z" + format_base58btc(bytes.fromhex(header) + raw)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["publicKeyMultibase"][:12])
def test_w3c_key_pair_belongs_together_and_comes_back_as_the_same_text(pair: dict[str, str]) -> None:
    private = parse_private_key(pair["privateKeyMultibase"])
    assert format_private_key(private) == pair["privateKeyMultibase"]
    assert format_public_key(private.public_key()) == pair["publicKeyMultibase"]
    assert parse_public_key(pair["publicKeyMultibase"]) == private.public_key()


def test_implementation_guide_s_key_is_the_one_it_writes_in_hexadecimal() -> None:
    values = read_json_vector("ob3-impl-guide/obv3p0/values.json")
    assert public_bytes(values["publicKeyMultibase"]).hex() == values["publicKeyHex"]


def test_fingerprint_is_the_hash_of_the_key_in_groups_of_four() -> None:
    digest = hashlib.sha256(public_bytes(PUBLIC)).hexdigest()
    assert fingerprint(PUBLIC).split(" ") == [digest[start : start + 4] for start in range(0, 64, 4)]


def test_fifty_random_keys_agree_with_the_cryptography_package() -> None:
    source = random.Random(25519)
    for _ in range(50):
        key = Ed25519PrivateKey.from_private_bytes(source.randbytes(32))
        text = format_public_key(key.public_key())
        assert text.startswith("z6Mk") and len(text) == 48
        assert public_bytes(text) == key.public_key().public_bytes_raw()
        assert parse_private_key(format_private_key(key)).private_bytes_raw() == key.private_bytes_raw()


SOUND = public_bytes(PUBLIC)
TEXT_FORMS = {
    "nothing": "",
    "the prefix alone": "z",
    "without its prefix": PUBLIC[1:],
    "base64url": "u" + PUBLIC[1:],
    "base16": "f" + "ed01" + SOUND.hex(),
    "upper case prefix": "Z" + PUBLIC[1:],
    "a space before": " " + PUBLIC,
    "a line end behind": PUBLIC + "\n",
    "a character that base58 lacks": PUBLIC[:-1] + "0",
    "one character less": PUBLIC[:-1],
    "one character more": PUBLIC + "1",
    "an X25519 key": key_text(SOUND, header="ec01"),
    "a P-256 key": key_text(b"\x02" + SOUND, header="8024"),
    "a secret key": SECRET,
    "no header": "z" + format_base58btc(SOUND),
    "31 bytes": key_text(SOUND[:-1]),
    "33 bytes": key_text(SOUND + b"\0"),
    "a zero before": key_text(SOUND, header="00ed01"),
    "a very long text": "z" + "6" * 100_000,
    "a did:key": f"did:key:{PUBLIC}",
}


@pytest.mark.parametrize("text", TEXT_FORMS.values(), ids=TEXT_FORMS.keys())
def test_text_that_is_not_an_ed25519_multikey_is_refused(text: str) -> None:
    with pytest.raises(KeyTextError):
        parse_public_key(text)


@pytest.mark.parametrize(
    "text", ["", "z", PUBLIC, SECRET[1:], SECRET[:-1], SECRET + "1", "z" + format_base58btc(b"x" * 34)], ids=range(7)
)
def test_text_that_is_not_a_secret_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(KeyTextError) as caught:
        parse_private_key(text)
    assert len(text) < 10 or text not in str(caught.value)


def test_secret_may_have_white_space_around_it() -> None:
    assert format_private_key(parse_private_key(f"  {SECRET}\r\n")) == SECRET


def y_and_sign(y: int, sign: int = 0) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


# The eight points whose order divides 8, each in its canonical encoding, by y. Source: RFC 8032, 5.1; the y of order 8 solve
# the curve's equation for doubling to order 4.
_Y8 = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
SMALL_ORDER = {
    "order 1": y_and_sign(1),
    "order 2": y_and_sign(P - 1),
    "order 4": y_and_sign(0),
    "order 4, negative": y_and_sign(0, 1),
    "order 8, first": y_and_sign(_Y8),
    "order 8, first negative": y_and_sign(_Y8, 1),
    "order 8, second": y_and_sign(P - _Y8),
    "order 8, second negative": y_and_sign(P - _Y8, 1),
}
NOT_CANONICAL = {
    "order 1 with a sign": y_and_sign(1, 1),
    "order 2 with a sign": y_and_sign(P - 1, 1),
    **{f"y of p + {k}, sign {sign}": y_and_sign(P + k, sign) for k in range(19) for sign in (0, 1)},
}


def eight_times(raw: bytes) -> bool:
    point = multikey._decode_point(raw)
    return point is not None and multikey._is_neutral(multikey._multiply(8, point))


def test_table_of_small_order_holds_the_eight_points() -> None:
    assert len(set(SMALL_ORDER.values())) == 8
    assert all(map(eight_times, SMALL_ORDER.values()))


@pytest.mark.parametrize("raw", SMALL_ORDER.values(), ids=SMALL_ORDER.keys())
def test_key_of_small_order_is_refused(raw: bytes) -> None:
    with pytest.raises(KeyTextError, match="sound"):
        parse_public_key(key_text(raw))


@pytest.mark.parametrize("raw", NOT_CANONICAL.values(), ids=NOT_CANONICAL.keys())
def test_key_in_an_encoding_that_is_not_canonical_is_refused(raw: bytes) -> None:
    with pytest.raises(KeyTextError, match="sound"):
        parse_public_key(key_text(raw))


def encode(point: multikey._Point) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return y_and_sign(y, x & 1)


@pytest.mark.parametrize("small", [raw for name, raw in SMALL_ORDER.items() if name != "order 1"], ids=bytes.hex)
def test_key_of_mixed_order_is_refused(small: bytes) -> None:
    sound, torsion = multikey._decode_point(SOUND), multikey._decode_point(small)
    assert sound is not None and torsion is not None and encode(sound) == SOUND
    with pytest.raises(KeyTextError, match="sound"):
        parse_public_key(key_text(encode(multikey._add(sound, torsion))))


def test_bytes_that_are_no_point_at_all_are_refused() -> None:
    off_curve = [y_and_sign(y) for y in range(2, 40) if multikey._decode_point(y_and_sign(y)) is None]
    assert len(off_curve) > 10
    for raw in off_curve:
        with pytest.raises(KeyTextError, match="sound"):
            parse_public_key(key_text(raw))
