"""The rosette of a credential: line ornament and four words, from the SHA-256 of what was signed.

An ornament and an aid for comparing paper with screen by eye, never a check. The algorithm in words, and why it is so:
content/pages/decisions/rosette.md. verification/browser/src/credentials/rosette/drawing.js draws the same: a test compares all
640 layers that there are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from site_builder.credentials.rosette.layers import draw_body, draw_border, draw_motif, draw_ring
from site_builder.credentials.securing.data_integrity import without_proof
from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.encoding import are_fast_roads_open
from site_builder.kept import is_anything_kept, keep, read_kept

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

# Of a layer: its place, which figure it is, of how many sectors, and which kind of it.
_Choice = tuple[int, ...]


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


# Most credentials of a site have only such layers as others have. There are 640, of one megabyte together.
_layers: dict[_Choice, bytes] = {}
# A process that has drawn a few reads what was kept of all, and one that has drawn many has it kept: to draw all takes 130 milliseconds,
# to read them three.
_FEW, _MANY = 8, 160


def _layer(*choice: int) -> bytes:
    if not are_fast_roads_open():
        return _drawn(*choice)
    if choice not in _layers:
        if len(_layers) in (_FEW, _MANY):
            _layers.update(_kept_layers(makes=len(_layers) == _MANY and is_anything_kept()))
        if choice not in _layers:
            _layers[choice] = _drawn(*choice)
    return _layers[choice]


def _drawn(layer: int, kind: int, order: int, further: int) -> bytes:
    path, name = _path(layer, kind, order, further), f"l{layer}"
    turned = (
        f'<use href="#{name}" transform="rotate({_degrees(index, path.turns)})"/>' for index in range(1, path.turns)
    )
    return (f'<path id="{name}" stroke-width="{path.width}" d="{path.d}"/>' + "".join(turned)).encode("ascii")


def _degrees(index: int, turns: int) -> str:
    """index parts of a whole turn in degrees, cut to thousandths: ``51.428``."""
    thousandths = 360_000 * index // turns
    return f"{thousandths // 1000}.{thousandths % 1000:03}"


# --- all layers -------------------------------------------------------------------------------------------------------


def _kept_layers(*, makes: bool) -> dict[_Choice, bytes]:
    """All layers, as they were kept by this very program; none where they are not. makes: draws and keeps them then."""
    try:
        program = b"\0".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
    except OSError:
        return {}
    choices = list(_all_choices())
    kept = read_kept("rosettes", program)
    if kept is None and makes:
        kept = b"\n".join(_layers.get(choice) or _drawn(*choice) for choice in choices)
        keep("rosettes", program, kept)
    return dict(zip(choices, kept.split(b"\n"), strict=True)) if kept else {}


def _all_choices() -> Iterator[_Choice]:
    for kind in range(8):
        for order in _ORDERS:
            yield from ((layer, kind, order, further) for layer in (0, 1) for further in range(4))
            yield 2, kind, order, 0
        for order in _POINTED_ORDERS if kind in _POINTED_MOTIFS else _ROUND_ORDERS:
            yield 3, kind, order, 0
