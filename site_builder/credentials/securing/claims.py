"""Claims that JSON-LD would drop, or sign in a way that hides them from readers of the JSON: what a document may not hold.

Sources: VC Data Integrity 1.0, 2.4.3 (a term that JSON-LD drops is an unsigned claim and must be an error); VCDM 2.0, 11.1. RDF does not
tell a term from the address that it stands for, so only terms may be written."""

from __future__ import annotations

import json
import re
from typing import Any

from site_builder.errors import Error

__all__ = ["CanonicalizationError", "check_expanded", "check_source", "shown"]

# JSON-LD compares each entry of a list with each other: 5,000 take PyLD 20 seconds, and a credential has a hundred.
_MAX_LIST_ENTRIES = 1_000


class CanonicalizationError(Error):
    """A document that has no safe canonical form."""


def shown(value: Any) -> str:
    """The beginning of a value, as a sentence quotes it.

    verification/browser/src/credentials/securing/canonical.js says the same sentences."""
    return json.dumps(value, ensure_ascii=False)[:80]


# What may stand in a document: everything else can vanish in JSON-LD processing without on_property_dropped being told.
_VALUE_KEYS = {"@value", "@language", "@direction"}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_source(document: dict[str, Any]) -> None:
    """Refuses what would not be signed, or has no agreed form, by its JSON alone. Raises CanonicalizationError."""
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
            raise CanonicalizationError(f"{shown(value['@language'])} is not a language")
        return
    for key, inner in value.items():
        if key.startswith("@") and key != "@context":
            raise CanonicalizationError(f"{key[:80]} may not stand inside a document")
        # `https://www.w3.org/2018/credentials#validUntil` is signed like `validUntil`, and who reads the JSON does not find it;
        # `_:name` is not signed at all.
        if ":" in key:
            raise CanonicalizationError(f"{shown(key)} is an address where a term of the contexts belongs")
        # Names of contexts only: one written out inside a document could give any term another meaning.
        if key == "@context" and not (isinstance(inner, list) and all(isinstance(entry, str) for entry in inner)):
            raise CanonicalizationError("@context must be a list of addresses")


def _check_number(number: float) -> None:
    """Refuses numbers whose digits are not all signed, or which jsonld.js takes for 0. Source: JSON-LD 1.1 API, 8.6."""
    if number and (float(f"{number:.15E}") != number or abs(number) < 1e-6):
        raise CanonicalizationError("a number with so many digits has no agreed canonical form")


# PyLD's own pattern asks for a scheme only; this one also refuses what an IRI may not contain.
_ABSOLUTE_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')


def check_expanded(expanded: Any) -> None:
    """Every identifier and type is an absolute IRI; relative ones would be dropped on the way to RDF.

    expanded: what JSON-LD's expansion gives. Raises CanonicalizationError."""
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
                        f"{shown(name)} is not an absolute address, or not a term of the contexts"
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
        raise CanonicalizationError(f"{shown(value)} is not written as a value of the kind {name}")
