"""The page against the JSON: a credential page must be what its release prints of the signed JSON, and nothing besides.

browser/src/verification/page/compare.js does the same with the live page's body."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from site_builder.credentials.identifiers.did_web import office_of
from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.page.accent import is_accent
from site_builder.verification.page.canonical import CanonicalError, canonical_page
from site_builder.verification.page.expected import PageFacts, erased_values, expected_values
from site_builder.verification.page.learned import Accepted
from site_builder.verification.page.pattern import Difference, match_page
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.page.release import Release, find_release
from site_builder.verification.page.statement import PageError
from site_builder.verification.report import sentence

__all__ = ["UNKNOWN_RELEASE", "compare_erased_page", "compare_page"]

UNKNOWN_RELEASE = "unknown_release"
_ACCENT_LINK = re.compile(r'href="\.\./\.\./(issuers/[a-z0-9-]+/accent\.css)"')
_ISSUER_LINK = re.compile(r'<a href="\.\./\.\./(issuers/[a-z0-9-]+/)">')


def compare_page(page: StatementPage, document: dict[str, Any], *, multibase: str = "", office: str = "") -> str:
    """Where the page differs from the credential, in words; "" when it is as its release prints it.

    UNKNOWN_RELEASE for a page of a release that is not known here, of which nothing is said. multibase: the key that signed, or "".
    office: the mailto address that the issuer's DID document names, or ""."""
    facts = (multibase, office)
    known = page.learned.find(page.html, page.address, document, facts, page.digest_of) if page.learned else None
    if known is None:
        if find_release(page.release) is None:
            return UNKNOWN_RELEASE if page.html else _altered("missing")
        try:
            known = _in_full(page, document, *facts)
        except CanonicalError:
            return _altered("html")
        except PageError:
            return _altered("unprintable")
        except Difference as difference:
            return _altered(difference.name)
        if page.learned and not page.is_tombstone:
            page.learned.learn(
                page.html,
                page.address,
                document,
                facts,
                known,
                lambda html, address, other: _in_full(StatementPage(html, address), other, *facts),
            )
    if page.learned:
        page.learned.releases[page.address] = known.release.digest
    return _wrong_file(page, known)


def _in_full(page: StatementPage, document: dict[str, Any], multibase: str, office: str) -> Accepted:
    """What is known of a page that is as its release prints it. Raises CanonicalError, PageError, Difference."""
    release = find_release(page.release)
    facts = PageFacts(document, multibase=multibase, office=office)
    if release is None or page.address not in ("", facts.path + facts.file):
        raise Difference("address")
    text = canonical_page(page.html)
    kind = "tombstone" if page.is_tombstone else "statement"
    match_page(release.pages[kind], expected_values(facts, release, text, is_withdrawn=page.is_tombstone), text)
    return Accepted(release, _accent_of(text))


def compare_erased_page(page: StatementPage, *, base: str, path: str) -> str:
    """Where the page of an erased credential is not what its release prints of one; as compare_page. path: of the page below base."""
    release = find_release(page.release)
    if release is None:
        return UNKNOWN_RELEASE if page.html else _altered("missing")
    try:
        text = canonical_page(page.html)
        office = _office_beside(page, text)
        match_page(release.pages["erased"], erased_values(base, path, release, text, office=office), text)
    except CanonicalError:
        return _altered("html")
    except Difference as difference:
        return _altered(difference.name)
    return _wrong_file(page, Accepted(release, _accent_of(text)))


def _office_beside(page: StatementPage, text: str) -> str:
    """The mailto address of the office of the issuer that an erased credential's page links to; "" where its did.json names none."""
    found = _ISSUER_LINK.search(text)
    if page.ask is None or not found:
        return ""
    try:
        return office_of(parse_json(page.ask(f"{found[1]}did.json")))
    except (FetchError, EncodingError):
        return ""


def _altered(name: str) -> str:
    """What is said of the place where a page differs: of a value, else of its row or part, else of all the rest."""
    for key in (name, name.partition(".")[0]):
        try:
            return sentence("altered", key)
        except KeyError:
            continue
    return sentence("altered", "fixed")


def _accent_of(text: str) -> str:
    """The path of the style sheet of the issuer's colour that a page loads; "" for none."""
    found = _ACCENT_LINK.search(text)
    return found[1] if found else ""


def _wrong_file(page: StatementPage, known: Accepted) -> str:
    """What is said of a style sheet, script, font or mark that is not its release's; "" when all are, or none can be asked for."""
    if page.ask is None:
        return ""
    wrong = _wrong_asset(page.ask, known.release) or (known.accent and _wrong_accent(page.ask, known.accent))
    return sentence("altered", "file", file=wrong) if wrong else ""


# For all pages of a site once.
@lru_cache(maxsize=8)
def _wrong_asset(ask: Callable[[str], bytes], release: Release) -> str:
    """The path of a file of the release that is missing or another; "" when there is none."""
    return next((path for path, digest in release.assets.items() if _digest(ask, path) != digest), "")


def _digest(ask: Callable[[str], bytes], path: str) -> str:
    try:
        return hashlib.sha256(ask(path)).hexdigest()
    except FetchError:
        return ""


# As above.
@lru_cache(maxsize=64)
def _wrong_accent(ask: Callable[[str], bytes], path: str) -> str:
    """The path of the style sheet of an issuer's colour, if it does more than set that, or hides words; "" when it does not."""
    try:
        return "" if is_accent(ask(path)) else path
    except FetchError:
        return path
