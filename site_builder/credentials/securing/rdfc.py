"""RDF Dataset Canonicalization of JSON-LD documents: the one door, with a short road behind it and a full one.

Source: RDF Dataset Canonicalization (RDFC-1.0), 4.4. What is refused, and why: claims.py and full_rdfc.py. The short road fills in
shapes that the full one has compiled (shapes.py), and gives no answer where it could differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from site_builder.credentials.securing.claims import CanonicalizationError
from site_builder.credentials.securing.contexts import CONTEXTS
from site_builder.credentials.securing.flat_json import FlatJson, flatten
from site_builder.credentials.securing.nquads import Template
from site_builder.credentials.securing.shape_store import ShapeStore
from site_builder.credentials.securing.shapes import compile_shape

__all__ = ["CanonicalizationError", "canonicalize_nquads", "canonicalize_rdf"]

_SHAPES = ShapeStore()


def canonicalize_rdf(
    document: dict[str, Any], *, contexts: Mapping[str, Any] = CONTEXTS, flat: FlatJson | None = None
) -> bytes:
    """Canonical N-Quads of a JSON-LD document.

    contexts: the documents that @context may name, by URL; nothing is ever fetched. flat: the document's flat form, where the
    caller has it.
    Raises CanonicalizationError for an unknown context, for every claim that JSON-LD would drop, and for poison graphs."""
    flat = (flat or flatten(document)) if contexts is CONTEXTS else None
    if flat is not None and (nquads := _SHAPES.fill(flat)) is not None:
        return nquads
    # PyLD takes a tenth of a second to import, and most commands sign and verify nothing.
    from site_builder.credentials.securing.full_rdfc import canonicalize_dataset, dataset_of

    canonical = canonicalize_dataset(dataset_of(document, contexts))
    if flat is not None:
        _SHAPES.learn(flat, canonical, _compiled)
    return canonical


def _compiled(flat: FlatJson) -> Template | None:
    from site_builder.credentials.securing.full_rdfc import canonicalize_dataset, dataset_of

    try:
        return compile_shape(flat, dataset_of=dataset_of, canonicalize=canonicalize_dataset)
    except CanonicalizationError:
        # Only with these values could such a document be signed.
        return None


def canonicalize_nquads(text: str) -> bytes:
    """Canonical N-Quads of N-Quads: the same algorithm and limits, for the specification's own test vectors."""
    from site_builder.credentials.securing.full_rdfc import canonicalize_dataset, parse_nquads

    return canonicalize_dataset(parse_nquads(text))
