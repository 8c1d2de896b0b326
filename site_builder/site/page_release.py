"""Which release of the page a build makes: the one of this program, unless somebody has changed its templates or what they load."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from site_builder.site.page_patterns import page_patterns
from site_builder.site.theme import template_environment, theme_assets
from site_builder.verification.catalogue import LANGUAGE, wording
from site_builder.verification.page.release import current_release, release_digest
from site_builder.verification.page.statement import claim_rows

__all__ = ["release_name", "release_parts"]

# The groups of sentences that a page's values are filled from; those of its templates are in the patterns.
_GROUPS = ("head", "download", "past", "reason")
# What a credential's page loads that holds the release's name, and what only other pages load.
_OURS = ("assets/statement.js", "assets/page.js", "assets/rdfc.js")
_NOT_LOADED = ("verify.js", "search.js", "catalogue.js", "manual.js", "drafts.css", "pages.css", "verify.css")


def release_parts(version: str) -> dict[str, Any]:
    """All that a release of the page consists of, as its file in verification/page/releases/ holds it."""
    digests = {path: hashlib.sha256(raw).hexdigest() for path, raw in theme_assets() if not path.endswith(".txt")}
    scripts = {path: digest for path, digest in digests.items() if path in _OURS}
    sentences = wording()
    return {
        "version": version,
        "language": LANGUAGE,
        "claims": list(claim_rows()),
        "wording": {group: sentences[group] for group in _GROUPS},
        "pages": page_patterns(template_environment()),
        "assets": {
            path: digest
            for path, digest in digests.items()
            if path.rpartition("/")[2] not in _NOT_LOADED and path not in scripts
        },
        "scripts": scripts,
    }


@cache
def release_name() -> str:
    """The name that pages bear of the release that made them. A changed theme has a name of its own, which no verifier knows."""
    return release_digest(release_parts(current_release().version))
