"""A second implementation of JSON-LD and RDFC-1.0, asked about a sample of what is signed.

A canonical form that was filled into a shape is compared with pyoxigraph's, which shares no code with it or with PyLD, and starts from the
JSON. A difference stops the signing: a proof that no other verifier accepts helps nobody. Source: RDFC-1.0, 4.4."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from site_builder.credentials.securing.claims import CanonicalizationError
from site_builder.credentials.securing.contexts import CONTEXTS

__all__ = ["EVERY", "DifferentFormError", "Sample", "compare_with_second"]

# One comparison takes four milliseconds: as much as signing twenty documents.
EVERY = 250
_MOST_SHAPES = 1_000
_I18N = "https://www.w3.org/ns/i18n#"


class DifferentFormError(CanonicalizationError):
    """Two implementations that give one document different canonical forms."""


class Sample:
    """Which documents to compare: the first of each shape, and then one of so many."""

    def __init__(self) -> None:
        self._shapes: set[Any] = set()
        self._count = 0

    def wants(self, shape: Any) -> bool:
        """Whether the next document, which is of this shape, is one of the sample. shape: anything that can be a key."""
        self._count += 1
        is_new = shape not in self._shapes and len(self._shapes) < _MOST_SHAPES
        if is_new:
            self._shapes.add(shape)
        return is_new or self._count % EVERY == 0


def compare_with_second(document: dict[str, Any], canonical: bytes) -> None:
    """Returns when pyoxigraph gives a document the same canonical N-Quads. Raises DifferentFormError."""
    if _second_form(document) != canonical:
        raise DifferentFormError(
            "two programs give this document different canonical forms, so other verifiers might refuse it"
        )


def _second_form(document: dict[str, Any]) -> bytes | None:
    # Only a run that signs needs it.
    import pyoxigraph

    def with_i18n(quads: Iterable[pyoxigraph.Quad]) -> Iterable[pyoxigraph.Quad]:
        """RDF 1.1 writes a direction as a datatype (rdfDirection i18n-datatype), as signed forms do; pyoxigraph as RDF 1.2 does."""
        for quad in quads:
            said = quad.object
            if isinstance(said, pyoxigraph.Literal) and said.direction:
                kind = pyoxigraph.NamedNode(f"{_I18N}{(said.language or '').lower()}_{said.direction.value}")
                said = pyoxigraph.Literal(said.value, datatype=kind)
            yield pyoxigraph.Quad(quad.subject, quad.predicate, said, quad.graph_name)

    text = json.dumps(_with_contexts_inside(document))
    try:
        parsed = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD)
        dataset = pyoxigraph.Dataset(with_i18n(parsed))
    except (SyntaxError, ValueError):
        return None
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    written = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(written.splitlines(keepends=True)))


def _with_contexts_inside(value: Any) -> Any:
    """The document with each context's own text instead of its address: pyoxigraph is to fetch nothing."""
    if isinstance(value, list):
        return [_with_contexts_inside(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [CONTEXTS[url]["@context"] for url in inner] if key == "@context" else _with_contexts_inside(inner)
        for key, inner in value.items()
    }
