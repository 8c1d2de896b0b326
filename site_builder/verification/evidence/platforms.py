"""Platforms whose pages hold no credential that can be read: where each keeps the file. A new one is a row here and a sentence.

The sentences are the group "platform" of wording/en.json. browser/src/verification/evidence/platforms.js has the same rows."""

from __future__ import annotations

import re

from site_builder.verification.report import sentence

__all__ = ["told_platform", "with_scheme"]

_PLATFORMS = (
    ("credly", re.compile(r"https://(?:[a-z0-9-]+\.)*credly\.com(?:[/?]|\Z)", re.IGNORECASE)),
    (
        "accredible",
        re.compile(r"https://(?:[a-z0-9-]+\.)*(?:accredible\.com|credential\.net)(?:[/?]|\Z)", re.IGNORECASE),
    ),
    ("linkedin", re.compile(r"https://(?:[a-z0-9-]+\.)*linkedin\.com(?:[/?]|\Z)", re.IGNORECASE)),
    # Of any host. Source: moodle/moodle, badges/badge.php.
    ("moodle", re.compile(r"https://[^/?]+/(?:[^?]*/)?badges/badge\.php\?", re.IGNORECASE)),
)
# A host's name with a dot, and a path.
_WITHOUT_SCHEME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*", re.IGNORECASE | re.ASCII)


def told_platform(address: str) -> str:
    """Where the platform of an address keeps the file, as a sentence; "" for any other address."""
    name = next((name for name, pattern in _PLATFORMS if pattern.match(address)), "")
    return sentence("platform", name) if name else ""


def with_scheme(text: str) -> str:
    """An address as people copy it, credly.com/badges/…, with https; everything else as it is."""
    return f"https://{text}" if _WITHOUT_SCHEME.fullmatch(text) else text
