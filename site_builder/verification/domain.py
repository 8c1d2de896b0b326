"""The domain that an address belongs to: what a report names, because only a domain has an owner."""

from __future__ import annotations

import re
from functools import lru_cache

from site_builder.credentials.identifiers.did_web import did_document_url, is_did_web

__all__ = ["domain_of"]

# No user name before the host: a sentence about harbour.example.org@elsewhere.example would mislead.
_HTTPS_HOST = re.compile(r"https://([A-Za-z0-9.-]+(?::[0-9]{1,5})?)(?=[/?#]|\Z)")


def domain_of(address: str) -> str:
    """The host that an https address or a did:web belongs to; "" for anything else."""
    return _domain_of(address) if len(address) <= _MOST_LETTERS else _owner_of(address)


def _owner_of(address: str) -> str:
    if is_did_web(address):
        address = did_document_url(address)
    found = _HTTPS_HOST.match(address)
    return found[1] if found else ""


# The same issuers again and again; what is longer is no address of a site's, and not kept.
_MOST_LETTERS = 2_000
_domain_of = lru_cache(maxsize=256)(_owner_of)
