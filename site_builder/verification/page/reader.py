"""A credential page as it was published, which compare.py holds against the signed JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from site_builder.credentials.rosette.drawing import rosette_digest
from site_builder.verification.page.learned import LearnedPages

__all__ = ["StatementPage"]

_RELEASE = re.compile('<meta name="laurels-release" content="([0-9a-f]{32})">')


@dataclass(frozen=True)
class StatementPage:
    """The HTML of a credential page, "" for one that is missing.

    address: path of its credential below the site's root, e.g. ``c/<id>/credential.json``, "" when unknown.
    ask: the bytes of a file by its path below the site's root, or FetchError; None: what the page loads is not compared.
    learned: what the pages of its site have in common, as far as this run has seen; None: it is compared by itself.
    digest_of: rosette_digest, or one like it that remembers."""

    html: str
    address: str = ""
    ask: Callable[[str], bytes] | None = None
    learned: LearnedPages | None = None
    digest_of: Callable[[Any], bytes] = rosette_digest

    @property
    def is_tombstone(self) -> bool:
        """Whether the page says that its credential was withdrawn."""
        return '<main id="content" data-statement data-tombstone>' in self.html

    @property
    def release(self) -> str:
        """The name of the release that the page says it was made by; "" when it names none."""
        found = _RELEASE.search(self.html)
        return found[1] if found else ""
