"""The editions of an achievement: what was signed of it, one for each wording, picture, or set of results that it ever had."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from site_builder.credentials.securing.jcs import canonicalize_jcs

__all__ = ["Edition", "Editions", "edition_anchor", "find_editions"]

Json = dict[str, Any]


@dataclass(frozen=True)
class Edition:
    """An achievement as credentials state it, and the days (ISO 8601) of the first and the last award that does."""

    achievement: Json
    first: str
    last: str

    @cached_property
    def anchor(self) -> str:
        """What the edition is called in addresses."""
        return edition_anchor(self.achievement)


@dataclass(frozen=True)
class Editions:
    """What signed credentials state of achievements, by badge."""

    by_badge: Mapping[str, tuple[Edition, ...]] = field(default_factory=dict)

    def anchor(self, badge: str, achievement: Json) -> str:
        """What the edition is called in addresses that a credential states; computed once for all that state the same."""
        # Few, and most credentials state the same: to compare costs a hundredth of a digest.
        edition = next((one for one in self.by_badge.get(badge, ()) if one.achievement == achievement), None)
        return edition.anchor if edition else edition_anchor(achievement)

    def earlier(self, badge: str, present: Json) -> list[Edition]:
        """The editions of a badge that are not its present definition, in the order in which they were first awarded."""
        editions = [edition for edition in self.by_badge.get(badge, ()) if edition.achievement != present]
        return sorted(editions, key=lambda edition: (edition.first, edition.anchor))


def find_editions(stated: Iterable[tuple[str, Json, str]]) -> Editions:
    """The editions in what credentials state, each as (badge, achievement, day of the award in ISO 8601)."""
    found: dict[str, list[tuple[Json, list[str]]]] = {}
    for badge, achievement, awarded in stated:
        editions = found.setdefault(badge, [])
        days = next((days for known, days in editions if known == achievement), None)
        if days is None:
            editions.append((achievement, [awarded]))
        else:
            days.append(awarded)
    return Editions(
        {
            badge: tuple(Edition(one, min(days), max(days)) for one, days in editions)
            for badge, editions in found.items()
        }
    )


def edition_anchor(achievement: Json) -> str:
    """What an edition is called in addresses: ``edition-`` and the first 8 hex digits of the SHA-256 of its JCS form."""
    return f"edition-{hashlib.sha256(canonicalize_jcs(achievement)).hexdigest()[:8]}"
