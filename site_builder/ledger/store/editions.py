"""The editions of an achievement: what was signed of it, one for each wording, picture, or set of results that it ever had."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from site_builder.credentials.securing.jcs import canonicalize_jcs

__all__ = ["Edition", "Editions", "edition_anchor"]


@dataclass
class Edition:
    """An achievement as credentials state it, and the days (ISO 8601) of the first and the last award that does."""

    achievement: dict[str, Any]
    first: str
    last: str

    @cached_property
    def anchor(self) -> str:
        """What the edition is called in addresses."""
        return edition_anchor(self.achievement)


@dataclass
class Editions:
    """What signed credentials state of achievements, by badge: filled while they are read, each file once."""

    _found: dict[str, list[Edition]] = field(default_factory=dict)

    def add(self, badge: str, achievement: dict[str, Any], *, awarded: str) -> None:
        """Takes note of what one credential states."""
        edition = self._find(badge, achievement)
        if edition is None:
            self._found.setdefault(badge, []).append(Edition(achievement, awarded, awarded))
        else:
            edition.first, edition.last = min(edition.first, awarded), max(edition.last, awarded)

    def anchor(self, badge: str, achievement: dict[str, Any]) -> str:
        """What the edition is called in addresses that a credential states; computed once for all that state the same."""
        edition = self._find(badge, achievement)
        return edition.anchor if edition else edition_anchor(achievement)

    def _find(self, badge: str, achievement: dict[str, Any]) -> Edition | None:
        # Few, and most credentials state the same: to compare costs a hundredth of a digest.
        return next((one for one in self._found.get(badge, []) if one.achievement == achievement), None)

    def earlier(self, badge: str, present: dict[str, Any]) -> list[Edition]:
        """The editions of a badge that are not its present definition, in the order in which they were first awarded."""
        editions = [edition for edition in self._found.get(badge, []) if edition.achievement != present]
        return sorted(editions, key=lambda edition: (edition.first, edition.anchor))


def edition_anchor(achievement: dict[str, Any]) -> str:
    """What an edition is called in addresses: ``edition-`` and the first 8 hex digits of the SHA-256 of its JCS form."""
    return f"edition-{hashlib.sha256(canonicalize_jcs(achievement)).hexdigest()[:8]}"
