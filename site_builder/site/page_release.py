"""Which release of the page a build makes: the one of this program, unless somebody has changed its templates or what they load."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.encoding import are_fast_roads_open
from site_builder.site.page_patterns import page_patterns, pattern_sources
from site_builder.site.theme import template_environment, theme_assets
from site_builder.verification.catalogue import LANGUAGE, wording
from site_builder.verification.page.release import current_release, current_sources, release_digest
from site_builder.verification.page.statement import claim_rows

__all__ = ["release_name", "release_parts", "sources_digest"]

# The groups of sentences that a page's values are filled from; those of its templates are in the patterns.
_GROUPS = ("head", "download", "past", "reason")
# What a credential's page loads that holds the release's name, and what only other pages load.
_OURS = ("assets/statement.js", "assets/page.js", "assets/rdfc.js")
_NOT_LOADED = ("verify.js", "search.js", "catalogue.js", "manual.js", "drafts.css", "pages.css", "verify.css")


def release_parts(version: str) -> dict[str, Any]:
    """All that a release of the page consists of, as its file in verification/page/releases/ holds it."""
    digests = _digests()
    scripts = {path: digest for path, digest in digests.items() if path in _OURS}
    sentences = wording()
    return {
        "version": version,
        "language": LANGUAGE,
        "claims": list(claim_rows()),
        "wording": {group: sentences[group] for group in _GROUPS},
        "pages": page_patterns(template_environment()),
        "assets": _loaded(digests),
        "scripts": scripts,
    }


def _digests() -> dict[str, str]:
    return {path: hashlib.sha256(raw).hexdigest() for path, raw in theme_assets() if not path.endswith(".txt")}


def _loaded(digests: dict[str, str]) -> dict[str, str]:
    """Of the files of the theme those that a credential's page loads and that do not hold the release's name."""
    return {
        path: digest
        for path, digest in digests.items()
        if path.rpartition("/")[2] not in _NOT_LOADED and path not in _OURS
    }


def sources_digest(version: str) -> str:
    """SHA-256 of all that gives a release its name, of templates the source: known without taking these apart."""
    sources = {
        "version": version,
        "language": LANGUAGE,
        "claims": list(claim_rows()),
        "wording": wording(),
        "templates": pattern_sources(template_environment()),
        "assets": _loaded(_digests()),
    }
    return hashlib.sha256(canonicalize_jcs(sources)).hexdigest()


@cache
def release_name() -> str:
    """The name that pages bear of the release that made them. A changed theme has a name of its own, which no verifier knows."""
    current = current_release()
    # To take the templates apart takes 50 milliseconds. `make release-files` has done it for these very sources.
    if are_fast_roads_open() and sources_digest(current.version) == current_sources():
        return current.digest
    return release_digest(release_parts(current.version))
