"""Signatures by libsodium: the bytes and the answers of cryptography, on every edge on which implementations differ."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nacl import bindings

from site_builder.credentials.securing import ed25519
from site_builder.encoding import only_slow_roads
from tests.vector_files import read_json_vector

CASES = [
    tuple(bytes.fromhex(case[name]) for name in ("pub_key", "signature", "message"))
    for case in read_json_vector("ed25519/cases.json")
]
ORDER = 2**252 + 27742317777372353535851937790883648493
# A point of order 8: R of case 2.
TORSION = CASES[2][1][:32]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
MESSAGE = bytes(range(64))


@pytest.fixture(autouse=True)
def from_the_first_signature(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ed25519, "_BEFORE_LOADING", 0)
    ed25519._secrets.clear()
    yield
    ed25519._secrets.clear()
    ed25519._loaded.cache_clear()


def holds(key: bytes, signature: bytes, message: bytes) -> bool:
    """The answer, which is cryptography's own."""
    public = Ed25519PublicKey.from_public_bytes(key)
    answers = []
    for verify in (public.verify, lambda signature, message: ed25519.verify(public, signature, message)):
        try:
            verify(signature, message)
            answers.append(True)
        except InvalidSignature:
            answers.append(False)
    assert answers[0] == answers[1]
    return answers[0]


def opened_by_libsodium(key: bytes, signature: bytes, message: bytes) -> bool:
    sodium = ed25519._loaded()
    assert sodium is not None
    return ed25519._accepts(sodium, key, signature, message)


def signed_by_hand(nonce: int, torsion: int) -> bytes:
    """A signature whose R is nonce times B, and so many times a point of order 8: SB = R + hA but for that point."""
    point = bindings.crypto_scalarmult_ed25519_base_noclamp(nonce.to_bytes(32, "little"))
    for _ in range(torsion):
        point = bindings.crypto_core_ed25519_add(point, TORSION)
    secret = (
        int.from_bytes(hashlib.sha512(KEY.private_bytes_raw()).digest()[:32], "little") & ((1 << 254) - 8) | 1 << 254
    )
    challenge = int.from_bytes(hashlib.sha512(point + PUBLIC + MESSAGE).digest(), "little")
    return point + ((nonce + challenge * secret) % ORDER).to_bytes(32, "little")


@pytest.mark.parametrize("case", range(len(CASES)))
def test_edge_case_has_the_answer_of_cryptography(case: int) -> None:
    key, signature, message = CASES[case]
    assert holds(key, signature, message) == (case <= 3)
    # What libsodium accepts, cryptography accepts, too.
    assert opened_by_libsodium(key, signature, message) == (case == 3)


@pytest.mark.parametrize("torsion", range(8))
def test_signature_that_only_the_cofactor_makes_good_is_refused(torsion: int) -> None:
    signature = signed_by_hand(12_345, torsion)
    assert holds(PUBLIC, signature, MESSAGE) == opened_by_libsodium(PUBLIC, signature, MESSAGE) == (torsion == 0)


def test_signature_with_a_larger_s_is_refused() -> None:
    signature = KEY.sign(MESSAGE)
    for times in range(1, 16):
        s = int.from_bytes(signature[32:], "little") + times * ORDER
        if s < 2**256:
            assert not holds(PUBLIC, signature[:32] + s.to_bytes(32, "little"), MESSAGE)


def test_changed_signatures_keys_and_messages_have_the_answer_of_cryptography() -> None:
    source = random.Random(8032)
    for key, signature, message in [*CASES, (PUBLIC, KEY.sign(MESSAGE), MESSAGE)]:
        for _ in range(60):
            parts = [bytearray(key), bytearray(signature), bytearray(message)]
            part = source.choice(parts)
            part[source.randrange(len(part))] ^= 1 << source.randrange(8)
            holds(*map(bytes, parts))
        for place in (0, 31, 32, 63):
            for bit in range(8):
                changed = bytearray(signature)
                changed[place] ^= 1 << bit
                holds(key, bytes(changed), message)


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_signature_of_another_length_does_not_borrow_from_the_message(length: int) -> None:
    signed = KEY.sign(MESSAGE) + MESSAGE
    assert not holds(PUBLIC, signed[:length], signed[length:])


def test_signatures_are_the_bytes_of_cryptography() -> None:
    source = random.Random(25519)
    keys = [Ed25519PrivateKey.from_private_bytes(source.randbytes(32)) for _ in range(ed25519._MOST_KEYS + 3)]
    for length in (0, 1, 64, 64, 64, 1000):
        for key in keys:
            message = source.randbytes(length)
            signature = ed25519.sign(key, message)
            assert signature == key.sign(message)
            assert holds(key.public_key().public_bytes_raw(), signature, message)
    assert len(ed25519._secrets) <= ed25519._MOST_KEYS


def test_libsodium_is_what_signs_and_verifies(monkeypatch: pytest.MonkeyPatch) -> None:
    signature = ed25519.sign(KEY, MESSAGE)
    asked = []
    sodium = ed25519._loaded()
    assert sodium is not None

    def signing(message: bytes, secret: bytes) -> bytes:
        asked.append("sign")
        return sodium.sign(message, secret)

    def opening(signed: bytes, key: bytes) -> bytes:
        asked.append("open")
        return sodium.open(signed, key)

    counting = sodium._replace(sign=signing, open=opening)
    monkeypatch.setattr(ed25519, "_loaded", lambda: counting)
    assert ed25519.sign(KEY, MESSAGE) == signature
    ed25519.verify(KEY.public_key(), signature, MESSAGE)
    assert asked == ["sign", "open"]
    with only_slow_roads():
        assert ed25519.sign(KEY, MESSAGE) == signature
        ed25519.verify(KEY.public_key(), signature, MESSAGE)
    assert asked == ["sign", "open"]
    monkeypatch.undo()


def test_few_signatures_are_not_worth_loading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ed25519, "_BEFORE_LOADING", 2)
    monkeypatch.setattr(ed25519, "_calls", 0)
    assert [ed25519._sodium() is not None for _ in range(4)] == [False, False, True, True]


@pytest.mark.parametrize("case", [4, 6])
def test_library_that_would_be_laxer_is_not_asked(case: int, monkeypatch: pytest.MonkeyPatch) -> None:
    key, signature, message = CASES[case]
    strict = bindings.crypto_sign_open

    def lax(signed: bytes, by: bytes) -> bytes:
        return message if (signed, by) == (signature + message, key) else strict(signed, by)

    ed25519._loaded.cache_clear()
    monkeypatch.setattr(bindings, "crypto_sign_open", lax)
    assert ed25519._loaded() is None
    assert not holds(key, signature, message)


def test_library_that_signs_otherwise_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    ed25519._loaded.cache_clear()
    monkeypatch.setattr(bindings, "crypto_sign", lambda message, _secret: bytes(64) + message)
    for _ in range(3):
        assert ed25519.sign(KEY, MESSAGE) == KEY.sign(MESSAGE)
