"""The page against the JSON: what a credential page states must be what was signed, each statement once, and nothing besides.

A page is read into plain data first (here from HTML, in the browser from the document), then compared by rules that both share."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from importlib import resources
from typing import Any

from site_builder.credentials.jcs import canonicalize_jcs
from site_builder.records.markdown import comparable_markdown, comparable_text

__all__ = ["PageClaim", "StatementPage", "compare_page", "format_date", "read_page", "visible_text"]

_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class PageClaim:
    """One statement of a page: the JSON Pointer it stands for, how it is written, its text and the targets of its links."""

    pointer: str
    written_as: str
    text: str = ""
    links: list[str] = field(default_factory=list)


@dataclass
class StatementPage:
    """What a credential page states.

    address: path of its credential below the site's root, e.g. ``c/<id>/credential.json``, "" when unknown.
    stray: text in <main> that is neither a claim nor a fixed word of the layout."""

    address: str = ""
    has_main: bool = False
    is_tombstone: bool = False
    claims: list[PageClaim] = field(default_factory=list)
    stray: str = ""


def format_date(stamp: str) -> str:
    """The date part of a dateTimeStamp as pages print it, e.g. ``14 May 2026``; never converted to another zone."""
    year, month, day = stamp[:10].split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")


def visible_text(value: Any) -> str:
    """A JSON value as a page prints it: text as it is, numbers in their canonical form."""
    return value if isinstance(value, str) else canonicalize_jcs(value).decode("utf-8")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = StatementPage()
        # Open elements inside of <main>: the claim each belongs to (or None), and whether it is fixed wording.
        self.open: list[tuple[str, PageClaim | None, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "main" and not self.open:
            self.page.has_main, self.page.is_tombstone = True, "data-tombstone" in values
            self.open.append((tag, None, False))
            return
        if not self.open:
            return
        _, claim, fixed = self.open[-1]
        if "data-claim" in values:
            claim = PageClaim(values["data-claim"], values.get("data-as", "text"))
            self.page.claims.append(claim)
        if claim is not None and "href" in values:
            claim.links.append(values["href"])
        if tag not in _VOID:
            self.open.append((tag, claim, fixed or "data-fixed" in values))

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.open:
            return
        _, claim, fixed = self.open[-1]
        if claim is not None:
            claim.text += data
        elif not fixed and data.strip():
            self.page.stray += data.strip() + " "


def read_page(html: str, *, address: str = "") -> StatementPage:
    """What the HTML of a credential page states in its <main>."""
    reader = _Reader()
    reader.page.address = address
    reader.feed(html)
    reader.close()
    return reader.page


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
            return f"it states {pointer} {'more than once' if stated.count(pointer) else 'nowhere'}"
        claim = page.claims[stated.index(pointer)]
        if claim.written_as != written_as or not _agrees(claim, value):
            return f"{pointer} is another"
    for pointer in stated:
        if pointer not in expected:
            return f"it states {pointer}, which was not signed"
    return "it says more than was signed" if page.stray else ""


@lru_cache(maxsize=1)
def _claims() -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = json.loads(resources.files(__package__).joinpath("claims.json").read_text("utf-8"))
    return claims


def _expected(credential: dict[str, Any], *, tombstone: bool) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    for claim in _claims():
        if claim.get("tombstone") or not tombstone:
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
    # A statement may be a link (the issuer's name to its site is not one): text claims carry none.
    if claim.written_as == "date":
        # A page cannot print what is not a date, so nothing that it prints agrees.
        return _DATE.match(text) is not None and _folded(claim.text) == format_date(text) and not claim.links
    return _folded(claim.text) == _folded(text) and not claim.links


def _folded(text: str) -> str:
    return " ".join(text.split())
