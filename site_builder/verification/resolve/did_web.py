"""A key of a did:web issuer, from the document at the issuer's domain. Source: Controlled Identifiers 1.0, 3.3."""

from __future__ import annotations

from site_builder.credentials.identifiers.did_web import did_document_url, find_key, office_of
from site_builder.encoding import parse_json
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.resolve.key import KeyText

__all__ = ["look_up_did_web"]


def look_up_did_web(method: str, fetch: Fetch) -> KeyText:
    """The key that a DID URL of did:web names. Raises FetchError, DidError or EncodingError."""
    document = parse_json(fetch(did_document_url(method.partition("#")[0])))
    return KeyText(*find_key(document, method), office=office_of(document))
