"""What hosts and crawlers ask for: headers, sitemap, robots. Only pages that everybody may find are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

__all__ = ["host_files"]

_SECONDS_MINUTES, _SECONDS_YEAR = 300, 31_536_000


def host_files(base: str, *, pages: Iterable[str], immutable: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The files that hosts and crawlers look for. pages: paths that may be found; immutable: paths named by their hash.

    There is no sitemap.xml.gz: its bytes would depend on the machine's zlib, and no crawler needs it."""
    sitemap = _sitemap(base + path for path in pages)
    yield "sitemap.xml", sitemap
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n".encode()
    yield ".nojekyll", b""
    yield "_headers", _headers(immutable).encode("ascii")


def _headers(immutable: Iterable[str]) -> str:
    """Rules for hosts that read a _headers file: other verifiers may fetch what is signed, caches hold it for minutes.

    Hosts join the values of all rules that match, so no two rules set one header for the same path."""
    lines = ["/*", "  X-Content-Type-Options: nosniff", "  Referrer-Policy: no-referrer"]
    lines += ["  Content-Security-Policy: frame-ancestors 'none'"]
    for folder in ("c", "issuers"):
        lines += [
            f"/{folder}/*",
            "  Access-Control-Allow-Origin: *",
            f"  Cache-Control: public, max-age={_SECONDS_MINUTES}",
        ]
    lines += ["/badges/*", "  Access-Control-Allow-Origin: *"]
    for path in sorted(immutable):
        lines += [f"/{path}", f"  Cache-Control: public, max-age={_SECONDS_YEAR}, immutable"]
    return "\n".join(lines) + "\n"


def _sitemap(addresses: Iterable[str]) -> bytes:
    # No lastmod: the same commit must give the same bytes on any day.
    entries = "".join(f"  <url><loc>{escape(address)}</loc></url>\n" for address in sorted(set(addresses)))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{entries}</urlset>\n".encode()
