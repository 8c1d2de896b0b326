"""Who holds an achievement, as far as a page may say: those who agreed to be listed, and a number that names nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from site_builder.ledger.store.award_json import StoredAward

__all__ = ["Listed", "choose_example", "holders_in_words", "standing"]

# Up to here a number would say something about each single person.
_TOO_FEW = 10


@dataclass(frozen=True)
class Listed:
    """A recipient who agreed to be listed. awarded: as printed; day and last_day: ISO 8601 dates, last_day "" for no end.

    has_begun: whether the award's day had come when it was signed."""

    path: str
    name: str
    achievement: str
    awarded: str
    day: str
    last_day: str = ""
    has_begun: bool = True


def standing(awards: Iterable[StoredAward]) -> Counter[str]:
    """How many awards of each achievement were not withdrawn. Without a clock those whose term has ended are among them."""
    return Counter(award.badge for award in awards if award.current.state == "active")


def holders_in_words(number: int) -> str:
    """The number of standing awards as a sentence, "" when it is too small to be told."""
    if number <= _TOO_FEW:
        return ""
    return f"Awarded {number} times. Awards that were withdrawn are not counted; those whose term has ended are."


def choose_example(entries: Sequence[Listed]) -> Listed | None:
    """The listed recipient whose credential serves as an example: one that has begun, ends latest, and is the newest."""
    last = date.max.isoformat()
    return max(
        entries, key=lambda entry: (entry.has_begun, entry.last_day or last, entry.day, entry.path), default=None
    )
