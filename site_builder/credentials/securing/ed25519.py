"""Ed25519 signatures: libsodium where it gives the answer of `cryptography` (OpenSSL), in half the time. Source: RFC 8032, 5.1.

A signature is a function of key and message (RFC 8032, 5.1.6), so both write the same bytes; the first one by each key is compared.
Verifying, implementations differ at the edges ("Taming the many EdDSAs", Chalkias, Garillot and Nikolaenko, 2020). What counts is OpenSSL's
answer: S below the order of the group, and R equal, byte for byte, to the encoding of SB - hA. libsodium asks for the same and refuses more
(keys and R of small order, keys that are not canonical), so what it accepts holds, and what it refuses OpenSSL judges. But its source of
today asks for equality up to the cofactor only, and a build with ED25519_COMPAT takes a larger S, which is laxer. So a library must
refuse a signature of each of these kinds before it is asked. Source: libsodium, crypto_sign/ed25519/ref10/open.c, old and new."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from site_builder.encoding import are_fast_roads_open

__all__ = ["sign", "verify"]

# To load libsodium takes six milliseconds: as much as it saves on so many signatures.
_BEFORE_LOADING = 100
_MOST_KEYS = 8
_calls = 0


class _Sodium(NamedTuple):
    """Signs a message with the secret and the public key, and opens a signed message with a public key. Signed: signature, message."""

    sign: Callable[[bytes, bytes], bytes]
    open: Callable[[bytes, bytes], bytes]
    refusal: type[Exception]


# By the address of the key object, which is kept, so that no other object gets its address. None: not signed by libsodium.
_secrets: dict[int, tuple[Ed25519PrivateKey, bytes | None]] = {}


def sign(key: Ed25519PrivateKey, message: bytes) -> bytes:
    """The 64 bytes of the signature of a message."""
    sodium = _sodium()
    if sodium is None:
        return key.sign(message)
    known = _secrets.get(id(key))
    if known is None:
        return _first_signature(key, message, sodium)
    secret = known[1]
    return key.sign(message) if secret is None else sodium.sign(message, secret)[:64]


def verify(key: Ed25519PublicKey, signature: bytes, message: bytes) -> None:
    """Returns when the signature is the key's for the message. Raises cryptography's InvalidSignature."""
    sodium = _sodium()
    if sodium is None or not _accepts(sodium, key.public_bytes_raw(), signature, message):
        key.verify(signature, message)


def _first_signature(key: Ed25519PrivateKey, message: bytes, sodium: _Sodium) -> bytes:
    secret = key.private_bytes_raw() + key.public_key().public_bytes_raw()
    signature = key.sign(message)
    is_alike = sodium.sign(message, secret) == signature + message
    if len(_secrets) >= _MOST_KEYS:
        _secrets.clear()
    _secrets[id(key)] = (key, secret if is_alike else None)
    return signature


def _accepts(sodium: _Sodium, key: bytes, signature: bytes, message: bytes) -> bool:
    # It takes signature and message as one text, and would cut one of another length elsewhere.
    if len(signature) != 64:
        return False
    try:
        sodium.open(signature + message, key)
    except sodium.refusal:
        return False
    return True


def _sodium() -> _Sodium | None:
    """libsodium, once it pays; None where it may not be asked."""
    global _calls
    if not are_fast_roads_open():
        return None
    if _calls < _BEFORE_LOADING:
        _calls += 1
        return None
    return _loaded()


@cache
def _loaded() -> _Sodium | None:
    from nacl import bindings
    from nacl.exceptions import BadSignatureError

    sodium = _Sodium(bindings.crypto_sign, bindings.crypto_sign_open, BadSignatureError)
    return None if any(_accepts(sodium, *map(bytes.fromhex, lax)) for lax in _LAX) else sodium


# Key, signature and message, which only a lax verifier accepts: cases 4 (cofactor) and 6 (S too large) of that article's cases.json.
# tests/vectors/ed25519 has all of them.
_LAX = (
    (
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
        "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
    ),
    (
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
        "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
    ),
)
