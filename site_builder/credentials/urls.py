"""Every address that a signature contains, below the site's base. They are kept alive for ever."""

from __future__ import annotations

__all__ = ["PATHS", "PICTURE_DIGEST", "credential_file", "result_url", "signed_path", "signed_url"]

_RESULT = "#result-"
# The digest in the name of a published picture, as a regular expression: its first 32 hex digits, or 8 in older sites.
PICTURE_DIGEST = "(?:[0-9a-f]{32}|[0-9a-f]{8})"

PATHS = {
    "credential": "c/{id}/{file}",
    "page": "c/{id}/",
    "achievement": "badges/{badge}/achievement.json",
    "criteria": "badges/{badge}/",
    "achievement image": "badges/{badge}/image-{digest}.png",
    "result description": "badges/{badge}/achievement.json" + _RESULT + "{key}",
    "issuer": "issuers/{issuer}/",
    "issuer image": "issuers/{issuer}/logo-{digest}.png",
    "status list": "issuers/{issuer}/status/{number}.json",
}


def credential_file(number: int) -> str:
    """File name of a version: ``credential.json``, ``credential-2.json`` …"""
    return "credential.json" if number == 1 else f"credential-{number}.json"


def signed_path(kind: str, **parts: str) -> str:
    """Path of a published thing below the base, e.g. ``badges/first-aid/image-0a1b2c3d.png``."""
    return PATHS[kind].format(**parts)


def signed_url(base: str, kind: str, **parts: str) -> str:
    """Address of a published thing. base: https, with a trailing slash."""
    return base + signed_path(kind, **parts)


def result_url(achievement_url: str, key: str) -> str:
    """Address of a result description: a fragment of its achievement's address."""
    return f"{achievement_url}{_RESULT}{key}"
