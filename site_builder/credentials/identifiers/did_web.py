"""did:web identifiers and the documents behind them. Source: did:web Method Specification; Controlled Identifiers 1.0, 2 and 3.3."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from site_builder.credentials.identifiers.key_forms import is_given_away, multibase_of
from site_builder.credentials.securing.contexts import DID_V1, MULTIKEY_V1
from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.credentials.timestamps import parse_timestamp
from site_builder.encoding import format_mailto
from site_builder.errors import Error

__all__ = [
    "DidError",
    "PublicKeyEntry",
    "build_did_document",
    "did_document_url",
    "did_for",
    "did_of",
    "find_key",
    "is_did_web",
    "key_uses_of",
    "method_ids_of",
    "office_of",
]


class DidError(Error):
    """A DID that cannot be used, or a document that does not stand for it."""


@dataclass(frozen=True)
class PublicKeyEntry:
    """One key of an issuer. key_id: `key-1`. may_assert: whether proofs by it are accepted (not compromised)."""

    key_id: str
    multibase: str
    may_assert: bool


_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A last label that begins with a letter: 127.1 and 127.0x1 are IP addresses, which name no owner. A port is written %3A8443.
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}(?:%3[Aa][0-9]{{1,5}})?")
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
# "A contact point, for example, a Customer Complaints department" (schema.org). No registered type of service is a mail address; an
# absolute address as type needs no further context. Sources: Controlled Identifiers 1.0, 2.1.4 (its example); JSON-LD 1.1, 3.5.
_CONTACT_POINT = "https://schema.org/ContactPoint"
# As format_mailto writes one address: nothing that would add a header or a recipient to the mail. Source: RFC 6068, 2.
_MAILTO = re.compile(r"mailto:[A-Za-z0-9._~%-]+@[A-Za-z0-9.-]+")
_MAX_MAILTO = 327


def is_did_web(did: str) -> bool:
    """Whether did is a did:web with a host name, a port at most, and plain path segments."""
    if not did.startswith("did:web:") or len(did) > 512:
        return False
    host, *segments = did.removeprefix("did:web:").split(":")
    return _HOST.fullmatch(host) is not None and all(_SEGMENT.fullmatch(segment) for segment in segments)


def did_document_url(did: str) -> str:
    """Where a did:web's document lies. Source: did:web, Read (Resolve). Raises DidError."""
    if not is_did_web(did):
        raise DidError(f"{did[:120]!r} is not a did:web address that can be looked up")
    host, *segments = did.removeprefix("did:web:").split(":")
    path = "/".join(segments) if segments else ".well-known"
    return f"https://{host.replace('%3A', ':').replace('%3a', ':')}/{path}/did.json"


def did_for(base: str, path: str) -> str:
    """The did:web whose document lies at <base><path>did.json. base: https, trailing slash; path: `issuers/harbour/`."""
    parts = urlsplit(base + path)
    host = parts.netloc.replace(":", "%3A")
    return ":".join(["did:web", host, *[segment for segment in parts.path.split("/") if segment]])


def build_did_document(did: str, keys: Iterable[PublicKeyEntry], *, office: str = "") -> dict[str, Any]:
    """The DID document of an issuer: absolute ids, Multikey, assertionMethod as strings (other forms fail in verifiers).

    A compromised key leaves assertionMethod, which is the only thing that verifiers look at, and stays listed.
    office: the mail address for questions about a credential, "" for none; it is a service. Source: Controlled Identifiers 1.0, 2.1.4."""
    entries = list(keys)
    services = [{"id": f"{did}#office", "type": _CONTACT_POINT, "serviceEndpoint": format_mailto(office)}]
    return {
        "@context": [DID_V1, MULTIKEY_V1],
        "id": did,
        "verificationMethod": [
            {"id": f"{did}#{key.key_id}", "type": "Multikey", "controller": did, "publicKeyMultibase": key.multibase}
            for key in entries
        ],
        "assertionMethod": [f"{did}#{key.key_id}" for key in entries if key.may_assert],
    } | ({"service": services} if office else {})


def did_of(document: Any) -> str:
    """The DID whose document this says it is; "" where it states none."""
    return _id_of(document)


