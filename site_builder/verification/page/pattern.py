"""Holding a page against a pattern: all that the templates of a release can print, with a place for each value.

A pattern is a list of pieces: a text, which stands there as it is; ["name"], a value; ["if", "name", then, else]; ["for", "row", "name",
body]. Values are known, from what was signed, or one of the kinds below, for what nobody signs. browser/src/verification/page/pattern.js
is the same program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from site_builder.errors import Error
from site_builder.records.fields.markdown_source import markdown_agrees
from site_builder.verification.page.canonical import fold

__all__ = ["Difference", "Markdown", "Maybe", "Pattern", "Rows", "match_page"]

Pattern = list[Any]
_BODY = "<body"


@dataclass(frozen=True)
class Maybe:
    """What may be there or not. value: what it is then."""

    value: Any = ""


@dataclass(frozen=True)
class Rows:
    """Up to so many rows, each with these values."""

    most: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Markdown:
    """Markdown as it was signed; the page has what it becomes."""

    source: str


class Difference(Error):
    """The first place where a page is not as its pattern. name: of the value there, "" for fixed wording and markup."""

    def __init__(self, name: str) -> None:
        super().__init__(name or "fixed wording")
        self.name = name


def match_page(pattern: Pattern, values: Mapping[str, Any], text: str) -> None:
    """Raises Difference where a page is not of a pattern. text: its canonical form. values: a value for each name of the pattern.

    The body first: what its readers see says more of a difference than what the head repeats of it."""
    for part, part_text in reversed(_parts(pattern, text)):
        end, name = _Page(part_text, dict(values)).follow(part, 0, "")
        if end < len(part_text):
            raise Difference(name)


def _parts(pattern: Pattern, text: str) -> list[tuple[Pattern, str]]:
    """What comes before the body of a page, and the rest, each with its pattern; in one if the pattern has no body."""
    place = next((at for at, piece in enumerate(pattern) if isinstance(piece, str) and _BODY in piece), None)
    if place is None:
        return [(pattern, text)]
    before, _, after = pattern[place].partition(_BODY)
    head, mark, body = text.partition(_BODY)
    return [([*pattern[:place], before], head), ([_BODY + after, *pattern[place + 1 :]], mark + body)]


class _Page:
    """A page that is being read. Each method takes the place that was reached and the value that stood before it, and returns both."""

    def __init__(self, text: str, values: dict[str, Any]) -> None:
        self.text = text
        self.values = values

    def follow(self, pattern: Pattern, at: int, last: str) -> tuple[int, str]:
        for piece in pattern:
            match piece:
                case str():
                    at, last = self._fixed(piece, at, last), ""
                case [str(name)]:
                    at, last = self._value(name, self._named(name), at), name
                case ["if", name, then, otherwise]:
                    at, last = self._choice(name, then, otherwise, at, last)
                case ["for", row, name, body]:
                    at, last = self._rows(row, name, body, at, last)
        return at, last

    def _fixed(self, piece: str, at: int, last: str) -> int:
        # Of two spaces with nothing between them there is one on the page.
        if piece.startswith(" ") and self.text[at - 1 : at] == " " and not self.text.startswith(piece, at):
            piece = piece[1:]
        if not self.text.startswith(piece, at):
            # A value that goes on differs at once; what comes later is none of it.
            raise Difference("" if self.text.startswith(piece[0], at) else last)
        return at + len(piece)

    def _value(self, name: str, value: Any, at: int) -> int:
        if isinstance(value, Maybe):
            value = value.value
        if isinstance(value, re.Pattern):
            found = value.match(self.text, at)
            if found is None:
                raise Difference(name)
            return found.end()
        if isinstance(value, Markdown):
            end = self.text.find("</div>", at)
            if end < 0 or not markdown_agrees(self.text[at:end], value.source):
                raise Difference(name)
            return end
        shown = fold(escape(value, quote=self._is_in_tag(at)))
        if not self.text.startswith(shown, at):
            raise Difference(name)
        return at + len(shown)

    def _is_in_tag(self, at: int) -> bool:
        """Whether a place lies within a tag, where quotes are escaped too."""
        return self.text.rfind("<", 0, at) > self.text.rfind(">", 0, at)

    def _choice(self, name: str, then: Pattern, otherwise: Pattern, at: int, last: str) -> tuple[int, str]:
        value = self._named(name)
        if not isinstance(value, Maybe):
            return self.follow(then if value else otherwise, at, last)
        # What is nothing is there in any case.
        first, second = (then, otherwise) if then else (otherwise, then)
        try:
            return self.follow(first, at, last)
        except Difference:
            return self.follow(second, at, last)

    def _rows(self, row: str, name: str, body: Pattern, at: int, last: str) -> tuple[int, str]:
        value = self._named(name)
        for values in [value.values] * value.most if isinstance(value, Rows) else value:
            self.values[row] = values
            try:
                at, last = self.follow(body, at, last)
            except Difference:
                if isinstance(value, Rows):
                    break
                raise
        return at, last

    def _named(self, name: str) -> Any:
        value: Any = self.values
        for part in name.split("."):
            value = value[part]
        return value
