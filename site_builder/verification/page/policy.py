"""The policy under which a browser shows a credential's page: nothing but the site's own files. Source: Content Security Policy Level 3."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from site_builder.credentials.identifiers.did_web import did_document_url

__all__ = ["content_security_policy", "did_origin"]


def content_security_policy(*, connect: Sequence[str] = ()) -> str:
    """The policy of a page: nothing but its own files. connect: further origins that its script may ask."""
    sources = " ".join(["'self'", *connect])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        f"connect-src {sources}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def did_origin(did: str, base: str) -> list[str]:
    """The origin of an issuer's DID document, when that is none of the site's files. Raises DidError.

    Also that of the site's own host: a copy of the page, elsewhere, asks for the document there."""
    url = did_document_url(did)
    parts = urlsplit(url)
    return [] if url.startswith(base) else [f"{parts.scheme}://{parts.netloc}"]
