"""A credential page as plain data: what it states in its <main>, read from HTML as every browser reads it.

The browser reads the same from the document; compare.py holds either against the signed JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from importlib import resources
from typing import NamedTuple

__all__ = ["PageClaim", "PageImage", "StatementPage", "read_page"]

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class PageClaim:
    """One statement of a page: the JSON Pointer it stands for, how it is written, its text and the targets of its links.

    wraps: the pointers of the statements inside of it, whose text is theirs alone."""

    pointer: str
    written_as: str
    text: str = ""
    links: list[str] = field(default_factory=list)
    wraps: list[str] = field(default_factory=list)


@dataclass
class PageImage:
    """A picture in a page's statement: where it lies, and the words in its place."""

    src: str
    alt: str = ""


@dataclass
class StatementPage:
    """What a credential page states.

    address: path of its credential below the site's root, e.g. ``c/<id>/credential.json``, "" when unknown.
    stray: text in <main> that is neither a claim nor a fixed word of the layout, and markup that no such page has."""

    address: str = ""
    has_main: bool = False
    is_tombstone: bool = False
    claims: list[PageClaim] = field(default_factory=list)
    images: list[PageImage] = field(default_factory=list)
    stray: str = ""


_REFERENCE = r"&(?:amp|lt|gt|quot|nbsp|\#34|\#39|\#x27);"
_ATTRIBUTE = rf"[ \n]+([a-z][a-z0-9:-]*)(?:=\"((?:[^\"&<\0]|{_REFERENCE})*)\")?"
# The part of HTML that templates write, on which every parser agrees. Nothing else is read.
_PIECE = re.compile(
    rf"(?P<text>(?:[^<&\0]|{_REFERENCE})+)"
    rf"|<(?P<start>[a-z][a-z0-9]*)(?P<attributes>(?:{_ATTRIBUTE})*)[ \n]*>"
    r"|</(?P<end>[a-z][a-z0-9]*)>"
)
# Where a page leads besides what was signed: to the web, or to a file beside it and a place in that. Fixed wording also leads
# to the issuer's office.
_LINK = re.compile(r"https://[!-~]+|(?!//)[a-z0-9._/-]*(?:#[a-z0-9-]+)?")
_OFFICE = re.compile(r"mailto:[!-~]+")
# Far beyond what templates write: a stranger's page of five megabytes would be read for days.
_MAX_LETTERS = 1_048_576
_MAX_DEPTH = 64
_AROUND = {"html", "head", "meta", "title", "link", "script", "body", "header", "nav", "footer"}
_ONCE = {"html", "head", "body", "main"}
_PHRASING = {"a", "bdi", "br", "code", "em", "img", "span", "strong"}
_PHRASING_ONLY = {"p", "pre", "h1", "h2", "h3", "h4", "h5", "h6", *_PHRASING}


class _Open(NamedTuple):
    """An open element: the claim that it belongs to, whether it is fixed wording, and whether readers see it."""

    tag: str
    claim: PageClaim | None = None
    is_fixed: bool = False
    is_hidden: bool = False


