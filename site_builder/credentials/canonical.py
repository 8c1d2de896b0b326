"""RDF Dataset Canonicalization of JSON-LD documents, closed against lost claims and poison graphs.

Sources: RDF Dataset Canonicalization (RDFC-1.0), 4.4 and 7.1 (poison graphs); VC Data Integrity 1.0, 2.4.3 (a term that JSON-LD drops
is an unsigned claim and must be an error) and 2.4 (contexts known by hash). PyLD names the algorithm URDNA2015; both give the same
N-Quads where text has no control characters but TAB, LF and CR, so others are refused here."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015

from site_builder.errors import Error

__all__ = [
    "CONTEXTS",
    "CREDENTIALS_V2",
    "DID_V1",
    "MULTIKEY_V1",
    "OPEN_BADGES_3",
    "CanonicalizationError",
    "canonicalize_nquads",
    "canonicalize_rdf",
]

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DID_V1 = "https://www.w3.org/ns/did/v1"
MULTIKEY_V1 = "https://w3id.org/security/multikey/v1"

# The hashes of credentials/v2 and multikey/v1 are fixed by VCDM 2.0, B.1 and VC Data Integrity 1.0, 2.4; contexts/SOURCE.md has the rest.
_BUNDLED = {
    CREDENTIALS_V2: ("credentials-v2.jsonld", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"),
    OPEN_BADGES_3: ("ob-v3p0-context-3.0.3.json", "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761"),
    DID_V1: ("did-v1.jsonld", "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f"),
    MULTIKEY_V1: ("multikey-v1.jsonld", "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"),
    "https://w3id.org/security/data-integrity/v2": (
        "data-integrity-v2.jsonld",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
}
_MAX_BLANK_NODES = 256
_MAX_ALIKE = 32
_MAX_ALIKE_NEIGHBOURS = 5
_MAX_HASH_STEPS = 20_000


class CanonicalizationError(Error):
    """A document that has no safe canonical form."""


class _Contexts(Mapping[str, Any]):
    """The JSON-LD contexts in this package, by URL, each checked against its known hash when first read."""

    def __getitem__(self, url: str) -> Any:
        return _read_context(url)

    def __iter__(self) -> Iterator[str]:
        return iter(_BUNDLED)

    def __len__(self) -> int:
        return len(_BUNDLED)


@cache
def _read_context(url: str) -> Any:
    name, digest = _BUNDLED[url]
    raw = resources.files("site_builder.credentials").joinpath("contexts", name).read_bytes()
    if hashlib.sha256(raw).hexdigest() != digest:
        raise CanonicalizationError(f"the bundled JSON-LD context {name} was changed; install Laurels again")
    return json.loads(raw)


CONTEXTS: Mapping[str, Any] = _Contexts()


def canonicalize_rdf(document: dict[str, Any], *, contexts: Mapping[str, Any] = CONTEXTS) -> bytes:
    """Canonical N-Quads of a JSON-LD document.

    contexts: the documents that @context may name, by URL; nothing is ever fetched.
    Raises CanonicalizationError for an unknown context, for every claim that JSON-LD would drop, and for poison graphs."""
    _check_source(document)
    dropped: list[str] = []
    options = {"base": "", "documentLoader": _loader(contexts), "processingMode": "json-ld-1.1"}
    try:
        expanded = jsonld.expand(document, options, on_property_dropped=dropped.append)
        if dropped:
            raise CanonicalizationError("this document has a term that its contexts do not define, so nothing signs it")
        _check_expanded(expanded)
        dataset = jsonld.to_rdf(expanded, {"base": "", "produceGeneralizedRdf": False})
    except jsonld.JsonLdError as error:
        raise CanonicalizationError(_reason(error)) from error
    except RecursionError as error:
        raise CanonicalizationError("this document is nested too deeply") from error
    return _canonicalize(dataset)


def canonicalize_nquads(text: str) -> bytes:
    """Canonical N-Quads of N-Quads: the same algorithm and limits, for the specification's own test vectors."""
    return _canonicalize(jsonld.JsonLdProcessor.parse_nquads(text))


def _loader(contexts: Mapping[str, Any]) -> Any:
    def load(url: str, _options: Any) -> dict[str, Any]:
        if url not in contexts:
            raise CanonicalizationError(
                f"this document needs the JSON-LD context {url!r}, which is not one that Laurels knows"
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
        if isinstance(cause, CanonicalizationError):
            return str(cause)
        cause = getattr(cause, "cause", None) or cause.__cause__
    return "this document is not valid JSON-LD"


# What may stand in a document: everything else can vanish in JSON-LD processing without on_property_dropped being told.
_KEYWORDS = {"@context", "@value", "@language", "@direction"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _check_source(document: dict[str, Any]) -> None:
    if "@context" not in document:
        raise CanonicalizationError("this document has no @context")
    pending: list[Any] = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                _check_key(key, inner)
                pending.append(inner)
        elif isinstance(value, list):
            if not value:
                raise CanonicalizationError("an empty list signs nothing")
            if any(isinstance(inner, list) for inner in value):
                raise CanonicalizationError("a list inside a list has no agreed canonical form")
            pending.extend(value)
        elif value is None:
            raise CanonicalizationError("null signs nothing")
        elif isinstance(value, str) and _CONTROL.search(value):
            raise CanonicalizationError("text with control characters has no agreed canonical form")


def _check_key(key: str, value: Any) -> None:
    if key.startswith("@") and key not in _KEYWORDS:
        raise CanonicalizationError(f"{key} may not stand inside a document")
    # A term's whole address means what the term means, so a status could be kept from everybody who looks for the term.
    if ":" in key:
        raise CanonicalizationError("a name inside a document must be a term of its contexts, not an address")
    # Names of contexts only: one written out inside a document could give any term another meaning.
    if key == "@context" and not (isinstance(value, list) and all(isinstance(entry, str) for entry in value)):
        raise CanonicalizationError("@context must be a list of addresses")


# PyLD's own pattern asks for a scheme only; this one also refuses what an IRI may not contain.
_ABSOLUTE_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')


def _check_expanded(expanded: Any) -> None:
    """Every identifier and type is an absolute IRI; relative ones would be dropped on the way to RDF."""
    pending = [expanded]
    if not expanded:
        raise CanonicalizationError("nothing of this document would be signed")
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            names = value.get("@type", []) if "@value" not in value else [value.get("@type", "x:")]
            for name in [*names, *([value["@id"]] if "@id" in value else [])]:
                if name != "@json" and not _ABSOLUTE_IRI.fullmatch(name):
                    raise CanonicalizationError(
                        f"{name[:80]!r} is not an absolute address, or not a term of the contexts"
                    )
            pending.extend(inner for key, inner in value.items() if key not in ("@id", "@type", "@value"))


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
    return str(_BoundedCanonicalizer().main(dataset, {"format": "application/n-quads"})).encode("utf-8")


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
