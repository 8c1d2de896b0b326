"""Achievements and their issuers as lists show them, and the words that such a list can be narrowed or looked up by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from site_builder.records.models.achievement import AchievementRecord
from site_builder.records.models.award import shortest_decimal
from site_builder.site.parts.facts import Fact
from site_builder.wording import plural

__all__ = [
    "Card",
    "Facet",
    "Group",
    "Option",
    "Term",
    "achievement_facts",
    "facets",
    "subjects_of",
    "summary",
    "terms",
    "word_index",
]

# A list of fewer is read faster than a filter.
_WORTH_NARROWING = 4


@dataclass(frozen=True)
class Card:
    """An achievement in a list. path and image: below the root. language: of its name and description.

    summary: its facts in one quiet line."""

    path: str
    image: str
    name: str
    description: str
    issuer: str
    category: str = ""
    level: str = ""
    subjects: tuple[str, ...] = ()
    summary: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Group:
    """An issuer and its achievements. logo: path below the root, or "". language: of its description."""

    slug: str
    path: str
    name: str
    description: str
    logo: str
    achievements: tuple[Card, ...]
    language: str = "en"


@dataclass(frozen=True)
class Option:
    """One choice of a filter, and how many achievements it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """What a list can be narrowed by: a key of the page's address, words for it, and the choices."""

    key: str
    label: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Term:
    """A word, and the achievements that it stands for."""

    word: str
    cards: Sequence[Card]


_FACETS: Sequence[tuple[str, str, Callable[[Card], Sequence[str]]]] = (
    ("issuer", "Issuer", lambda card: [card.issuer]),
    ("category", "Category", lambda card: [card.category]),
    ("level", "Level", lambda card: [card.level]),
    ("subject", "Skill or subject", lambda card: card.subjects),
)


def terms(cards: Iterable[Card], words_of: Callable[[Card], Sequence[str]]) -> list[Term]:
    """Every word that some card has, in alphabetical order, with these cards in theirs."""
    found: dict[str, list[Card]] = {}
    for card in cards:
        for word in filter(None, words_of(card)):
            found.setdefault(word, []).append(card)
    return [Term(word, found[word]) for word in sorted(found, key=lambda word: (word.casefold(), word))]


def facets(groups: Sequence[Group]) -> list[Facet]:
    """The filters of a catalogue: none for a short list, and none that offers a single choice."""
    names = {group.slug: group.name for group in groups}
    cards = [card for group in groups for card in group.achievements]
    if len(cards) < _WORTH_NARROWING:
        return []
    found = []
    for key, label, words_of in _FACETS:
        options = [Option(term.word, term.word, len(term.cards)) for term in terms(cards, words_of)]
        if key == "issuer":
            options = [replace(option, label=names[option.value]) for option in options]
        if len(options) > 1:
            found.append(Facet(key, label, options))
    return found


def word_index(groups: Sequence[Group]) -> list[tuple[Facet, Sequence[Term]]]:
    """The index at the end of a catalogue: for each filter but the issuer, its words with their achievements."""
    cards = [card for group in groups for card in group.achievements]
    words = {key: words_of for key, _, words_of in _FACETS}
    return [(facet, terms(cards, words[facet.key])) for facet in facets(groups) if facet.key != "issuer"]


def subjects_of(record: AchievementRecord) -> tuple[str, ...]:
    """What an achievement is about: its skills and its tags, each once."""
    return tuple(dict.fromkeys([*(skill.name for skill in record.skills), *record.tags]))


def achievement_facts(record: AchievementRecord) -> list[Fact]:
    """The quiet line of an achievement's page."""
    facts = [
        Fact("Type", _words(record.achievement_type or "")),
        Fact("Category", record.category or ""),
        Fact("Level", record.level or ""),
        Fact(
            "Credits", f"{shortest_decimal(record.credits.available)} {record.credits.unit}" if record.credits else ""
        ),
        Fact("Valid for", _period(record.validity or "")),
    ]
    return [fact for fact in facts if fact.text]


def summary(record: AchievementRecord) -> str:
    """The facts of an achievement in one line of a list."""
    credits = f"{shortest_decimal(record.credits.available)} {record.credits.unit}" if record.credits else ""
    validity = f"valid for {_period(record.validity)}" if record.validity else ""
    return " · ".join(part for part in (record.category, record.level, credits, validity) if part)


def _words(name: str) -> str:
    """A type of the standard as words: ``CertificateOfCompletion`` is ``Certificate of completion``."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name.removeprefix("ext:"))
    return spaced.strip().capitalize()


_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day"}


def _period(validity: str) -> str:
    """An ISO 8601 period in words: ``P2Y`` is ``2 years``."""
    words, number = [], ""
    for character in validity[1:]:
        if character in _UNITS:
            words.append(plural(int(number), _UNITS[character]))
            number = ""
        else:
            number += character
    return ", ".join(words)
