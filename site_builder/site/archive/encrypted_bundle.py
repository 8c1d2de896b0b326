"""Documents that only somebody who knows their address can find and open: for a page that is handed to anybody.

The address of a credential holds 128 random bits, so a digest of it can be neither guessed nor turned back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from site_builder.encoding import format_base64url

__all__ = ["seal"]

_NONCE_BYTES = 12


def seal(documents: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """(address, bytes) as hex digest of the address and base64url of nonce and AES-256-GCM ciphertext.

    verification/browser/src/verification/evidence/archive.js opens them. The same documents give the same text: the nonce is a digest
    of key and document, so that one key never meets two documents with one nonce. Source: NIST SP 800-38D, 8.2."""
    sealed = {}
    for address, raw in documents:
        key = _digest("key", address.encode())
        nonce = _digest("nonce", key + raw)[:_NONCE_BYTES]
        closed = nonce + AESGCM(key).encrypt(nonce, raw, None)
        sealed[_digest("name", address.encode()).hex()] = format_base64url(closed)
    return sealed


def _digest(purpose: str, raw: bytes) -> bytes:
    return hashlib.sha256(f"laurels archive {purpose}\n".encode() + raw).digest()
