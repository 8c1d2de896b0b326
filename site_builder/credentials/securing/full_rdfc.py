"""The full road to canonical RDF: PyLD's JSON-LD and RDFC-1.0, closed against lost claims and poison graphs.

Sources: RDF Dataset Canonicalization (RDFC-1.0), 4.4 and 7.1 (poison graphs). PyLD names the algorithm URDNA2015; both give the same
N-Quads where text has no control characters but TAB, LF and CR, so others are refused here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver

from site_builder.credentials.securing.claims import CanonicalizationError, check_expanded, check_source, shown
from site_builder.credentials.securing.contexts import CONTEXTS, ContextError
from site_builder.credentials.securing.nquads import is_order_agreed

__all__ = ["canonicalize_dataset", "dataset_of", "parse_nquads"]

_MAX_BLANK_NODES = 256
_MAX_ALIKE = 32
_MAX_ALIKE_NEIGHBOURS = 5
_MAX_HASH_STEPS = 20_000

# PyLD keeps processed contexts by their address alone, so its own store would let one call's contexts into another's.
_PROCESSED: dict[str, Any] = {}
# As the reference implementation has it; without rdfDirection, nothing would sign @direction.
_RDF_OPTIONS = {"base": None, "produceGeneralizedRdf": False, "rdfDirection": "i18n-datatype"}


def dataset_of(document: dict[str, Any], contexts: Mapping[str, Any] = CONTEXTS) -> dict[str, Any]:
    """What a document says, as RDF (PyLD's form), after all checks. Raises CanonicalizationError."""
    check_source(document)
    dropped: list[str] = []
    loader = _loader(contexts)
    options = {
        "base": None,  # an empty one is PyLD's word for http://example.org/base/
        "documentLoader": loader,
        "contextResolver": ContextResolver(_PROCESSED if contexts is CONTEXTS else {}, loader),
        "processingMode": "json-ld-1.1",
    }
    try:
        expanded = jsonld.expand(document, options, on_property_dropped=dropped.append)
        if dropped:
            raise CanonicalizationError("this document has a term that its contexts do not define, so nothing signs it")
        check_expanded(expanded)
        dataset: dict[str, Any] = jsonld.to_rdf(expanded, _RDF_OPTIONS)
    except jsonld.JsonLdError as error:
        raise CanonicalizationError(_reason(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # What PyLD does not check itself: a number where an address belongs, and the like.
        raise CanonicalizationError("this document is not valid JSON-LD") from error
    except RecursionError as error:
        raise CanonicalizationError("this document is nested too deeply") from error
    return dataset


def parse_nquads(text: str) -> dict[str, Any]:
    """The dataset of N-Quads."""
    dataset: dict[str, Any] = jsonld.JsonLdProcessor.parse_nquads(text)
    return dataset


def _loader(contexts: Mapping[str, Any]) -> Any:
    def load(url: str, _options: Any) -> dict[str, Any]:
        if url not in contexts:
            raise CanonicalizationError(
                f"this document needs the JSON-LD context {shown(url)}, which is not one that Laurels knows"
            )
        # `tag: static` lets PyLD keep the processed context (1.4 times faster).
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts[url],
            "tag": "static",
        }

    return load


def _reason(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, CanonicalizationError | ContextError):
            return str(cause)
        cause = getattr(cause, "cause", None) or cause.__cause__
    return "this document is not valid JSON-LD"


class _BoundedCanonicalizer(URDNA2015):  # type: ignore[misc]  # PyLD has no types
    steps = 0

    def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
        self.steps += 1
        if self.steps > _MAX_HASH_STEPS:
            raise CanonicalizationError(_POISON)
        return super().hash_n_degree_quads(id_, issuer)


_POISON = "this document has too many parts that look alike to be put in order (a poison graph)"


def canonicalize_dataset(dataset: dict[str, Any]) -> bytes:
    """Canonical N-Quads of a dataset, which is used up. Raises CanonicalizationError for poison graphs."""
    _refuse_poison(dataset)
    nquads = str(_BoundedCanonicalizer().main(dataset, {"format": "application/n-quads"}))
    if not is_order_agreed(nquads):
        raise CanonicalizationError("this document has texts that implementations put into different orders")
    return nquads.encode("utf-8")


def _refuse_poison(dataset: dict[str, Any]) -> None:
    """Counts blank nodes that cannot be told apart by their own quads: ordering n of them may take n! steps.

    Runs before the canonicaliser. Source: RDFC-1.0, 7.1 (dataset poisoning)."""
    quads = [(t["subject"], t["predicate"], t["object"], g) for g, triples in dataset.items() for t in triples]
    own: dict[str, list[str]] = {}
    neighbours: dict[str, set[str]] = {}
    for subject, predicate, value, graph in quads:
        blank = [term["value"] for term in (subject, value) if term["type"] == "blank node"]
        blank += [graph] if graph.startswith("_:") else []
        for node in blank:
            terms = (subject, predicate, value, {"type": "graph", "value": graph})
            own.setdefault(node, []).append(" ".join(_seen_from(node, term) for term in terms))
            neighbours.setdefault(node, set()).update(other for other in blank if other != node)
    if len(own) > _MAX_BLANK_NODES:
        raise CanonicalizationError(_POISON)
    look = {node: "\n".join(sorted(lines)) for node, lines in own.items()}
    count = Counter(look.values())
    alike = {node for node in look if count[look[node]] > 1}
    crowds = (Counter(look[other] for other in near if other in alike) for near in neighbours.values())
    if len(alike) > _MAX_ALIKE or any(max(crowd.values(), default=0) > _MAX_ALIKE_NEIGHBOURS for crowd in crowds):
        raise CanonicalizationError(_POISON)


def _seen_from(node: str, term: dict[str, str]) -> str:
    if term["type"] == "blank node" or term["value"].startswith("_:"):
        return "_:a" if term["value"] == node else "_:z"
    return json.dumps(term, sort_keys=True)
