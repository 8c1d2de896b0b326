"""Canonical N-Quads of documents of one shape: a form with holes, filled with one document's strings.

What the holes hold decides the labels of the blank nodes, so each fill hashes and orders them again as RDFC-1.0 does. Where the hashes of
two blank nodes are equal, or anything else is unusual, there is no answer, and the full algorithm must give one.
Source: RDF Dataset Canonicalization (RDFC-1.0), 4.4 (steps 1 to 4; the rest is for equal hashes) and 4.6."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

__all__ = ["Blank", "Hole", "Line", "Part", "Template", "is_order_agreed", "strings_at"]


@dataclass(frozen=True)
class Hole:
    """A place for the string with this index."""

    index: int


@dataclass(frozen=True)
class Blank:
    """A place for the label of the blank node with this number (from 0, without a gap)."""

    number: int


# One quad in N-Quads, up to its line end: its text in UTF-8, with holes. Bytes sort as their code points do, are what is hashed, and
# are filled in three times as fast as text. The subject comes first, apart: a Blank, b"<…>", or b"<" and a Hole.
Part = bytes | Hole | Blank
Line = tuple[Part, ...]

# ASCII only, and of these schemes only: no context defines a prefix of such a name, so JSON-LD takes each as it is (a test computes it).
_IRIS = re.compile(rb"(?:(?:https?|did|urn|mailto):[!#-;=?-\[\]_a-z~]* )*")
_LABEL = "_:c14n"
_CANONICAL_LABEL = re.compile(r"_:c14n[0-9]+")


class Template:
    """The canonical N-Quads of all documents of a shape.

    lines: each quad once. length: how many strings a document has. fixed: those that must be as they are. iris: groups of the strings that
    must be addresses, equal inside of a group and unlike those of all others. constant_iris: addresses that none of them may be."""

    def __init__(
        self,
        lines: Iterable[Line],
        *,
        length: int,
        fixed: dict[int, bytes],
        iris: Sequence[Sequence[int]],
        constant_iris: frozenset[bytes],
    ) -> None:
        self._fixed, self._expected = strings_at(fixed), tuple(fixed.values())
        self._iris, self._iri_count = strings_at(group[0] for group in iris), len(iris)
        self._repeated = strings_at(index for group in iris for index in group[1:])
        self._repeats = strings_at(group[0] for group in iris for _ in group[1:])
        self._constant_iris = constant_iris
        lines = list(lines)
        numbers = sorted({part.number for line in lines for part in line if isinstance(part, Blank)})
        self._hashed = [_Form(_seen_from(number, lines), length=length) for number in numbers]
        # In sorted N-Quads the lines of one subject follow each other, as no subject's text begins another's. So blocks that are sorted
        # inside need only be sorted among themselves.
        blocks: dict[Line, list[Line]] = {}
        for line in lines:
            blocks.setdefault(line[:2] if line[0] == b"<" else line[:1], []).append(line)
        self._blocks = [_Form(block, length=length, alike=len(subject)) for subject, block in blocks.items()]
        self._unsorted = [number for number, form in enumerate(self._blocks) if not form.is_sorted]

    def fits(self, strings: Sequence[bytes]) -> bool:
        """Whether a document with these strings, of the same punctuation and keys, is one of the shape."""
        if self._fixed(strings) != self._expected or self._repeated(strings) != self._repeats(strings):
            return False
        iris = self._iris(strings)
        joined = b" ".join((*iris, b""))
        return (
            len(set(iris)) == self._iri_count
            and self._constant_iris.isdisjoint(iris)
            # One string could be two addresses with a space between them.
            and joined.count(b" ") == len(iris)
            and _IRIS.fullmatch(joined) is not None
        )

    def fill(self, strings: list[bytes]) -> bytes | None:
        """The canonical N-Quads of a document of the shape; None where only the full algorithm can tell."""
        hashes = [form.digest(strings) for form in self._hashed]
        labels = {digest: b"_:c14n%d" % rank for rank, digest in enumerate(sorted(hashes))}
        if len(labels) != len(hashes):
            return None
        values = strings + [labels[digest] for digest in hashes]
        blocks = [form.fill(values) for form in self._blocks]
        # RDF says one thing once. Where a document says it twice (a tag, say), the full algorithm leaves one out.
        if any(_has_equal_lines(blocks[number]) for number in self._unsorted):
            return None
        blocks.sort()
        return b"".join(blocks)


class _Form:
    """Lines to fill in. Few of them need sorting when filled: most differ before their first hole.

    alike: how many parts all lines begin with."""

    def __init__(self, lines: Iterable[Line], *, length: int, alike: int = 0) -> None:
        def lead(line: Line) -> bytes:
            return _lead(line[alike:])

        ordered = sorted(lines, key=lead)
        self.is_sorted = not any(lead(later).startswith(lead(line)) for line, later in pairwise(ordered))
        parts = [part for line in ordered for part in (*line, b"\n")]
        self._text = b"".join(part.replace(b"%", b"%%") if isinstance(part, bytes) else b"%b" for part in parts)
        self._values = strings_at(
            part.index if isinstance(part, Hole) else length + part.number
            for part in parts
            if not isinstance(part, bytes)
        )
        is_constant = all(isinstance(part, bytes) for part in parts)
        self._digest = hashlib.sha256(self.fill([])).digest() if is_constant else None

    def fill(self, values: Sequence[bytes]) -> bytes:
        """The lines with their values, sorted. values: the strings of the document, then the labels."""
        filled = self._text % self._values(values)
        if self.is_sorted:
            return filled
        return b"\n".join(sorted(filled.split(b"\n")[:-1])) + b"\n"

    def digest(self, strings: Sequence[bytes]) -> bytes:
        """SHA-256 of the lines. Source: RDFC-1.0, 4.6 (Hash First Degree Quads)."""
        return self._digest or hashlib.sha256(self.fill(strings)).digest()


def _lead(line: Line) -> bytes:
    """What a line begins with, whatever is filled in."""
    lead = b""
    for part in line:
        if not isinstance(part, bytes):
            return lead + (b"_:c14n" if isinstance(part, Blank) else b"")
        lead += part
    return lead


def _seen_from(number: int, lines: Iterable[Line]) -> list[Line]:
    """What is hashed for a blank node: it is _:a, others _:z. Lines that look alike stay, each. Source: RDFC-1.0, 4.6."""

    def seen(part: Part) -> Part:
        return part if not isinstance(part, Blank) else b"_:a" if part.number == number else b"_:z"

    return [tuple(map(seen, line)) for line in lines if Blank(number) in line]


def _has_equal_lines(text: bytes) -> bool:
    lines = text.split(b"\n")
    return len(set(lines)) != len(lines)


def strings_at(indexes: Iterable[int]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    """A function that gives the strings with these indexes, always as a tuple."""
    wanted = tuple(indexes)
    if len(wanted) > 1:
        return itemgetter(*wanted)
    return lambda strings: tuple(strings[index] for index in wanted)


def is_order_agreed(nquads: str) -> bool:
    """RDFC-1.0 sorts by code points, rdf-canonize by UTF-16 units: an emoji and U+E000 to U+FFFF come in another order there."""
    lines = _CANONICAL_LABEL.sub("_:", nquads).split("\n")
    return sorted(lines) == sorted(lines, key=lambda line: line.encode("utf-16-be", "surrogatepass"))
