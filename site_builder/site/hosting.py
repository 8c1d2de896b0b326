"""What hosts and crawlers ask for: headers, sitemap, robots. Only pages that everybody may find are named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from site_builder.ledger.store.key_documents import key_document
from site_builder.site.context import Site
from site_builder.site.page_input import Files, PageInput

__all__ = ["HostInput", "host_files", "host_input"]

_SECONDS_MINUTES, _SECONDS_YEAR = 300, 31_536_000


@dataclass(frozen=True)
class HostInput(PageInput):
    """All that the files for hosts and crawlers are made of. pages: paths that may be found; immutable: paths named by their hash.

    key_documents: paths of those that lie elsewhere than beside their issuer's page."""

    base: str
    pages: tuple[str, ...]
    immutable: tuple[str, ...]
    key_documents: tuple[str, ...] = ()


def host_input(site: Site, extra_pages: Iterable[str]) -> HostInput:
    """What hosts and crawlers are told of this site. extra_pages: paths of pages that others render."""
    pages = [*extra_pages, "badges/", "verify/", *(group.path for group in site.groups)]
    pages += [card.path for group in site.groups for card in group.achievements]
    pages += [entry.path for _, entry in site.listed]
    images = [site.image_path(badge) for badge in site.checked.repository.badges.values()]
    immutable = [path for path in images if path.endswith(".png")]
    issuers = site.checked.repository.issuers.values()
    places = [place for issuer in issuers if (place := key_document(issuer, site.base).place)]
    elsewhere = [place for place in places if not place.startswith("issuers/")]
    return HostInput("", site.base, tuple(sorted(set(pages))), tuple(sorted(immutable)), tuple(sorted(elsewhere)))


def host_files(page: HostInput) -> Files:
    """The files that hosts and crawlers look for.

    There is no sitemap.xml.gz: its bytes would depend on the machine's zlib, and no crawler needs it."""
    yield "sitemap.xml", _sitemap(page.base + path for path in page.pages)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {page.base}sitemap.xml\n".encode()
    yield ".nojekyll", b""
    yield "_headers", _headers(page.immutable, page.key_documents).encode("ascii")


def _headers(immutable: Iterable[str], key_documents: Iterable[str]) -> str:
    """Rules for hosts that read a _headers file: other verifiers may fetch what is signed, caches hold it for minutes.

    Hosts join the values of all rules that match, with a comma, so no two rules set one header for the same path. A policy is the
    exception: of several that are joined each holds. Source: Content Security Policy Level 3, Parse a response's Content Security
    Policies."""
    lines = ["/*", "  X-Content-Type-Options: nosniff", "  Referrer-Policy: no-referrer"]
    lines += ["  Content-Security-Policy: frame-ancestors 'none'"]
    for path in ("c/*", "issuers/*", *key_documents):
        lines += [
            f"/{path}",
            "  Access-Control-Allow-Origin: *",
            f"  Cache-Control: public, max-age={_SECONDS_MINUTES}",
        ]
    lines += ["/badges/*", "  Access-Control-Allow-Origin: *"]
    # A drawing that is opened by itself is a page of its own: it runs nothing, whoever drew it.
    lines += ["/*.svg", "  Content-Security-Policy: script-src 'none'; sandbox"]
    for path in sorted(immutable):
        lines += [f"/{path}", f"  Cache-Control: public, max-age={_SECONDS_YEAR}, immutable"]
    return "\n".join(lines) + "\n"


def _sitemap(addresses: Iterable[str]) -> bytes:
    # No lastmod: the same commit must give the same bytes on any day.
    entries = "".join(f"  <url><loc>{escape(address)}</loc></url>\n" for address in sorted(set(addresses)))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{entries}</urlset>\n".encode()
