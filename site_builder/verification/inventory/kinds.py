"""What lies in a site, by path: what is compared with what was signed or with what a build makes of it, and what is only counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from site_builder.credentials.urls import PICTURE_DIGEST

__all__ = ["KINDS", "Kind", "kind_of"]


@dataclass(frozen=True)
class Kind:
    """A kind of file. name, plural: as people call it. pattern: of the whole path below the site's root.

    is_compared: whether each file of it is held against something; else it is counted, unless a report rests on it.
    is_unexpected: whether no build writes one."""

    name: str
    plural: str
    pattern: re.Pattern[str]
    is_compared: bool = False
    is_unexpected: bool = False


def _kind(name: str, pattern: str, *, plural: str = "", is_compared: bool = False) -> Kind:
    return Kind(name, plural or f"{name}s", re.compile(pattern, re.DOTALL), is_compared)


_BESIDE, _BADGE, _ISSUER = "c/[^/]+/", "badges/[^/]+/", "issuers/[^/]+/"
# What a file is, the first row says whose pattern fits. A new kind of file is a row here.
KINDS = (
    _kind("credential", rf"{_BESIDE}credential[^/]*\.json", is_compared=True),
    _kind("page of a credential", rf"{_BESIDE}index\.html", plural="pages of credentials", is_compared=True),
    _kind("list of versions", rf"{_BESIDE}versions\.json", plural="lists of versions", is_compared=True),
    _kind("badge image", rf"{_BESIDE}badge\.[a-z]+", is_compared=True),
    _kind("QR code", rf"{_BESIDE}qr\.svg", is_compared=True),
    _kind("rosette", rf"{_BESIDE}rosette\.svg", is_compared=True),
    Kind("unexpected file", "unexpected files", re.compile("c/.*", re.DOTALL), is_unexpected=True),
    _kind("picture of an achievement", rf"{_BADGE}image-{PICTURE_DIGEST}\.png", plural="pictures of achievements", is_compared=True),
    _kind("logo", rf"{_ISSUER}logo-{PICTURE_DIGEST}\.png", is_compared=True),
    _kind("colour of an issuer", rf"{_ISSUER}accent\.css", plural="colours of issuers", is_compared=True),
    # These count as compared when a report rests on them.
    _kind("list of keys", r"(?:.*/)?did\.json", plural="lists of keys"),
    _kind("revocation list", rf"{_ISSUER}status/[0-9]+\.json"),
    # Its words may be of a later edition than any that was signed.
    _kind("definition of an achievement", rf"{_BADGE}achievement\.json", plural="definitions of achievements"),
    _kind("page", r".*\.html?"),
    _kind("style sheet", r".*\.css"),
    _kind("script", r".*\.m?js"),
    _kind("font", r".*\.(?:woff2?|ttf|otf)"),
    _kind("search index", r"search/.*", plural="search indexes"),
    _kind("feed", r".*(?:rss|atom|feed)[^/]*\.(?:xml|json)"),
    _kind("file for hosts and crawlers", r"\.nojekyll|_headers|_redirects|CNAME|robots\.txt|sitemap\.xml(?:\.gz)?"
          , plural="files for hosts and crawlers"),
    _kind("picture", r".*\.(?:png|jpe?g|gif|webp|avif|svg|ico)"),
    _kind("text", r".*\.(?:txt|md)"),
    _kind("other file", r".*"),
)  # fmt: skip


def kind_of(path: str) -> Kind:
    """The kind of a file of a site."""
    folder, _, name = path.rpartition("/")
    # Beside a credential only the name tells.
    return _kind_of(f"c/-/{name}" if folder.startswith("c/") and folder.count("/") == 1 and folder != "c/" else path)


@lru_cache(maxsize=256)
def _kind_of(path: str) -> Kind:
    return next(kind for kind in KINDS if kind.pattern.fullmatch(path))
