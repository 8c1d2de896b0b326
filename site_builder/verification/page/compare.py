"""The page against the JSON: a credential page must be what its release prints of the signed JSON, and nothing besides.

browser/src/verification/page/compare.js does the same with the live page's body."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from site_builder.verification.evidence.source import FetchError
from site_builder.verification.page.canonical import CanonicalError, canonical_page
from site_builder.verification.page.expected import PageFacts, erased_values, expected_values
from site_builder.verification.page.pattern import Difference, match_page
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.page.release import Release, find_release
from site_builder.verification.page.statement import PageError
from site_builder.verification.report import sentence

__all__ = ["UNKNOWN_RELEASE", "compare_erased_page", "compare_page"]

UNKNOWN_RELEASE = "unknown_release"
_LOADED = re.compile(r'(?:href|src)="\.\./\.\./((?:assets/|issuers/)[a-z0-9./-]+\.(?:css|js|svg|woff2))"')
# What site/parts/accent.py writes: four colours, and nothing else.
_COLOUR = "#[0-9a-f]{6}"
_ACCENT = re.compile(
    rf":root \{{ --accent: {_COLOUR}; --accent-text: {_COLOUR}; \}}\n"
    rf"@media screen and \(prefers-color-scheme: dark\) \{{ :root \{{ --accent: {_COLOUR}; --accent-text: {_COLOUR}; \}} \}}\n"
)


def compare_page(page: StatementPage, document: dict[str, Any], *, multibase: str = "") -> str:
    """Where the page differs from the credential, in words; "" when it is as its release prints it.

    UNKNOWN_RELEASE for a page of a release that is not known here, of which nothing is said. multibase: the key that signed, or ""."""
    release = find_release(page.release)
    if release is None:
        return UNKNOWN_RELEASE if page.html else _altered("missing")
    try:
        facts = PageFacts(document, multibase=multibase)
        if page.address not in ("", facts.path + facts.file):
            return _altered("address")
        text = canonical_page(page.html)
        kind = "tombstone" if page.is_tombstone else "statement"
        match_page(release.pages[kind], expected_values(facts, release, text, is_withdrawn=page.is_tombstone), text)
    except CanonicalError:
        return _altered("html")
    except PageError:
        return _altered("unprintable")
    except Difference as difference:
        return _altered(difference.name)
    return _wrong_file(page, release, text)


def compare_erased_page(page: StatementPage, *, base: str, path: str) -> str:
    """Where the page of an erased credential is not what its release prints of one; as compare_page. path: of the page below base."""
    release = find_release(page.release)
    if release is None:
        return UNKNOWN_RELEASE if page.html else _altered("missing")
    try:
        text = canonical_page(page.html)
        match_page(release.pages["erased"], erased_values(base, path, release, text), text)
    except CanonicalError:
        return _altered("html")
    except Difference as difference:
        return _altered(difference.name)
    return _wrong_file(page, release, text)


def _altered(name: str) -> str:
    """What is said of the place where a page differs: of a value, else of its row or part, else of all the rest."""
    for key in (name, name.partition(".")[0]):
        try:
            return sentence("altered", key)
        except KeyError:
            continue
    return sentence("altered", "fixed")


def _wrong_file(page: StatementPage, release: Release, text: str) -> str:
    """What is said of a style sheet, script, font or mark that is not its release's; "" when all are, or none can be asked for."""
    ask = page.ask
    if ask is None:
        return ""
    accents = [path for path in _LOADED.findall(text) if path.startswith("issuers/")]
    for path in [*release.assets, *accents]:
        try:
            raw = ask(path)
        except FetchError:
            return sentence("altered", "file", file=path)
        is_right = (
            _ACCENT.fullmatch(raw.decode("latin-1"))
            if path in accents
            else hashlib.sha256(raw).hexdigest() == release.assets[path]
        )
        if not is_right:
            return sentence("altered", "file", file=path)
    return ""
