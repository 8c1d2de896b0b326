"""Pages that are another accepted page but for what is the credential's own: compared letter for letter, without being read as HTML.

A site has many pages of one achievement. Of one that was compared in full, its own texts (own.py) are taken out: what is left is a
template. A page passes here if it is, letter for letter, the template of a credential that is the same but for those texts, with its own
texts in their places. Everything else is compared in full.

Why no page passes here that would be refused in full. A template is used only after two tries: credentials of random texts, which nobody
can foresee, and the pages that the template makes of them, are compared in full, and accepted.

1. In full, every letter of a page but white space between tags is held against what its release prints. A text in a place where the release
   prints another, and one left standing where it prints a text of the credential's own, would have been refused in a try.
2. So each place lies within words or the value of an attribute. What is put there is text as HTML writes it, without white space at its
   ends or twice: the page is read as the tried one was, with other words in those places.
3. What must be printed is made of these texts by writing them down, escaped, and by nothing that they say, but for whether HTML escapes
   them, which is part of the form that a template is kept for. In a try no text is like another, whether two were equal before or not: a
   page that prints one of them in the place of the other is refused.
4. Where a page may say what it likes within a form (another day, a path), a name with letters that no form allows was tried. Days have
   the form of days, and an id is no longer than the one that was tried."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from site_builder.errors import Error
from site_builder.verification.page.own import Kind, Own, own_of, with_others
from site_builder.verification.page.release import Release

__all__ = ["Accepted", "LearnedPages", "compared_in_full"]

# Far below what is read at all (canonical.py).
_MOST_LETTERS = 524_288
# Pages of one credential's form, and forms: a stranger's site of endless variety is compared in full.
_MOST_TRIES, _MOST_FORMS = 8, 2_048
_ALL_SPECIAL = "&<>\"'"
_is_used = True


@contextmanager
def compared_in_full() -> Iterator[None]:
    """For tests: every page is compared in full."""
    global _is_used
    before, _is_used = _is_used, False
    try:
        yield
    finally:
        _is_used = before


class Accepted(NamedTuple):
    """What is known of a page that was compared in full: its release, and the path of the style sheet of its issuer's colour, or ""."""

    release: Release
    accent: str


# Compares a page (HTML, and the path below the site's root of the credential that it lies beside) in full; raises Error.
_Compare = Callable[[str, str, dict[str, Any]], Accepted]


@dataclass(frozen=True)
class _Template:
    """pieces: of a page, its own texts at every second place. slots: which of them stand there."""

    pieces: list[str]
    slots: list[int]
    accepted: Accepted

    def filled(self, texts: tuple[str, ...]) -> str:
        pieces = self.pieces.copy()
        pieces[1::2] = [texts[slot] for slot in self.slots]
        return "".join(pieces)


class LearnedPages:
    """The templates of one run, of one site: what its pages have in common."""

    def __init__(self) -> None:
        self._templates: dict[Any, list[_Template]] = {}
        self._tries: dict[Any, int] = {}
        # Names of releases of accepted pages, by the address that each page was found at.
        self.releases: dict[str, str] = {}

    def find(
        self,
        html: str,
        address: str,
        document: dict[str, Any],
        facts: tuple[str, str],
        digest_of: Callable[[Any], bytes],
    ) -> Accepted | None:
        """What is known of a page like this one, if it is one; None when it is to be compared in full.

        address: path of its credential, "" when unknown. facts: multibase and office. digest_of: as StatementPage has it."""
        own = own_of(document, digest_of) if _is_used and self._templates else None
        if own is None or address not in ("", own.path) or len(html) > _MOST_LETTERS:
            return None
        templates = self._templates.get((own.rest, own.same, facts), ())
        return next((known.accepted for known in templates if html == known.filled(own.texts)), None)

    def learn(
        self,
        html: str,
        address: str,
        document: dict[str, Any],
        facts: tuple[str, str],
        accepted: Accepted,
        compare: _Compare,
    ) -> None:
        """Learns from a page that was compared in full and accepted, if there was one of its form before.

        compare: in full, with these facts."""
        own = own_of(document) if _is_used else None
        if own is None or len(html) > _MOST_LETTERS:
            return
        form = (own.rest, own.same, facts)
        tries = self._tries.get(form, -1)
        if tries >= _MOST_TRIES or (tries < 0 and len(self._tries) >= _MOST_FORMS):
            return
        self._tries[form] = tries + 1
        if tries < 0:
            # A page that has no like is not worth the two tries.
            return
        template = _split(html, own, accepted)
        if all(_is_right(template, document, own, address, compare) for _ in range(2)):
            self._templates.setdefault(form, []).append(template)


def _split(html: str, own: Own, accepted: Accepted) -> _Template:
    # The longest first, as one may be within another.
    words = "|".join(re.escape(text) for text in sorted(set(own.texts), key=len, reverse=True))
    pieces = re.split(f"({words})", html)
    return _Template(pieces, [own.texts.index(text) for text in pieces[1::2]], accepted)


def _is_right(template: _Template, document: dict[str, Any], own: Own, address: str, compare: _Compare) -> bool:
    """Whether the template makes of a credential that nobody can foresee a page that is accepted as this one was."""
    tried = with_others(document, _other)
    texts = own_of(tried)
    if texts is None or (texts.same, texts.rest) != (own.same, own.rest):
        return False
    try:
        return compare(template.filled(texts.texts), address and texts.path, tried) == template.accepted
    except Error:
        return False


def _other(kind: Kind, text: str) -> str:
    """A random text in the place of another. Never the same for two that are equal: a page which prints one of them where the other
    belongs would be accepted then."""
    if kind == "address":
        folder, _, file = text.rpartition("/")
        return f"{folder.rpartition('/')[0]}/{secrets.token_hex(16)}/{file}"
    if kind == "moment":
        return f"{_random_day()}T{secrets.randbelow(24):02}:{secrets.randbelow(60):02}:00Z"
    return _random_text(is_special=text != escape(text))


def _random_day() -> str:
    return f"{1000 + secrets.randbelow(9000)}-{1 + secrets.randbelow(12):02}-{1 + secrets.randbelow(28):02}"


def _random_text(*, is_special: bool) -> str:
    """A text that no form allows. is_special: with what HTML escapes."""
    return f"\u1e90{secrets.token_hex(8)} {_ALL_SPECIAL if is_special else ''}\u1e91{secrets.token_hex(8)}"
