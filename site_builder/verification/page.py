"""The page against the JSON: what a credential page states must be what was signed, each statement once, and nothing besides.

A page is read into plain data first (here from HTML, in the browser from the document), then compared by rules that both share."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from importlib import resources
from typing import Any, NamedTuple

from site_builder.credentials.jcs import canonicalize_jcs
from site_builder.credentials.rosette import rosette_digest, rosette_words
from site_builder.records.markdown import comparable_markdown, comparable_text

__all__ = ["PageClaim", "PageImage", "StatementPage", "compare_page", "format_date", "read_page", "visible_text"]

_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]
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


def format_date(stamp: str) -> str:
    """The date part of a dateTimeStamp as pages print it, e.g. ``14 May 2026``; never converted to another zone."""
    year, month, day = stamp[:10].split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")


def visible_text(value: Any) -> str:
    """A JSON value as a page prints it: text as it is, numbers in their canonical form."""
    return value if isinstance(value, str) else canonicalize_jcs(value).decode("utf-8")


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
        place = len("<!doctype html>") if html[:15].lower() == "<!doctype html>" else 0
        while place < len(html):
            piece = _PIECE.match(html, place)
            if piece is None:
                return self._refuse(html[place : place + 20])
            place = piece.end()
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
    """What the HTML of a credential page states in its <main>."""
    reader = _Reader(address)
    reader.read(html.removeprefix("\ufeff"))
    return reader.page


@lru_cache
def _markup(kind: str) -> frozenset[str]:
    """What the statement of a page is written with: elements, attributes, and the classes that hide."""
    lists = json.loads(resources.files(__package__).joinpath("markup.json").read_text("utf-8"))
    return frozenset(lists[kind])


def compare_page(page: StatementPage, credential: dict[str, Any]) -> str:
    """Where the page differs from the credential, in words; "" when it states exactly what was signed."""
    if not page.has_main:
        return "it has no statement"
    if page.address and not str(credential.get("id")).endswith("/" + page.address):
        return "it lies at another address than its credential"
    expected = _expected(credential, tombstone=page.is_tombstone)
    stated = [claim.pointer for claim in page.claims]
    for pointer, (written_as, value) in expected.items():
        if stated.count(pointer) != 1:
            return f"it states {_named(pointer)} {'more than once' if stated.count(pointer) else 'nowhere'}"
        claim = page.claims[stated.index(pointer)]
        if claim.written_as != written_as or not _agrees(claim, value):
            return f"{_named(pointer)} is another"
    for pointer in stated:
        if pointer not in expected:
            return f"it states {_named(pointer)}, which was not signed"
    if not all(_is_signed_image(image, page, credential) for image in page.images):
        return "it shows another picture"
    return "it says more than was signed" if page.stray else ""


def _named(pointer: str) -> str:
    """A place in the credential for people; the whole of it is stated by its words."""
    return pointer or "the row of four words"


def _is_signed_image(image: PageImage, page: StatementPage, credential: dict[str, Any]) -> bool:
    """The signed picture, from this site or its copy, the QR code or the rosette; the words in its place are the signed ones or none."""
    if image.src in ("qr.svg", "rosette.svg"):
        return image.alt == ""
    signed = credential["credentialSubject"]["achievement"].get("image")
    if not isinstance(signed, dict) or not image.src.startswith("../../"):
        return False
    base = str(credential.get("id")).removesuffix(page.address)
    return signed.get("id") == base + image.src.removeprefix("../../") and image.alt in ("", signed.get("caption", ""))


@lru_cache(maxsize=1)
def _claims() -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = json.loads(resources.files(__package__).joinpath("claims.json").read_text("utf-8"))
    return claims


def _expected(credential: dict[str, Any], *, tombstone: bool) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    for claim in _claims():
        if not claim.get("tombstone") and tombstone:
            continue
        if claim["as"] == "words":
            found[claim["pointer"]] = ("words", " ".join(rosette_words(rosette_digest(credential))))
        else:
            for pointer, value in _look_up(credential, claim["pointer"].split("/")[1:], ""):
                found[pointer] = (claim["as"], value)
    return found


def _look_up(value: Any, steps: list[str], pointer: str) -> list[tuple[str, Any]]:
    """(pointer, value) of every place that a pointer with * for any index leads to."""
    if not steps:
        return [(pointer, value)] if isinstance(value, str | int | float) else []
    step, *rest = steps
    if step == "*" and isinstance(value, list):
        return [found for index, inner in enumerate(value) for found in _look_up(inner, rest, f"{pointer}/{index}")]
    if step.isdigit() and isinstance(value, list):
        return _look_up(value[int(step)], rest, f"{pointer}/{step}") if int(step) < len(value) else []
    return _look_up(value[step], rest, f"{pointer}/{step}") if isinstance(value, dict) and step in value else []


def _agrees(claim: PageClaim, value: Any) -> bool:
    text = visible_text(value)
    if claim.written_as == "markdown":
        shown, links = comparable_markdown(text)
        return comparable_text(claim.text) == shown and claim.links == links
    if claim.written_as == "url":
        return _folded(claim.text) == _folded(text) and claim.links == [text]
    if claim.written_as == "link":
        # The words of the link are a statement of their own: the name of what it leads to.
        name = claim.pointer.removesuffix("targetUrl") + "targetName"
        return not _folded(claim.text) and claim.links == [text] and claim.wraps == [name]
    # A statement may be a link (the issuer's name to its site is not one): text claims carry none.
    if claim.written_as == "date":
        # A page cannot print what is not a date, so nothing that it prints agrees.
        return _DATE.match(text) is not None and _folded(claim.text) == format_date(text) and not claim.links
    return _folded(claim.text) == _folded(text) and not claim.links


def _folded(text: str) -> str:
    return " ".join(text.split())
