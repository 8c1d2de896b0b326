"""Age files written by the specification and not by the library: cheap ones for tests, and ones that no honest program writes.

Source: age-encryption.org/v1 (C2SP/age.md): Header MAC, The scrypt recipient type, Payload, ASCII armor."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["age_file", "armored"]


def _b64(raw: bytes) -> bytes:
    return base64.b64encode(raw).rstrip(b"=")


def _derive(key: bytes, *, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(key)


def age_file(text: bytes, passphrase: str, *, work_factor: int = 1, claimed: str = "", more: bytes = b"") -> bytes:
    """An age file with a passphrase, binary. work_factor: log2 of scrypt's N. claimed: the one that the header states instead.

    more: further stanzas in the header."""
    file_key, salt, nonce = (hashlib.sha256(name + text).digest()[:16] for name in (b"key", b"salt", b"nonce"))
    label = b"age-encryption.org/v1/scrypt" + salt
    wrap = hashlib.scrypt(passphrase.encode(), salt=label, n=2**work_factor, r=8, p=1, dklen=32)
    body = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    stanza = b"-> scrypt %s %s\n%s\n" % (_b64(salt), claimed.encode() or b"%d" % work_factor, _b64(body))
    header = b"age-encryption.org/v1\n" + stanza + more + b"---"
    mac = hmac.digest(_derive(file_key, salt=b"", info=b"header"), header, "sha256")
    # One chunk, which is the last: a counter of eleven bytes, and 1.
    payload = ChaCha20Poly1305(_derive(file_key, salt=nonce, info=b"payload"))
    return header + b" " + _b64(mac) + b"\n" + nonce + payload.encrypt(bytes(11) + b"\x01", text, None)


def armored(binary: bytes, *, newline: str = "\n") -> bytes:
    """The same as text."""
    text = base64.b64encode(binary).decode("ascii")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return newline.join(["-----BEGIN AGE ENCRYPTED FILE-----", *lines, "-----END AGE ENCRYPTED FILE-----", ""]).encode()