class _Reader:
    """Reads a page as a browser would, or puts what it will not read among the stray."""

    def __init__(self, address: str) -> None:
        self.page = StatementPage(address=address)
        self.open: list[_Open] = []
        self.seen: set[str] = set()

    def read(self, html: str) -> None:
        offset = len("<!doctype html>") if html[:15].lower() == "<!doctype html>" else 0
        while offset < len(html):
            piece = _PIECE.match(html, offset)
            if piece is None:
                return self._refuse(html[offset : offset + 20])
            offset = piece.end()
            if len(self.open) > _MAX_DEPTH:
                return self._refuse("depth")
            if piece["start"]:
                self._start(piece["start"], re.findall(_ATTRIBUTE, piece["attributes"]))
            elif piece["end"]:
                self._end(piece["end"])
            else:
                self._text(unescape(piece["text"]))
        if self.open:
            self._refuse(self.open[-1].tag)

    def _refuse(self, what: str) -> None:
        self.page.stray += f"{what} "

    def _start(self, tag: str, attributes: list[tuple[str, str]]) -> None:
        values = {name: unescape(value) for name, value in attributes}
        outer = self.open[-1] if self.open else _Open("")
        if len(values) < len(attributes) or self._is_misplaced(tag) or not self._is_known(tag, values):
            self._refuse(f"<{tag}>")
        self.seen.add(tag)
        hiding = tag == "details" or "hidden" in values or set(values.get("class", "").split()) & _markup("hiding")
        claim, is_hidden = outer.claim, outer.is_hidden or bool(hiding)
        if tag == "main":
            self.page.has_main, self.page.is_tombstone = True, "data-tombstone" in values
        if "data-claim" in values and not is_hidden and self._is_in_main():
            if claim is not None:
                claim.wraps.append(values["data-claim"])
            claim = PageClaim(values["data-claim"], values.get("data-as", "text"))
            self.page.claims.append(claim)
        is_fixed = outer.is_fixed or "data-fixed" in values
        if claim is not None and "href" in values:
            claim.links.append(values["href"])
        elif (tag == "main" or self._is_in_main()) and not _is_plain_link(values.get("href", ""), is_fixed=is_fixed):
            self._refuse(f"<{tag}>")
        if tag == "img" and self._is_in_main():
            self.page.images.append(PageImage(values.get("src", ""), values.get("alt", "")))
        if tag not in _VOID:
            self.open.append(_Open(tag, claim, is_fixed, is_hidden))

    def _end(self, tag: str) -> None:
        if not self.open or self.open.pop().tag != tag:
            self._refuse(f"</{tag}>")

    def _text(self, text: str) -> None:
        if self.open and self.open[-1].tag == "script":
            self._refuse("script")
        if not self._is_in_main():
            return
        _, claim, is_fixed, _ = self.open[-1]
        if claim is not None:
            claim.text += text
        elif not is_fixed and text.strip():
            self._refuse(text.strip())

    def _is_in_main(self) -> bool:
        return any(outer.tag == "main" for outer in self.open)

    def _is_known(self, tag: str, values: dict[str, str]) -> bool:
        if self._is_in_main() or tag == "main":
            return tag in _markup("elements") and set(values) <= _markup("attributes")
        if tag == "meta":
            # No other encoding than the one that is read here, and no leaving for another page.
            policy = values.get("http-equiv", "Content-Security-Policy")
            return values.get("charset", "utf-8") == "utf-8" and policy == "Content-Security-Policy"
        return tag in _AROUND or tag in _markup("elements")

    def _is_misplaced(self, tag: str) -> bool:
        """Whether a browser would close, move or merge something here, so that it would see another tree than is written.

        Source: HTML Living Standard, 13.2.6.4 (the rules for parsing tokens in HTML content)."""
        around = [outer.tag for outer in self.open]
        inner = around[-1] if around else ""
        if tag in _ONCE and (tag in self.seen or "main" in self.seen):
            return True
        if tag == "main":
            return around != (["html", "body"] if "body" in self.seen else [])
        return (
            inner in ("title", "script")
            or (tag not in _PHRASING and not _PHRASING_ONLY.isdisjoint(around))
            or (tag == "a" and "a" in around)
            or (tag in ("dd", "dt") and not {"dd", "dt"}.isdisjoint(around))
            or (tag == "li" and inner not in ("ul", "ol"))
        )


def _is_plain_link(href: str, *, is_fixed: bool) -> bool:
    return _LINK.fullmatch(href) is not None or (is_fixed and _OFFICE.fullmatch(href) is not None)


def read_page(html: str, *, address: str = "") -> StatementPage:
    """What the HTML of a credential page states in its <main>; of one beyond a megabyte nothing."""
    if len(html) > _MAX_LETTERS:
        return StatementPage(address=address)
    reader = _Reader(address)
    reader.read(html.removeprefix("\ufeff"))
    return reader.page


@lru_cache
def _markup(kind: str) -> frozenset[str]:
    """What the statement of a page is written with: elements, attributes, and the classes that hide."""
    lists = json.loads(resources.files(__package__).joinpath("markup.json").read_text("utf-8"))
    return frozenset(lists[kind])
