"""The rosette of a credential: line ornament and four words, from the SHA-256 of what was signed.

An ornament and an aid for comparing paper with screen by eye, never a check. The algorithm in words, and why it is so:
content/pages/decisions/rosette.md. verification/browser/src/credentials/rosette/drawing.js is the same program."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from site_builder.credentials.rosette.layers import draw_body, draw_border, draw_motif, draw_ring
from site_builder.credentials.securing.data_integrity import without_proof
from site_builder.credentials.securing.jcs import canonicalize_jcs

__all__ = ["RosettePath", "rosette_digest", "rosette_paths", "rosette_svg", "rosette_words"]

# One ink that reads on white, on paper and on night: a picture in a page cannot take the page's colour.
INK = "#867b6b"
VIEW_BOX = "-4096 -4096 8192 8192"
_FINE, _BOLD = 17, 38
_ORDERS = [4, 5, 6, 7, 8, 9, 10, 12]
# Petals and loops of a motif, and its points and arms: none of a number that would make a known sign of it.
_ROUND_ORDERS = [3, 4, 5, 6, 7, 8, 9, 10]
_POINTED_ORDERS = [5, 7, 8, 9, 10, 12, 14, 16]
_POINTED_MOTIFS = (1, 4, 6)


@dataclass(frozen=True)
class RosettePath:
    """Path data (SVG) with its stroke's width, to be drawn as often as turns says, each time a turn's part further."""

    d: str
    width: int
    turns: int


def rosette_digest(document: dict[str, Any]) -> bytes:
    """32 bytes: SHA-256 of the canonical form (RFC 8785) of the credential without its proofs. Raises EncodingError."""
    return hashlib.sha256(canonicalize_jcs(without_proof(document))).digest()


def rosette_words(digest: bytes) -> tuple[str, str, str, str]:
    """The four words of a digest: its first four bytes, each a place in the list of 256."""
    first, second, third, fourth = (_words()[byte] for byte in digest[:4])
    return first, second, third, fourth


@lru_cache(maxsize=1)
def _words() -> list[str]:
    words: list[str] = json.loads(resources.files(__package__).joinpath("words.json").read_text("utf-8"))
    return words


def rosette_paths(digest: bytes) -> list[RosettePath]:
    """The four layers, from the outside in. Bytes 4 to 12 decide: each by its remainder of 8, or of 4."""
    order, border_order, motif = _ORDERS[digest[4] % 8], _ORDERS[digest[5] % 8], digest[12] % 8
    motif_order = (_POINTED_ORDERS if motif in _POINTED_MOTIFS else _ROUND_ORDERS)[digest[6] % 8]
    return [
        RosettePath(draw_border(digest[8] % 8, border_order, outline=digest[7] % 4), _FINE, border_order),
        RosettePath(draw_body(digest[9] % 8, order, extra=digest[10] % 4), _FINE, order),
        RosettePath(draw_ring(digest[11] % 8, order), _FINE, order),
        RosettePath(draw_motif(motif, motif_order), _BOLD, motif_order),
    ]


def rosette_svg(digest: bytes) -> bytes:
    """The rosette as an SVG file of at most 12 KB."""
    layers = "".join(_layer(path, f"l{index}") for index, path in enumerate(rosette_paths(digest)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW_BOX}" fill="none" stroke="{INK}" '
        f'stroke-linecap="round" stroke-linejoin="round">{layers}</svg>\n'
    ).encode("ascii")


def _layer(path: RosettePath, name: str) -> str:
    turned = (
        f'<use href="#{name}" transform="rotate({_degrees(index, path.turns)})"/>' for index in range(1, path.turns)
    )
    return f'<path id="{name}" stroke-width="{path.width}" d="{path.d}"/>' + "".join(turned)


def _degrees(index: int, turns: int) -> str:
    """index parts of a whole turn in degrees, cut to thousandths: ``51.428``."""
    thousandths = 360_000 * index // turns
    return f"{thousandths // 1000}.{thousandths % 1000:03}"
