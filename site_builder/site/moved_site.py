"""What stays at a site's old address when it has moved: all that a verifier asks for, and pages that lead to the new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.context import Site
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.publish import publish
from site_builder.site.theme import render

__all__ = ["old_address_files"]

# A credential's page checks itself, and only here: a page that leads away from it would lose the verdict. The verifier works anywhere.
_STAY = ("c/", "verify/")
# Crawlers are not to look for pages that have left.
_GONE = ("sitemap.xml",)


def old_address_files(checked: CheckedRepository, to: str) -> Iterator[tuple[str, bytes]]:
    """Every file to leave at the old address: path below its root, and bytes. to: the new address, with a trailing slash.

    Complete without MkDocs' pages: instead of them the page for whatever is not there leads to the new front page."""
    facts = Site(checked).facts
    led: dict[str, str] = {}
    for path, raw in publish(checked):
        if path.endswith("index.html") and not path.startswith(_STAY):
            page = path.removesuffix("index.html")
            led[page] = to + page
            yield path, _moved_page(facts, page, to + page)
        elif path not in _GONE:
            yield path, _ROBOTS if path == "robots.txt" else raw
    # What MkDocs renders and every page's header leads to.
    for page in sorted({"", *(link.path for link in facts.links(""))} - set(led) - set(_STAY)):
        led[page] = to + page
        yield f"{page}index.html", _moved_page(facts, page, to + page)
    yield "404.html", _moved_page(facts, "404.html", to, is_missing=True)
    if urlsplit(facts.base).path == "/":
        yield "_redirects", _redirects(led)


_ROBOTS = b"User-agent: *\nAllow: /\n"


def _moved_page(facts: SiteFacts, path: str, target: str, *, is_missing: bool = False) -> bytes:
    host = urlsplit(target).netloc
    title = "There is no page here" if is_missing else "This page has moved"
    frame = facts.frame(path, title=title, description=f"This site is now at {host}.", indexed=False)
    # The page for what is missing is shown at any depth.
    root = urlsplit(facts.base).path if is_missing else frame.root
    page = {"target": target, "host": host, "is_missing": is_missing}
    return render("moved.html", frame=replace(frame, canonical=target, root=root), page=page)


def _redirects(led: dict[str, str]) -> bytes:
    """Redirects of single pages, for hosts that read such a file.

    Never a rule for a folder: Cloudflare Pages follows a rule even where a file lies (its documentation, Redirects), which would take
    keys and lists away. Where a file goes before the rule, as on Netlify, the page there leads on."""
    return "".join(f"/{page} {target} 301\n" for page, target in sorted(led.items())).encode("ascii")
