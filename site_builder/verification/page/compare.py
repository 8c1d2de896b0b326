"""The page against the JSON: what a credential page states must be what was signed, each statement once, and nothing besides.

claims.json lists what a page may state; the browser shares it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources
from typing import Any

from site_builder.credentials.rosette.drawing import rosette_digest, rosette_words
from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.records.fields.markdown import comparable_markdown, comparable_text
from site_builder.verification.page.reader import PageClaim, PageImage, StatementPage
from site_builder.wording import format_date

__all__ = ["compare_page", "visible_text"]

_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")


def visible_text(value: Any) -> str:
    """A JSON value as a page prints it: text as it is, numbers in their canonical form."""
    return value if isinstance(value, str) else canonicalize_jcs(value).decode("utf-8")


def compare_page(page: StatementPage, credential: dict[str, Any]) -> str:
    """Where the page differs from the credential, in words; "" when it states exactly what was signed."""
    if not page.has_main:
        return "it has no statement"
    if page.address and not str(credential.get("id")).endswith("/" + page.address):
        return "its address is not that of its credential"
    expected = _expected(credential, tombstone=page.is_tombstone)
    stated = [claim.pointer for claim in page.claims]
    for pointer, (written_as, value, called) in expected.items():
        if pointer not in stated:
            return f"{called} is missing"
        if stated.count(pointer) > 1:
            return f"it states {called} more than once"
        claim = page.claims[stated.index(pointer)]
        if claim.written_as != written_as or not _agrees(claim, value):
            return f"{called} is not the one that was signed"
    for pointer in stated:
        if pointer not in expected:
            return f"it states {pointer or 'four words'}, which was not signed"
    if not all(_is_signed_image(image, page, credential) for image in page.images):
        return "a picture is not the one that was signed"
    return "it says more than was signed" if page.stray else ""


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


def _expected(credential: dict[str, Any], *, tombstone: bool) -> dict[str, tuple[str, Any, str]]:
    """How it is written, its value and what people call it, by pointer, of everything that a page must state."""
    found: dict[str, tuple[str, Any, str]] = {}
    for claim in _claims():
        called = claim["called"]
        if not claim.get("tombstone") and tombstone:
            continue
        if claim["as"] == "words":
            found[claim["pointer"]] = ("words", " ".join(rosette_words(rosette_digest(credential))), called)
        else:
            for pointer, value in _look_up(credential, claim["pointer"].split("/")[1:], ""):
                found[pointer] = (claim["as"], value, called)
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
