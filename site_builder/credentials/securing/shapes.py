"""Compiles a shape: what JSON-LD makes of a document, learned once and filled in for all documents that differ by plain values only.

A shape is a document's punctuation, keys, numbers, types and contexts, and each string that JSON-LD does not leave as it is. Every other
string is replaced by a mark; PyLD, with all checks of `canonicalize_rdf`, says where each mark goes. A mark that becomes an address must be
an address in each document; one that comes back altered stays fixed; with one that does not come back, there is no shape.
Sources: JSON-LD 1.1 Processing Algorithms and API, 5.2 (IRI expansion), 5.3 (value expansion); RDFC-1.0."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

from site_builder.credentials.securing.flat_json import FlatJson
from site_builder.credentials.securing.nquads import Blank, Hole, Line, Part, Template

__all__ = ["STEERING", "compile_shape"]

# Keys whose strings steer JSON-LD. In the contexts, no other name stands for @type, or takes terms as values (a test computes it).
STEERING = frozenset({"type", "proofPurpose", "@context", "@language", "@direction"})
_MARKED = re.compile("mark5e1f0a7c([0-9]+)m")
_IS_IRI = re.compile(r"(?:https?|did|urn|mailto):")
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

Dataset = dict[str, list[dict[str, dict[str, str]]]]


def compile_shape(
    flat: FlatJson, *, dataset_of: Callable[[Any], Dataset], canonicalize: Callable[[Dataset], bytes]
) -> Template | None:
    """The template of a document's shape; None when it has none.

    dataset_of, canonicalize: the two halves of the full road, which refuses what may not be signed. Raises what they raise."""
    strings = [string.decode("utf-8") for string in flat.strings]
    if any(map(_MARKED.search, strings)):
        return None
    keys = list(_keys_of_values(json.loads(flat.raw)))
    values = [index for index, key in enumerate(keys) if key is not None]
    first = {index: _mark(index, strings[index]) for index in values if keys[index] not in STEERING}
    roles = _roles(dataset_of(_with(flat, first)), first)
    if roles is None:
        return None
    iris: dict[str, list[int]] = {}
    for index, role in roles.items():
        if role == "IRI":
            iris.setdefault(strings[index], []).append(index)
    groups = list(iris.values())
    of_group = {index: group[0] for group in groups for index in group}
    fixed = {index: flat.strings[index] for index in values if roles.get(index) not in ("IRI", "literal")}
    # Equal addresses get equal marks, so that PyLD joins what is said of one thing, and judges it.
    second = {index: _mark(of_group.get(index, index), strings[index]) for index in first if index not in fixed}
    dataset = dataset_of(_with(flat, second))
    lines, constant_iris = _lines(dataset, set(second.values()))
    template = Template(lines, length=len(strings), fixed=fixed, iris=groups, constant_iris=frozenset(constant_iris))
    marked = [second.get(index, string).encode("utf-8") for index, string in enumerate(strings)]
    return template if template.fits(marked) and template.fill(marked) == canonicalize(dataset) else None


def _keys_of_values(value: Any, key: str | None = None) -> Iterator[str | None]:
    """For each string in the order of the text: the key that it is a value of, None for a key itself."""
    if isinstance(value, str):
        yield key or ""
    elif isinstance(value, list):
        for inner in value:
            yield from _keys_of_values(inner, key)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield None
            yield from _keys_of_values(inner, name)


def _mark(index: int, string: str) -> str:
    return f"https://mark.example/mark5e1f0a7c{index}m" if _IS_IRI.match(string) else f"mark5e1f0a7c{index}m"


def _with(flat: FlatJson, marks: dict[int, str]) -> Any:
    """The document with marks for some of its strings."""
    strings = [marks[index].encode("ascii") if index in marks else string for index, string in enumerate(flat.strings)]
    pieces = zip_longest(flat.punctuation.split(b'"'), strings)
    return json.loads(b'"'.join(piece for pair in pieces for piece in pair if piece is not None))


def _roles(dataset: Dataset, marks: dict[int, str]) -> dict[int, str] | None:
    """What each mark became: "IRI", "literal", or "altered" for more than one or neither; None when a mark is lost."""
    index_of = {mark: index for index, mark in marks.items()}
    roles: dict[int, str] = {}
    for text, role in _texts(dataset):
        if text in index_of and role in ("IRI", "literal"):
            index = index_of[text]
            roles[index] = role if roles.get(index, role) == role else "altered"
        else:
            roles |= {int(number): "altered" for number in _MARKED.findall(text)}
    return roles if roles.keys() == marks.keys() else None


def _texts(dataset: Dataset) -> Iterator[tuple[str, str]]:
    for graph, triples in dataset.items():
        yield graph, "IRI"
        for triple in triples:
            for place, term in triple.items():
                yield term["value"], "predicate" if place == "predicate" else term["type"]
                yield term.get("datatype", ""), "datatype"
                yield term.get("language", ""), "language"


def _lines(dataset: Dataset, marks: set[str]) -> tuple[list[Line], set[bytes]]:
    """The quads with holes for marks, and the addresses without one."""
    numbers: dict[str, int] = {}
    constant: set[bytes] = set()

    def blank(label: str) -> Blank:
        return Blank(numbers.setdefault(label, len(numbers)))

    def node(text: str) -> list[Part]:
        if text.startswith("_:"):
            return [blank(text)]
        if text in marks:
            return [b"<", _hole(text), b">"]
        constant.add(text.encode("utf-8"))
        return [f"<{text}>".encode()]

    def value(term: dict[str, str]) -> list[Part]:
        if term["type"] != "literal":
            return node(term["value"])
        text, kind = term["value"], term["datatype"]
        ending = f"@{term['language']}" if kind == _LANG_STRING else "" if kind == _XSD_STRING else f"^^<{kind}>"
        # JSON escapes text as N-Quads does, but for control characters, which no document has.
        said = _hole(text) if text in marks else json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8")
        return [b'"', said, f'"{ending}'.encode()]

    lines: list[Line] = []
    for graph, triples in dataset.items():
        in_graph = [] if graph == "@default" else [b" ", *node(graph)]
        for triple in triples:
            subject, predicate = node(triple["subject"]["value"]), node(triple["predicate"]["value"])
            lines.append((*subject, b" ", *predicate, b" ", *value(triple["object"]), *in_graph, b" ."))
    return lines, constant


def _hole(mark: str) -> Hole:
    found = _MARKED.search(mark)
    assert found is not None
    return Hole(int(found[1]))
