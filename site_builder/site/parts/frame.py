"""The frame of every page: head, header, and the policy under which a browser shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from site_builder.credentials.identifiers.did_web import did_document_url

__all__ = ["Frame", "HeaderLink", "SiteFacts", "content_security_policy", "did_origin"]


@dataclass(frozen=True)
class HeaderLink:
    """A link of the header. current: ``page`` on that very page, ``true`` on one below it, else ""."""

    title: str
    path: str
    current: str


@dataclass(frozen=True)
class Frame:
    """What every page's head and header need.

    root: relative path to the site's root. accent: path of a style sheet, or ""."""

    root: str
    links: Sequence[HeaderLink]
    site_name: str
    title: str
    description: str
    canonical: str
    csp: str
    indexed: bool = True
    accent: str = ""
    image: str = ""
    image_alt: str = ""


@dataclass(frozen=True)
class SiteFacts:
    """What every page knows of its site. base: the site's address, with a trailing slash. sections: title and path of each link of
    the header."""

    base: str
    name: str
    sections: tuple[tuple[str, str], ...]

    def links(self, path: str) -> list[HeaderLink]:
        """The header's links on the page at a path below the root."""
        return [
            HeaderLink(title, section, "page" if path == section else "true" if path.startswith(section) else "")
            for title, section in self.sections
        ]

    def frame(self, path: str, *, title: str, description: str, connect: Sequence[str] = (), **more: Any) -> Frame:
        """The frame of the page at a path below the root. more: fields of Frame."""
        return Frame(
            root="../" * path.count("/") or "./",
            links=self.links(path),
            site_name=self.name,
            title=title,
            description=description,
            canonical=self.base + path,
            csp=content_security_policy(connect=connect),
            **more,
        )


def content_security_policy(*, connect: Sequence[str] = ()) -> str:
    """The policy of a page: nothing but its own files. connect: further origins that its script may ask."""
    sources = " ".join(["'self'", *connect])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        f"connect-src {sources}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def did_origin(did: str, base: str) -> list[str]:
    """The origin of an issuer's DID document, when that is none of the site's files.

    Also that of the site's own host: a copy of the page, elsewhere, asks for the document there."""
    url = did_document_url(did)
    parts = urlsplit(url)
    return [] if url.startswith(base) else [f"{parts.scheme}://{parts.netloc}"]
