"""Writes vectors.json: python tests/vectors/rosette/make.py, from the root of the repository.

Only for further vectors: what is published already is drawn by these rules for good."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg, rosette_words

DOCUMENTS: list[dict[str, Any]] = [
    {"name": "Ada Lovelace"},
    {"name": "Ada Lovelase"},
    {"name": "Ada Lovelace", "proof": [{"proofValue": "z1"}]},
    {"b": [1, 2.5, None, True], "a": {"é": "שלום", "€": "\u0001"}},
]


def digests() -> list[bytes]:
    """Zeros, ones, each figure of each layer in turn with each order, and 40 that chance would give."""
    turns = [bytes([step * 37 % 256] * 4 + [(step + place) % 8 for place in range(28)]) for step in range(8)]
    shifted = [bytes([255 - step] * 4 + [(step * (place + 1) + 8) % 256 for place in range(28)]) for step in range(8)]
    hashed = [hashlib.sha256(str(number).encode("ascii")).digest() for number in range(40)]
    return [bytes(32), bytes([255] * 32), *turns, *shifted, *hashed]


def vector(digest: bytes) -> dict[str, str]:
    """What a third program must find for a digest."""
    svg = hashlib.sha256(rosette_svg(digest)).hexdigest()
    return {"digest": digest.hex(), "words": " ".join(rosette_words(digest)), "svg_sha256": svg}


if __name__ == "__main__":
    documents = [{"document": document, **vector(rosette_digest(document))} for document in DOCUMENTS]
    made = {"documents": documents, "digests": [vector(digest) for digest in digests()]}
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    Path(__file__).with_name("vectors.json").write_text(text, "utf-8")
