"""The shapes that were compiled in this process: few, of moderate size, and none for a document that is met once.

A shape costs four times what the full road costs, so it is compiled when its second document comes, and a stranger's documents can have no
more of them compiled than honest ones make use of."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from site_builder.credentials.securing.flat_json import FlatJson, is_beyond_bmp
from site_builder.credentials.securing.nquads import Template, is_order_agreed, strings_at
from site_builder.encoding import are_fast_roads_open

__all__ = ["ShapeStore", "shape_of"]

_MOST_BYTES = 65_536
_MOST_STRINGS = 1_500
_MOST_SHAPES = 128
# Documents of the same keys can differ in their types, or in which of their addresses are equal.
_MOST_TEMPLATES = 8
_FREE_COMPILATIONS = 64


@dataclass
class _Shape:
    templates: list[Template] = field(default_factory=list)
    seen: int = 0
    compiled: int = 0


class ShapeStore:
    """Templates by shape, the least recently used one forgotten first."""

    def __init__(self) -> None:
        self.shapes: OrderedDict[tuple[bytes, tuple[bytes, ...]], _Shape] = OrderedDict()
        self._compilations = 0
        # How many documents were filled in.
        self.answers = 0

    def fill(self, flat: FlatJson) -> bytes | None:
        """The canonical N-Quads of a document; None where only the full road can tell."""
        if not are_fast_roads_open() or not flat.is_plain or len(flat.raw) > _MOST_BYTES:
            return None
        key = shape_of(flat)
        shape = self.shapes.get(key)
        if shape is None:
            return None
        self.shapes.move_to_end(key)
        for template in shape.templates:
            if template.fits(flat.strings):
                nquads = template.fill(flat.strings)
                if nquads is None or (is_beyond_bmp(nquads) and not is_order_agreed(nquads.decode())):
                    return None
                self.answers += 1
                return nquads
        return None

    def learn(self, flat: FlatJson, canonical: bytes, compile_: Callable[[FlatJson], Template | None]) -> None:
        """Takes note of a document that the full road has accepted, and compiles its shape if that seems to pay.

        canonical: its canonical form, which the template must give, too."""
        if (
            not are_fast_roads_open()
            or not flat.is_plain
            or len(flat.raw) > _MOST_BYTES
            or len(flat.strings) > _MOST_STRINGS
        ):
            return
        shape = self.shapes.setdefault(shape_of(flat), _Shape())
        if len(self.shapes) > _MOST_SHAPES:
            self.shapes.popitem(last=False)
        shape.seen += 1
        if shape.seen < 2 or shape.compiled >= _MOST_TEMPLATES or any(t.fits(flat.strings) for t in shape.templates):
            return
        if self._compilations > _FREE_COMPILATIONS + self.answers // 4:
            return
        shape.compiled += 1
        self._compilations += 1
        template = compile_(flat)
        if template and template.fits(flat.strings) and template.fill(flat.strings) == canonical:
            shape.templates.insert(0, template)


def shape_of(flat: FlatJson) -> tuple[bytes, tuple[bytes, ...]]:
    """What documents of one shape have in common, but for types and the like, which each template knows."""
    return flat.punctuation, _keys_of(flat.punctuation)(flat.strings)


@lru_cache(maxsize=_MOST_SHAPES)
def _keys_of(punctuation: bytes) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    """A function that gives the keys among the strings: those before a colon."""
    return strings_at(index for index, piece in enumerate(punctuation.split(b'"')[1:]) if piece.startswith(b":"))
