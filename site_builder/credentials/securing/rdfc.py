"""RDF Dataset Canonicalization of JSON-LD documents, closed against lost claims and poison graphs.

Sources: RDF Dataset Canonicalization (RDFC-1.0), 4.4 and 7.1 (poison graphs); VC Data Integrity 1.0, 2.4.3 (a term that JSON-LD drops
is an unsigned claim and must be an error) and 2.4 (contexts known by hash). PyLD names the algorithm URDNA2015; both give the same
N-Quads where text has no control characters but TAB, LF and CR, so others are refused here. The document may also not be written in
a way that hides a signed claim from readers of its JSON: RDF does not tell a term from the address that it stands for."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver

from site_builder.credentials.securing.contexts import CONTEXTS, ContextError
from site_builder.credentials.securing.flat_json import FlatJson, flatten
from site_builder.credentials.securing.nquads import Template, is_order_agreed
from site_builder.credentials.securing.shape_store import ShapeStore
from site_builder.credentials.securing.shapes import compile_shape
from site_builder.errors import Error

__all__ = ["CanonicalizationError", "canonicalize_nquads", "canonicalize_rdf"]

# JSON-LD compares each entry of a list with each other: 5,000 take PyLD 20 seconds, and a credential has a hundred.
_MAX_LIST_ENTRIES = 1_000
_MAX_BLANK_NODES = 256
_MAX_ALIKE = 32
_MAX_ALIKE_NEIGHBOURS = 5
_MAX_HASH_STEPS = 20_000


class CanonicalizationError(Error):
    """A document that has no safe canonical form."""


# PyLD keeps processed contexts by their address alone, so its own store would let one call's contexts into another's.
_PROCESSED: dict[str, Any] = {}
# As the reference implementation has it; without rdfDirection, nothing would sign @direction.
_SHAPES = ShapeStore()
_RDF_OPTIONS = {"base": None, "produceGeneralizedRdf": False, "rdfDirection": "i18n-datatype"}


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
    canonical = _canonicalize(_dataset_of(document, contexts))
    if flat is not None:
        _SHAPES.learn(flat, canonical, _compiled)
    return canonical


def _compiled(flat: FlatJson) -> Template | None:
    try:
        return compile_shape(flat, dataset_of=_dataset_of, canonicalize=lambda dataset: _canonicalize(dataset))
    except CanonicalizationError:
        # Only with these values could such a document be signed.
        return None


def _dataset_of(document: dict[str, Any], contexts: Mapping[str, Any] = CONTEXTS) -> dict[str, Any]:
    """What a document says, as RDF, after all checks."""
    _check_source(document)
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
        _check_expanded(expanded)
        dataset: dict[str, Any] = jsonld.to_rdf(expanded, _RDF_OPTIONS)
    except jsonld.JsonLdError as error:
        raise CanonicalizationError(_reason(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # What PyLD does not check itself: a number where an address belongs, and the like.
        raise CanonicalizationError("this document is not valid JSON-LD") from error
    except RecursionError as error:
        raise CanonicalizationError("this document is nested too deeply") from error
    return dataset


def canonicalize_nquads(text: str) -> bytes:
    """Canonical N-Quads of N-Quads: the same algorithm and limits, for the specification's own test vectors."""
    return _canonicalize(jsonld.JsonLdProcessor.parse_nquads(text))


