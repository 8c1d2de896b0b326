"""The rosette of a credential: line ornament and four words, from the SHA-256 of what was signed.

An ornament and an aid for comparing paper with screen by eye, never a check. The algorithm in words, and why it is so:
content/pages/decisions/rosette.md. verification/browser/src/credentials/rosette/drawing.js draws the same: a test compares all
640 layers that there are."""

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
    return [_path(layer, *choice) for layer, choice in enumerate(_choices(digest))]


def _choices(digest: bytes) -> list[tuple[int, int, int]]:
    """Of each layer, which figure it is, of how many sectors, and which kind of it: the border's outline, more lines of the body."""
    order, motif = _ORDERS[digest[4] % 8], digest[12] % 8
    motif_order = (_POINTED_ORDERS if motif in _POINTED_MOTIFS else _ROUND_ORDERS)[digest[6] % 8]
    return [
        (digest[8] % 8, _ORDERS[digest[5] % 8], digest[7] % 4),
        (digest[9] % 8, order, digest[10] % 4),
        (digest[11] % 8, order, 0),
        (motif, motif_order, 0),
    ]


def _path(layer: int, kind: int, order: int, further: int) -> RosettePath:
    """One of the four layers."""
    if layer == 0:
        return RosettePath(draw_border(kind, order, outline=further), _FINE, order)
    if layer == 1:
        return RosettePath(draw_body(kind, order, extra=further), _FINE, order)
    return (
        RosettePath(draw_ring(kind, order), _FINE, order)
        if layer == 2
        else RosettePath(draw_motif(kind, order), _BOLD, order)
    )


def rosette_svg(digest: bytes) -> bytes:
    """The rosette as an SVG file of at most 12 KB."""
    layers = b"".join([_layer(layer, *choice) for layer, choice in enumerate(_choices(digest))])
    return b"".join([_HEAD, layers, b"</svg>\n"])


_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW_BOX}" fill="none" stroke="{INK}" '
    'stroke-linecap="round" stroke-linejoin="round">'
).encode("ascii")


# There are 640 layers, of two megabytes together: most credentials of a site have only such as others have.
@lru_cache(maxsize=640)
def _layer(layer: int, kind: int, order: int, further: int) -> bytes:
    path, name = _path(layer, kind, order, further), f"l{layer}"
    turned = (
        f'<use href="#{name}" transform="rotate({_degrees(index, path.turns)})"/>' for index in range(1, path.turns)
    )
    return (f'<path id="{name}" stroke-width="{path.width}" d="{path.d}"/>' + "".join(turned)).encode("ascii")


def _degrees(index: int, turns: int) -> str:
    """index parts of a whole turn in degrees, cut to thousandths: ``51.428``."""
    thousandths = 360_000 * index // turns
    return f"{thousandths // 1000}.{thousandths % 1000:03}"
