"""The demo's signing keys: public on purpose, so that a clone can issue at once, and known to both verifiers.

A credential signed by one of them holds, but never reads as good: anybody can sign with them."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from urllib.parse import urlsplit

__all__ = ["demo_signing_key", "is_demo_host", "is_demo_key"]


@lru_cache(maxsize=1)
def _demo_keys() -> dict[str, str]:
    """Secret Multikey text by publicKeyMultibase."""
    keys: dict[str, str] = json.loads(resources.files(__package__).joinpath("demo_keys.json").read_text("ascii"))
    return keys


def is_demo_key(multibase: str) -> bool:
    """Whether this public key's private half is published with Laurels."""
    return multibase in _demo_keys()


def demo_signing_key(multibase: str) -> str | None:
    """The published private half of a demo key, as a Multikey secret; None for every other key."""
    return _demo_keys().get(multibase)


def is_demo_host(base: str) -> bool:
    """Whether a site's address lies in a domain that is reserved for examples. Source: RFC 2606, RFC 6761."""
    host = (urlsplit(base).hostname or "").lower()
    return host == "example.org" or host.endswith((".example.org", ".example"))
