"""Resolving, the second step: a verification method (a DID URL) to its public key and controller, with the evidence for it.

A new DID method is a module beside this and a row here. Source: Controlled Identifiers 1.0, 3.3 (Retrieve Verification Method)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from site_builder.credentials.identifiers.did_web import DidError, did_document_url, is_did_web
from site_builder.credentials.identifiers.multikey import KeyTextError, parse_public_key
from site_builder.credentials.timestamps import parse_timestamp
from site_builder.encoding import EncodingError
from site_builder.verification.domain import domain_of
from site_builder.verification.evidence.source import Fetch, FetchError, NotInFolderError
from site_builder.verification.finding import Finding
from site_builder.verification.resolve.did_web import look_up_did_web
from site_builder.verification.resolve.key import KeyText, ResolvedKey
from site_builder.wording import format_date

__all__ = ["DID_METHODS", "DidMethod", "resolve"]


@dataclass(frozen=True)
class DidMethod:
    """A kind of DID whose keys can be looked up.

    recognises: whether a DID is of this method. source_of: the address that its evidence comes from, "" when it needs none.
    look_up: the key that a DID URL names; raises FetchError, DidError or EncodingError."""

    recognises: Callable[[str], bool]
    source_of: Callable[[str], str]
    look_up: Callable[[str, Fetch], KeyText]


DID_METHODS = (DidMethod(is_did_web, did_document_url, look_up_did_web),)


def resolve(method: str, *, fetch: Fetch, now: datetime) -> ResolvedKey | Finding:
    """The key that a verification method names, or the finding that says why there is none. now: aware."""
    did, _, fragment = method.partition("#")
    if not did:
        return Finding("failed", "failed", {"reason": "the signature does not say whose key made it"})
    row = next((row for row in DID_METHODS if row.recognises(did)), None)
    if row is None:
        return Finding("not_supported", "not_did", {"did": did[:120]}, form="key-address")
    source = row.source_of(did)
    try:
        multibase, controller, expires, office = row.look_up(method, fetch)
        public_key = parse_public_key(multibase)
        end = parse_timestamp(expires)
        # At its end a key is accepted no longer. Source: Controlled Identifiers 1.0, 2.2.
        if end is not None and now >= end:
            raise DidError(f"{did} let its key #{fragment} sign until {format_date(expires)} only")
    except NotInFolderError:
        return Finding("could_not_check", "not_in_folder", {"url": source}, source)
    except FetchError:
        return Finding("could_not_check", "unreachable", {"domain": domain_of(did)}, source)
    except (DidError, KeyTextError, EncodingError) as error:
        return Finding("failed", "failed", {"reason": str(error)}, source)
    found = Finding("passed", "passed", {"key": fragment, "domain": domain_of(did)}, source)
    return ResolvedKey(public_key, multibase, controller, did, found, office)
