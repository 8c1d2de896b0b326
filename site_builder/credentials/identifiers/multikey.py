"""Ed25519 keys as Multikey text, and the strict check that makes all verifiers agree about a key.

Source: Controlled Identifiers 1.0, 2.2.2 (Multikey); Data Integrity EdDSA Cryptosuites 1.0, 2.1.1; RFC 8032."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from site_builder.encoding import EncodingError, format_base58btc, parse_base58btc
from site_builder.errors import Error

__all__ = [
    "KeyTextError",
    "fingerprint",
    "format_private_key",
    "format_public_bytes",
    "format_public_key",
    "parse_private_key",
    "parse_public_key",
    "public_bytes",
]

_PUBLIC_HEADER = bytes.fromhex("ed01")
_SECRET_HEADER = bytes.fromhex("8026")


class KeyTextError(Error):
    """Text that is not an Ed25519 Multikey, or a key on which verifiers would disagree."""


def format_public_key(key: Ed25519PublicKey) -> str:
    """publicKeyMultibase of a key: always 48 characters that begin with z6Mk."""
    return format_public_bytes(key.public_bytes_raw())


def format_public_bytes(raw: bytes) -> str:
    """publicKeyMultibase of the 32 bytes of a key, sound or not."""
    return "z" + format_base58btc(_PUBLIC_HEADER + raw)


@lru_cache(maxsize=1024)
def parse_public_key(multibase: str) -> Ed25519PublicKey:
    """The public key written as publicKeyMultibase.

    Refuses keys that are not canonical, of small order or outside the prime-order group: on those, Ed25519
    implementations give different answers for one signature. Raises KeyTextError."""
    raw = _decode(multibase, header=_PUBLIC_HEADER, begins_with="z6Mk")
    if not _is_prime_order(raw):
        raise KeyTextError("this public key is not a sound Ed25519 key (not canonical, or of small or mixed order)")
    return Ed25519PublicKey.from_public_bytes(raw)


def format_private_key(key: Ed25519PrivateKey) -> str:
    """A signing key as one line of text, the Multikey secret form (z3u2…)."""
    return "z" + format_base58btc(_SECRET_HEADER + key.private_bytes_raw())


def parse_private_key(text: str) -> Ed25519PrivateKey:
    """The signing key written as a Multikey secret. The message never repeats the text. Raises KeyTextError."""
    return Ed25519PrivateKey.from_private_bytes(_decode(text.strip(), header=_SECRET_HEADER, begins_with="z3u2"))


def public_bytes(multibase: str) -> bytes:
    """The 32 bytes of a sound public key."""
    return parse_public_key(multibase).public_bytes_raw()


def fingerprint(multibase: str) -> str:
    """SHA-256 of the 32 public bytes, hex in groups of four: what people compare by eye."""
    digest = hashlib.sha256(public_bytes(multibase)).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, 64, 4))


def _decode(text: str, *, header: bytes, begins_with: str) -> bytes:
    if not text.startswith("z"):
        raise KeyTextError(f"a key is one line of text that begins with {begins_with}")
    try:
        raw = parse_base58btc(text[1:], max_characters=64)
    except EncodingError as error:
        raise KeyTextError("this is not the text of a key") from error
    if raw[:2] != header or len(raw) != 34:
        raise KeyTextError(f"an Ed25519 key begins with {begins_with} and has 32 bytes")
    return raw[2:]


# Edwards curve arithmetic, only to judge public keys: never with secrets (it is not constant-time).
# Source: RFC 8032, 5.1 (parameters), 5.1.3 (decoding), 5.1.4 (addition in extended coordinates).
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ORDER = 2**252 + 27742317777372353535851937790883648493
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def _is_prime_order(raw: bytes) -> bool:
    point = _decode_point(raw)
    if point is None or _is_neutral(_multiply(8, point)):
        return False
    return _is_neutral(_multiply(_ORDER, point))


def _decode_point(raw: bytes) -> _Point | None:
    encoded = int.from_bytes(raw, "little")
    y, sign = encoded & (2**255 - 1), encoded >> 255
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x % 2 != sign else x
    return (x, y, 1, x * y % _P)


def _add(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _multiply(scalar: int, point: _Point) -> _Point:
    result = _NEUTRAL
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


def _is_neutral(point: _Point) -> bool:
    return point[0] % _P == 0 and (point[1] - point[2]) % _P == 0
