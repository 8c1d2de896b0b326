"""Fixed work in plain Python, hashing and signing: what everything else is measured in. It must not change."""

from __future__ import annotations

import hashlib
import json
import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["reference"]

ROUNDS = 600
WORD = re.compile(r"[a-z]+ (\d+)")


def reference() -> None:
    """About a tenth of a second of processor time: texts, dictionaries, JSON, SHA-256 and Ed25519."""
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"laurels reference").digest())
    seen: dict[str, str] = {}
    for number in range(ROUNDS):
        record = {f"field {index}": f"value {number} of {index}" for index in range(40)}
        text = json.dumps(record, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        seen[digest] = key.sign(text.encode()).hex()
        numbers = [int(found) for found in WORD.findall(text)]
        seen[digest] += "".join(sorted(f"<p>{value}</p>" for value in numbers))
