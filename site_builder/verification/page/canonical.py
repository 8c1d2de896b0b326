"""A page in the one form in which it is compared: as every browser reads it, attributes in the order of their names, white space folded.

browser/src/verification/page/canonical.js makes the same text of the live document."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape

from site_builder.errors import Error

__all__ = ["VOID", "CanonicalError", "canonical_page", "fold"]

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class CanonicalError(Error):
    """HTML that is not of the part that the templates write, on which every parser agrees. The text is where that begins."""


_REFERENCE = r"&(?:amp|lt|gt|quot|nbsp|\#34|\#39|\#x27);"
# Each part begins where no other can, and runs of plain letters are read at once, which takes half the time of letter by letter.
_ATTRIBUTE = re.compile(rf"[ \n]+([a-z][a-z0-9:-]*)(?:=\"([^\"&<\0]*(?:{_REFERENCE}[^\"&<\0]*)*)\")?")
_PIECE = re.compile(
    rf"(?P<text>(?:[^<&\0]+|{_REFERENCE})+)"
    rf"|<(?P<start>[a-z][a-z0-9]*)(?P<attributes>(?:{_ATTRIBUTE.pattern})*)[ \n]*>"
    r"|</(?P<end>[a-z][a-z0-9]*)>"
)
_DOCTYPE = "<!doctype html>"
# HTML's white space, and no other: a space that does not break is seen. Source: HTML Living Standard, 2.4 (ASCII whitespace).
_SPACE = re.compile("[\t\n\f\r ]+")
# Far beyond what templates write: a stranger's page of five megabytes would be read for days.
_MAX_LETTERS = 1_048_576
_MAX_DEPTH = 64
_ONCE = {"html", "head", "body", "main"}
_PHRASING = {"a", "bdi", "br", "code", "em", "img", "span", "strong"}
_PHRASING_ONLY = {"p", "pre", "h1", "h2", "h3", "h4", "h5", "h6", *_PHRASING}


def fold(text: str) -> str:
    """Text with each run of white space as one space."""
    return _SPACE.sub(" ", text)


def canonical_page(html: str) -> str:
    """The canonical form of a page, from its <html>. Raises CanonicalError for what browsers could read otherwise than it is written."""
    if len(html) > _MAX_LETTERS or html[: len(_DOCTYPE)].lower() != _DOCTYPE:
        raise CanonicalError("its beginning")
    reader = _Reader()
    reader.read(html, len(_DOCTYPE))
    return fold("".join(reader.parts)).strip(" ")


@lru_cache(maxsize=4096)
def _sorted_attributes(written: str) -> str | None:
    """Attributes in their canonical form; None where one is there twice. The same ones stand on every page."""
    attributes = _ATTRIBUTE.findall(written)
    values = {name: escape(unescape(value)) for name, value in attributes}
    return "".join(f' {name}="{values[name]}"' for name in sorted(values)) if len(values) == len(attributes) else None


class _Reader:
    """Reads a page as a browser would, or refuses it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.open: list[str] = []
        self.seen: set[str] = set()

    def read(self, html: str, offset: int) -> None:
        match, size = _PIECE.match, len(html)
        while offset < size:
            piece = match(html, offset)
            if piece is None or len(self.open) > _MAX_DEPTH:
                raise CanonicalError(html[offset : offset + 40])
            offset = piece.end()
            text, start, attributes, end = piece.group("text", "start", "attributes", "end")
            if text:
                self._text(text)
            elif start:
                self._start(start, attributes)
            else:
                self._end(end)
        if self.open:
            raise CanonicalError(f"<{self.open[-1]}>")

    def _start(self, tag: str, written: str) -> None:
        attributes = _sorted_attributes(written)
        if attributes is None or self._is_misplaced(tag):
            raise CanonicalError(f"<{tag}>")
        self.seen.add(tag)
        self.parts.append(f"<{tag}{attributes}>")
        if tag not in VOID:
            self.open.append(tag)

    def _end(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise CanonicalError(f"</{tag}>")
        self.parts.append(f"</{tag}>")

    def _text(self, text: str) -> None:
        if self.open and self.open[-1] == "script":
            raise CanonicalError("<script>")
        # Most text is what it says.
        is_plain = "&" not in text and ">" not in text
        self.parts.append(text if is_plain else escape(unescape(text), quote=False))

    def _is_misplaced(self, tag: str) -> bool:
        """Whether a browser would close, move or merge something here, so that it would see another tree than is written.

        Source: HTML Living Standard, 13.2.6.4 (the rules for parsing tokens in HTML content)."""
        inner = self.open[-1] if self.open else ""
        if tag in _ONCE and tag in self.seen:
            return True
        return (
            inner in ("title", "script")
            or (tag not in _PHRASING and any(outer in _PHRASING_ONLY for outer in self.open))
            or (tag == "a" and "a" in self.open)
            or (tag in ("dd", "dt") and inner not in ("dl", "div"))
            or (tag == "li" and inner not in ("ul", "ol"))
        )