def _loader(contexts: Mapping[str, Any]) -> Any:
    def load(url: str, _options: Any) -> dict[str, Any]:
        if url not in contexts:
            raise CanonicalizationError(
                f"this document needs the JSON-LD context {_shown(url)}, which is not one that Laurels knows"
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


def _shown(value: Any) -> str:
    """The beginning of a value, as a sentence quotes it.

    verification/browser/src/credentials/securing/canonical.js says the same sentences."""
    return json.dumps(value, ensure_ascii=False)[:80]


# What may stand in a document: everything else can vanish in JSON-LD processing without on_property_dropped being told.
_VALUE_KEYS = {"@value", "@language", "@direction"}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _check_source(document: dict[str, Any]) -> None:
    if "@context" not in document:
        raise CanonicalizationError("this document has no @context")
    pending: list[Any] = [document]
    entries = 0
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            _check_object(value)
            pending.extend(value)
            pending.extend(value.values())
        elif isinstance(value, list):
            if not value:
                raise CanonicalizationError("an empty list signs nothing")
            if any(isinstance(inner, list) for inner in value):
                raise CanonicalizationError("a list inside a list has no agreed canonical form")
            entries += len(value)
            if entries > _MAX_LIST_ENTRIES:
                raise CanonicalizationError("this document has more than 1,000 entries in its lists")
            pending.extend(value)
        elif value is None:
            raise CanonicalizationError("null signs nothing")
        elif isinstance(value, str) and _CONTROL.search(value):
            raise CanonicalizationError("text with control characters has no agreed canonical form")
        elif isinstance(value, float):
            _check_number(value)


def _check_object(value: dict[str, Any]) -> None:
    if "@value" in value:
        # Source: VCDM 2.0, 11.1. On other objects PyLD drops @language and @direction, and here a @language that is none.
        if not value.keys() <= _VALUE_KEYS or not all(isinstance(part, str) for part in value.values()):
            raise CanonicalizationError("text with a language has @value, @language and @direction, and nothing else")
        if not _LANGUAGE.fullmatch(value.get("@language", "en")):
            raise CanonicalizationError(f"{_shown(value['@language'])} is not a language")
        return
    for key, inner in value.items():
        if key.startswith("@") and key != "@context":
            raise CanonicalizationError(f"{key[:80]} may not stand inside a document")
        # `https://www.w3.org/2018/credentials#validUntil` is signed like `validUntil`, and who reads the JSON does not find it;
        # `_:name` is not signed at all.
        if ":" in key:
            raise CanonicalizationError(f"{_shown(key)} is an address where a term of the contexts belongs")
        # Names of contexts only: one written out inside a document could give any term another meaning.
        if key == "@context" and not (isinstance(inner, list) and all(isinstance(entry, str) for entry in inner)):
            raise CanonicalizationError("@context must be a list of addresses")


def _check_number(number: float) -> None:
    """Refuses numbers whose digits are not all signed, or which jsonld.js takes for 0. Source: JSON-LD 1.1 API, 8.6."""
    if number and (float(f"{number:.15E}") != number or abs(number) < 1e-6):
        raise CanonicalizationError("a number with so many digits has no agreed canonical form")


# PyLD's own pattern asks for a scheme only; this one also refuses what an IRI may not contain.
_ABSOLUTE_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')


def _check_expanded(expanded: Any) -> None:
    """Every identifier and type is an absolute IRI; relative ones would be dropped on the way to RDF."""
    pending = [expanded]
    if not expanded:
        raise CanonicalizationError("nothing of this document would be signed")
    root = expanded[0]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            if "@value" in value:
                _check_literal(value)
                continue
            for name in [*value.get("@type", []), *([value["@id"]] if "@id" in value else [])]:
                if not isinstance(name, str) or not _ABSOLUTE_IRI.fullmatch(name):
                    raise CanonicalizationError(
                        f"{_shown(name)} is not an absolute address, or not a term of the contexts"
                    )
            if value is not root and value.get("@id") == root.get("@id", "") and not value.keys() <= {"@id", "@type"}:
                # RDF knows one thing by this id: claims moved down into a part would stay signed, and not be found at the top.
                raise CanonicalizationError("a part of this document has the id of the whole")
            pending.extend(inner for key, inner in value.items() if key not in ("@id", "@type"))


_NUMBERS = ("float", "double", "decimal", "integer", "nonNegativeInteger")


def _check_literal(literal: dict[str, Any]) -> None:
    """A text, number or truth value is written as its datatype says: "false" and false give the same N-Quads."""
    value, datatype = literal["@value"], literal.get("@type")
    if datatype is None or datatype == "@json":
        return
    name = datatype.rpartition("#")[2]
    wanted = bool if name == "boolean" else (int, float) if name in _NUMBERS else str
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise CanonicalizationError(f"{_shown(value)} is not written as a value of the kind {name}")


class _BoundedCanonicalizer(URDNA2015):  # type: ignore[misc]  # PyLD has no types
    steps = 0

    def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
        self.steps += 1
        if self.steps > _MAX_HASH_STEPS:
            raise CanonicalizationError(_POISON)
        return super().hash_n_degree_quads(id_, issuer)


_POISON = "this document has too many parts that look alike to be put in order (a poison graph)"


def _canonicalize(dataset: dict[str, Any]) -> bytes:
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