def method_ids_of(document: Any) -> list[str]:
    """The id of each verification method in a DID document, in its order; "" for one without."""
    return [_id_of(method) for method in _methods(document)] if isinstance(document, dict) else []


def key_uses_of(document: Any) -> dict[tuple[str, str], bool]:
    """Of each (id, publicKeyMultibase) that a DID document lists, whether it may make assertions. What has another form is passed over."""
    if not isinstance(document, dict):
        return {}
    allowed = {name for name in _may_assert(document) if isinstance(name, str)}
    methods = [method for method in _listed(document, "verificationMethod") if isinstance(method, dict)]
    keys = [(_id_of(method), method.get("publicKeyMultibase")) for method in methods]
    return {(name, key): name in allowed for name, key in keys if isinstance(key, str)}


def office_of(document: Any) -> str:
    """The mailto address of the issuer's office that a DID document names; "" where it names none, several, or one of another form."""
    if not isinstance(document, dict):
        return ""
    name = f"{_id_of(document)}#office"
    found = [service for service in _listed(document, "service") if _id_of(service) == name]
    if len(found) != 1 or found[0].get("type") != _CONTACT_POINT:
        return ""
    mail = found[0].get("serviceEndpoint")
    return mail if isinstance(mail, str) and len(mail) <= _MAX_MAILTO and _MAILTO.fullmatch(mail) else ""


def _id_of(value: Any) -> str:
    identifier = value.get("id") if isinstance(value, dict) else None
    return identifier if isinstance(identifier, str) else ""


def find_key(document: Any, method_id: str) -> tuple[str, str, str]:
    """publicKeyMultibase and controller of a verification method that may make assertions, and its end, "" for none.

    The method may be listed or embedded in assertionMethod, its key in any of the forms that key_forms knows.
    There is no clock here: at that moment, a dateTimeStamp, the key ceases to be accepted. Source: Controlled Identifiers 1.0, 2.2
    (expires) and 3.3 (Retrieve Verification Method). The fragment is only ever a name: a key written into it proves nothing.
    Raises DidError."""
    did, _, fragment = method_id.partition("#")
    if not isinstance(document, dict) or document.get("id") != did or not fragment:
        raise DidError(f"the key document found is not that of {did}")
    found = [method for method in _methods(document) if isinstance(method, dict) and method.get("id") == method_id]
    if len(found) != 1:
        raise DidError(f"{did} lists no key #{fragment}" if not found else f"{did} lists the key #{fragment} twice")
    if method_id not in _may_assert(document):
        raise DidError(f"{did} does not let its key #{fragment} sign credentials (any more)")
    if is_given_away(found[0]):
        raise DidError(f"{did} has published the secret half of its key #{fragment}, so anyone can sign with it")
    key, controller = multibase_of(found[0]), found[0].get("controller")
    expires = found[0].get("expires", "")
    is_odd = "expires" in found[0] and parse_timestamp(expires) is None
    if is_odd or key is None or not isinstance(controller, str):
        raise DidError(f"the key #{fragment} of {did} is not in a form of Ed25519 key that is read here")
    if "revoked" in found[0]:
        raise DidError(f"{did} has revoked its key #{fragment}")
    return key, controller, expires


def _methods(document: dict[str, Any]) -> list[Any]:
    """The verification methods of a DID document that could make assertions: those listed, and those embedded in assertionMethod.

    An object with an id alone is a reference. What is embedded as it is listed is there once; otherwise it is another method
    of the same name."""
    methods = list(_listed(document, "verificationMethod"))
    known = [canonicalize_jcs(method) for method in methods]
    embedded = [
        entry for entry in _listed(document, "assertionMethod") if isinstance(entry, dict) and set(entry) != {"id"}
    ]
    return [*methods, *(entry for entry in embedded if canonicalize_jcs(entry) not in known)]


def _may_assert(document: dict[str, Any]) -> list[Any]:
    return [entry.get("id") if isinstance(entry, dict) else entry for entry in _listed(document, "assertionMethod")]


def _listed(document: dict[str, Any], name: str) -> list[Any]:
    entries = document.get(name, [])
    return entries if isinstance(entries, list) else []
